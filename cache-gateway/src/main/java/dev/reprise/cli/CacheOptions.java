package dev.reprise.cli;

import dev.reprise.engine.Pricing;
import dev.reprise.verify.OnnxVerifier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a cache is made of: the options that say it. */
final class CacheOptions {
  @Option(
      names = "--tiers",
      paramLabel = "NAMES",
      defaultValue = Tiers.DEFAULT,
      description =
          "memory, redis or both, and hnsw or milvus for questions by meaning: redis,milvus or"
              + " memory,redis,milvus. Without hnsw and milvus only equal requests are hits, and no"
              + " model is loaded. Default: ${DEFAULT-VALUE}.")
  private String tiers = Tiers.DEFAULT;

  @Option(
      names = "--milvus-uri",
      paramLabel = "URI",
      defaultValue = "http://127.0.0.1:19530",
      description = "Where Milvus is. Default: ${DEFAULT-VALUE}.")
  private String milvusUri = "";

  @Option(
      names = "--milvus-token",
      paramLabel = "TOKEN",
      defaultValue = "${env:MILVUS_TOKEN:-}",
      description =
          "How to sign in to Milvus (user:password). Default: the variable MILVUS_TOKEN, else"
              + " none.")
  private String milvusToken = "";

  @Option(
      names = "--matcher",
      paramLabel = "NAME",
      defaultValue = MatcherOption.DEFAULT,
      description =
          "What decides whether a near question is the same: "
              + MatcherOption.NAMES
              + ". Default: ${DEFAULT-VALUE} (verified:0.01).")
  private String matcher = MatcherOption.DEFAULT;

  @Mixin private VerifierOptions verifier = new VerifierOptions();

  CacheOptions() {}

  /** Returns whether questions are compared by meaning. */
  boolean isByMeaning() {
    return Tiers.parse(tiers).semantic() != Tiers.Semantic.NONE;
  }

  /**
   * Returns what was said.
   *
   * @param scope who shares the answers
   * @param redisUrl where Redis is; commands differ in where they look for it
   * @param pricing what calls cost
   * @throws InputException if an option cannot be used
   */
  CacheSettings settings(String scope, String redisUrl, Pricing pricing) {
    Tiers named = Tiers.parse(tiers);
    // Where nothing is compared by meaning, no verifier is loaded.
    String compared = named.semantic() == Tiers.Semantic.NONE ? "threshold:1" : matcher;
    return new CacheSettings(
        named,
        redisUrl,
        milvusUri,
        milvusToken,
        MatcherOption.parse(compared, () -> verifier.verifier(OnnxVerifier::load)),
        pricing,
        scope);
  }
}
