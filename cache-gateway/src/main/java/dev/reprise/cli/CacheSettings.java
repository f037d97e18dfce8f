package dev.reprise.cli;

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
   * Where the servers are, and what is this cache's there.
   *
   * @param redisUrl where Redis is, where it is one of the tiers
   * @param redisKeyPrefix what the keys there begin with
   * @param milvusUri where Milvus is, where it is one of the tiers
   * @param milvusToken how to sign in there, empty for not at all
   * @param milvusCollection the collection there
   * @param milvusDatabase the database there
   */
  record Servers(
      String redisUrl,
      String redisKeyPrefix,
      String milvusUri,
      String milvusToken,
      String milvusCollection,
      String milvusDatabase) {}

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
