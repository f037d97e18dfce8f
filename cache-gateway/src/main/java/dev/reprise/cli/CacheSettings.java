package dev.reprise.cli;

import dev.reprise.engine.Pricing;

/**
 * What the demo's cache is made of.
 *
 * @param tiers which tiers
 * @param redisUrl where Redis is, where it is one of them
 * @param milvusUri where Milvus is, where it is one of them
 * @param milvusToken how to sign in there, empty for not at all
 * @param matcher what decides about near questions
 * @param pricing what calls cost
 * @param scope who shares the answers; another scope begins with an empty cache
 */
record CacheSettings(
    Tiers tiers,
    String redisUrl,
    String milvusUri,
    String milvusToken,
    MatcherOption matcher,
    Pricing pricing,
    String scope) {

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
