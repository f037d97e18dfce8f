package dev.reprise.cli.cache;

import dev.reprise.cli.cache.CacheSettings.Redis;
import dev.reprise.cli.cache.CacheSettings.Servers;
import dev.reprise.cli.cache.CacheSettings.StateFiles;
import dev.reprise.cli.io.InputException;
import dev.reprise.engine.Coalescing;
import dev.reprise.engine.Pricing;
import dev.reprise.match.Verifier;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.verify.OnnxVerifier;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a cache is made of: the options that say it. */
public final class CacheOptions {
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
      names = "--redis-key-prefix",
      paramLabel = "PREFIX",
      defaultValue = RedisExactTier.DEFAULT_KEY_PREFIX,
      description =
          "The prefix of every key on Redis. Instances with the same prefix are one cache."
              + " Default: ${DEFAULT-VALUE}.")
  private String redisKeyPrefix = RedisExactTier.DEFAULT_KEY_PREFIX;

  @Option(
      names = "--coalesce-across-instances",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description =
          "With Redis: equal requests that reach several instances at the same time share one"
              + " upstream call. Default: ${DEFAULT-VALUE}.")
  private boolean coalesceAcrossInstances = true;

  @Option(
      names = "--learning-store",
      paramLabel = "FILE",
      defaultValue = "",
      description =
          "A file that keeps the matcher's learned state and reports of wrong hits over a"
              + " restart, for one gateway. Default: none; with Redis, the reports are kept there.")
  private String learningStore = "";

  @Option(
      names = "--pending-removals",
      paramLabel = "FILE",
      defaultValue = "",
      description =
          "A file that keeps removals over a restart that Redis has not yet carried out, for one"
              + " gateway. Default: none.")
  private String pendingRemovals = "";

  @Option(
      names = "--matcher",
      paramLabel = "NAME",
      defaultValue = MatcherOption.DEFAULT,
      description =
          "The matcher: " + MatcherOption.NAMES + ". Default: ${DEFAULT-VALUE} (verified:0.01).")
  private String matcher = MatcherOption.DEFAULT;

  @Mixin private MatcherSettings matcherSettings = new MatcherSettings();

  @Mixin private MilvusOptions milvus = new MilvusOptions();

  @Mixin private EmbedderOptions embedder = new EmbedderOptions();

  @Mixin private VerifierOptions verifier = new VerifierOptions();

  public CacheOptions() {}

  /** Returns whether questions are compared by meaning. */
  public boolean isByMeaning() {
    return Tiers.parse(tiers).semantic() != Tiers.Semantic.NONE;
  }

  /** Returns whether questions are compared by meaning, with the built-in embedder. */
  public boolean isByMiniLm() {
    return isByMeaning() && embedder.isBuiltIn();
  }

  /**
   * Returns what was said.
   *
   * @param scope who shares the answers
   * @param redisUrl where Redis is; commands differ in where they look for it
   * @param pricing what calls cost
   * @throws InputException if an option cannot be used
   */
  public CacheSettings settings(String scope, String redisUrl, Pricing pricing) {
    Tiers named = Tiers.parse(tiers);
    return new CacheSettings(
        named,
        new Servers(
            new Redis(
                redisUrl,
                redisKeyPrefix,
                coalesceAcrossInstances ? Coalescing.ACROSS_INSTANCES : Coalescing.IN_PROCESS),
            milvus.settings()),
        new StateFiles(learningStore, pendingRemovals, Optional.empty()),
        compared(named),
        embedder.embedder(System.getenv()),
        pricing,
        scope);
  }

  private MatcherOption compared(Tiers named) {
    Supplier<Verifier> loaded = () -> verifier.verifier(OnnxVerifier::load);
    if (named.semantic() == Tiers.Semantic.NONE) {
      // Where nothing is compared by meaning, no verifier is loaded.
      return MatcherOption.parse("threshold:1", loaded);
    }
    MatcherOption compared = MatcherOption.parse(matcher, loaded, matcherSettings);
    matcherSettings.checkUsedBy(List.of(compared));
    return compared;
  }
}
