package dev.reprise.cli;

import dev.reprise.engine.Coalescing;
import dev.reprise.engine.Pricing;

/**
 * What the demo's cache is made of.
 *
 * @param tiers which tiers
 * @param servers where they are
 * @param files what is kept over a restart
 * @param matcher what decides about near questions
 * @param pricing what calls cost
 * @param scope who shares the answers; another scope begins with an empty cache
 */
record CacheSettings(
    Tiers tiers,
    Servers servers,
    StateFiles files,
    MatcherOption matcher,
    Pricing pricing,
    String scope) {

  /**
   * The servers.
   *
   * @param redis used where it is one of the tiers
   * @param milvus used where it is one of the tiers
   */
  record Servers(Redis redis, Milvus milvus) {}

  /**
   * Where Redis is, and what is this cache's there.
   *
   * @param url where it is
   * @param keyPrefix what the keys there begin with
   * @param coalescing whose equal requests share one call
   */
  record Redis(String url, String keyPrefix, Coalescing coalescing) {}

  /**
   * Where Milvus is, and what is this cache's there.
   *
   * @param uri where it is
   * @param token how to sign in there, empty for not at all
   * @param collection the collection there
   * @param database the database there
   */
  record Milvus(String uri, String token, String collection, String database) {}

  /**
   * Files of this gateway's own.
   *
   * @param learning what was learnt, empty for nowhere
   * @param pendingRemovals removals that Redis owes, empty for nowhere
   */
  record StateFiles(String learning, String pendingRemovals) {}

  /** Opens a cache. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens the cache; what it does not have comes from {@code upstream}.
     *
     * @throws InputException if a server cannot be reached; the message says what to do
     */
    DemoCache open(CacheSettings settings, Upstream upstream);
  }
}
