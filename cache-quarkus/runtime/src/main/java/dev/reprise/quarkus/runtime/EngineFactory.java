package dev.reprise.quarkus.runtime;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.DataDirectory;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.milvus.MilvusStorage;
import dev.reprise.model.CacheException;
import dev.reprise.policy.CachePolicy;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticTier;
import dev.reprise.verify.OnnxVerifier;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes an engine builder of the configuration. A wrong value is reported with its key. */
final class EngineFactory {
  private static final String PREFIX = "quarkus.reprise.";
  private static final String REDIS_CLASS = "dev.reprise.redis.RedisExactTier";
  private static final String MILVUS_CLASS = "dev.reprise.milvus.MilvusSemanticTier";

  private static final Logger LOG = Logger.getLogger("dev.reprise.quarkus");

  private final RepriseConfig config;
  private final Optional<String> clientRedis;
  private final ClassLoader classLoader;
  private final Supplier<Embedder> embedders;

  /** What semantic matching needs, and what a platform may not be able to load. */
  private record Models(Embedder embedder, Matcher matcher) {}

  /**
   * @param clientRedis the Redis of the application's Redis client, if it has one
   */
  EngineFactory(RepriseConfig config, Optional<String> clientRedis, ClassLoader classLoader) {
    this(config, clientRedis, classLoader, MiniLmEmbedder::load);
  }

  EngineFactory(
      RepriseConfig config,
      Optional<String> clientRedis,
      ClassLoader classLoader,
      Supplier<Embedder> embedders) {
    this.config = config;
    this.clientRedis = clientRedis;
    this.classLoader = classLoader;
    this.embedders = embedders;
  }

  /**
   * Returns the builder. It matches exactly only where the platform cannot load the models.
   *
   * @throws ConfigurationException if a value is wrong, with its key
   */
  CacheEngine.Builder builder() {
    WrongAnswerBound bound = bound();
    CachePolicy policy = policy();
    checkDirectory();
    Optional<ExactTier> redis = config.dataDirectory().isPresent() ? Optional.empty() : redis();
    Optional<Models> models = models(bound);
    if (config.dataDirectory().isPresent()) {
      return onDirectory(config.dataDirectory().get(), models).policy(policy);
    }
    CacheEngine.Builder builder = CacheEngine.builder().policy(policy);
    if (redis.isPresent()) {
      builder.exactTiers(CaffeineExactTier.builder().build(), redis.get());
    } else {
      builder.exactTier(EmbeddedCache.exactTier());
    }
    models.ifPresent(
        loaded ->
            builder
                .semanticTier(
                    milvus(loaded.embedder())
                        .orElseGet(() -> EmbeddedCache.semanticTier(loaded.embedder())),
                    loaded.embedder())
                .matcher(loaded.matcher()));
    return builder;
  }

  private Optional<Models> models(WrongAnswerBound bound) {
    try {
      return Optional.of(new Models(embedders.get(), Matcher.verified(OnnxVerifier.load(), bound)));
    } catch (CacheException | LinkageError e) {
      LOG.warnf(
          e, "The cache cannot load its models here, and matches exactly only: %s", e.getMessage());
      return Optional.empty();
    }
  }

  private void checkDirectory() {
    boolean hasServers = config.redis().url().isPresent() || config.milvus().uri().isPresent();
    if (config.dataDirectory().isPresent() && hasServers) {
      String key = "data-directory";
      throw wrong(
          key,
          PREFIX + key + " is in place of Redis and Milvus; remove it, or redis.url and milvus.uri",
          null);
    }
  }

  private static CacheEngine.Builder onDirectory(Path directory, Optional<Models> models) {
    String key = "data-directory";
    try {
      DataDirectory data = DataDirectory.open(directory);
      CacheEngine.Builder builder = data.configure(CacheEngine.builder());
      models.ifPresent(
          loaded ->
              builder
                  .semanticTier(
                      data.semanticTier(
                          EmbeddedCache.semanticTier(loaded.embedder()), loaded.embedder()),
                      loaded.embedder())
                  .matcher(loaded.matcher()));
      return builder;
    } catch (CacheException e) {
      throw wrong(key, PREFIX + key + ": " + e.getMessage(), e);
    }
  }

  private CachePolicy policy() {
    return checked(
        "maximum-temperature",
        () ->
            CachePolicy.builder()
                .maximumTemperature(config.maximumTemperature())
                .whenTemperatureIsUnset(config.whenTemperatureIsUnset())
                .build());
  }

  private WrongAnswerBound bound() {
    OptionalDouble perLookup = config.matcher().wrongPerLookup();
    OptionalDouble perHit = config.matcher().wrongPerHit();
    if (perLookup.isPresent() && perHit.isPresent()) {
      throw wrong(
          "matcher.wrong-per-hit",
          PREFIX + "matcher.wrong-per-lookup and wrong-per-hit exclude each other; set one",
          null);
    }
    if (perHit.isPresent()) {
      return checked("matcher.wrong-per-hit", () -> WrongAnswerBound.perHit(perHit.getAsDouble()));
    }
    return checked(
        "matcher.wrong-per-lookup",
        () -> WrongAnswerBound.perLookup(perLookup.orElse(WrongAnswerBound.DEFAULT_RATE)));
  }

  private Optional<ExactTier> redis() {
    Optional<String> configured = config.redis().url();
    if (hasRedisTier()) {
      return configured.or(() -> clientRedis).map(url -> RedisTiers.of(url, config.redis()));
    }
    if (configured.isPresent()) {
      throw missing("redis.url", "dev.reprise:reprise-redis");
    }
    return Optional.empty();
  }

  private Optional<SemanticTier> milvus(Embedder embedder) {
    RepriseConfig.Milvus milvus = config.milvus();
    if (milvus.uri().isEmpty()) {
      return Optional.empty();
    }
    if (!isPresent(MILVUS_CLASS)) {
      throw missing("milvus.uri", "dev.reprise:reprise-milvus");
    }
    return Optional.of(MilvusTiers.of(milvus, embedder));
  }

  boolean hasRedisTier() {
    return isPresent(REDIS_CLASS);
  }

  private boolean isPresent(String className) {
    try {
      Class.forName(className, false, classLoader);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static ConfigurationException missing(String key, String artifact) {
    return wrong(
        key,
        PREFIX + key + " is set, but " + artifact + " is not on the class path; add the dependency",
        null);
  }

  /** Returns what {@code supplier} makes of the value of {@code key}. */
  static <T> T checked(String key, Supplier<T> supplier) {
    try {
      return supplier.get();
    } catch (IllegalArgumentException e) {
      throw wrong(key, PREFIX + key + ": " + e.getMessage(), e);
    }
  }

  private static ConfigurationException wrong(
      String key, String message, @Nullable Throwable cause) {
    return new ConfigurationException(message, cause, Set.of(PREFIX + key));
  }

  /** Apart, so that its classes are loaded only where the application has them. */
  private static final class RedisTiers {
    static ExactTier of(String url, RepriseConfig.Redis redis) {
      RedisExactTier.Builder builder = checked("redis.url", () -> RedisExactTier.builder(url));
      checked("redis.key-prefix", () -> builder.keyPrefix(redis.keyPrefix()));
      checked("redis.deadline", () -> builder.deadline(redis.deadline()));
      return checked("redis.url", builder::build);
    }
  }

  /** Apart, so that its classes are loaded only where the application has them. */
  private static final class MilvusTiers {
    static SemanticTier of(RepriseConfig.Milvus milvus, Embedder embedder) {
      MilvusSemanticTier.Builder builder =
          checked(
              "milvus.uri", () -> MilvusSemanticTier.builder(milvus.uri().orElseThrow(), embedder));
      milvus.token().ifPresent(token -> checked("milvus.token", () -> builder.token(token)));
      milvus
          .database()
          .ifPresent(database -> checked("milvus.database", () -> builder.database(database)));
      checked("milvus.collection", () -> builder.collection(milvus.collection()));
      milvus
          .previousCollection()
          .ifPresent(
              previous ->
                  checked(
                      "milvus.previous-collection", () -> builder.previousCollection(previous)));
      builder.storage(storage(milvus));
      builder.consistency(MilvusSemanticTier.Consistency.valueOf(milvus.consistency().name()));
      checked("milvus.deadline", () -> builder.deadline(milvus.deadline()));
      checked("milvus.write-deadline", () -> builder.writeDeadline(milvus.writeDeadline()));
      checked("milvus.connect-deadline", () -> builder.connectDeadline(milvus.connectDeadline()));
      return checked("milvus.previous-collection", builder::build);
    }

    private static MilvusStorage storage(RepriseConfig.Milvus milvus) {
      MilvusStorage.Builder storage =
          MilvusStorage.builder()
              .index(MilvusStorage.Index.valueOf(milvus.index().name()))
              .partitions(MilvusStorage.Partitions.valueOf(milvus.partitions().name()));
      // Built after each parameter, so that a wrong one is reported with its own name.
      milvus
          .indexParameters()
          .forEach(
              (name, value) ->
                  checked(
                      "milvus.index-parameters." + name,
                      () -> storage.indexParameter(name, value).build()));
      milvus
          .searchParameters()
          .forEach(
              (name, value) ->
                  checked(
                      "milvus.search-parameters." + name,
                      () -> storage.searchParameter(name, value).build()));
      milvus
          .mmap()
          .ifPresent(
              mapped ->
                  storage.memory(
                      mapped ? MilvusStorage.Memory.MAPPED : MilvusStorage.Memory.LOADED));
      milvus
          .timeToLive()
          .ifPresent(after -> checked("milvus.time-to-live", () -> storage.timeToLive(after)));
      return storage.build();
    }
  }
}
