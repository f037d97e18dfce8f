package dev.reprise.spring.boot;

import dev.reprise.spring.boot.RepriseProperties.TierName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which tiers the engine has, from the properties and from what is on the class path.
 *
 * @param memory whether answers are stored in this process
 * @param redis where answers are stored on Redis
 * @param hnsw whether vectors are stored in this process
 * @param milvus where vectors are stored on Milvus
 */
record TierPlan(
    boolean memory,
    RedisAddressSource.@Nullable Address redis,
    boolean hnsw,
    @Nullable MilvusConnectionDetails milvus) {

  static final String DATA_DIRECTORY = "reprise.data-directory";
  private static final String TIERS = "reprise.tiers";
  private static final String MILVUS_BEAN =
      "a MilvusConnectionDetails bean (that of a @ServiceConnection, for example)";

  /**
   * What the application has.
   *
   * @param redisTier whether reprise-redis is on the class path
   * @param milvusTier whether reprise-milvus is on the class path
   * @param springRedis the address that Spring knows, if any
   * @param milvusDetails the connection details, if there is such a bean
   */
  record Surroundings(
      boolean redisTier,
      boolean milvusTier,
      Optional<RedisAddressSource.Address> springRedis,
      Optional<MilvusConnectionDetails> milvusDetails) {}

  static TierPlan of(RepriseProperties properties, Surroundings has) {
    List<TierName> named = properties.tiers();
    if (properties.dataDirectory() != null) {
      checkDirectory(properties, has);
      return new TierPlan(true, null, true, null);
    }
    RedisAddressSource.@Nullable Address redis = redis(properties, has);
    MilvusConnectionDetails milvus = milvus(properties, has);
    if (named == null) {
      return new TierPlan(true, redis, milvus == null, milvus);
    }
    Set<TierName> tiers = Set.copyOf(named);
    check(tiers, named, redis, milvus, properties);
    return new TierPlan(
        tiers.contains(TierName.MEMORY),
        tiers.contains(TierName.REDIS) ? redis : null,
        tiers.contains(TierName.HNSW),
        tiers.contains(TierName.MILVUS) ? milvus : null);
  }

  /** A directory is for one process; Redis and Milvus are for several. */
  private static void checkDirectory(RepriseProperties properties, Surroundings has) {
    List<TierName> named = properties.tiers();
    String conflict =
        named != null && !Set.copyOf(named).equals(Set.of(TierName.MEMORY, TierName.HNSW))
            ? TIERS
            : properties.redis().url() != null
                ? "reprise.redis.url"
                : Boolean.TRUE.equals(properties.redis().enabled())
                    ? "reprise.redis.enabled"
                    : properties.milvus().uri() != null ? "reprise.milvus.uri" : null;
    if (conflict != null) {
      throw Settings.invalid(
          DATA_DIRECTORY,
          properties.dataDirectory(),
          "It is in place of Redis and Milvus, but " + conflict + " is set, too; remove one.");
    }
    if (has.milvusDetails().isPresent()) {
      throw Settings.invalid(
          DATA_DIRECTORY,
          properties.dataDirectory(),
          "It is in place of Milvus, but there is " + MILVUS_BEAN + ", too; remove one.");
    }
  }

  boolean isSemantic() {
    return hnsw || milvus != null;
  }

  /** Names the tiers; addresses may hold a password. */
  @Override
  public String toString() {
    StringJoiner tiers = new StringJoiner(", ");
    if (memory) {
      tiers.add("memory");
    }
    if (redis != null) {
      tiers.add("redis");
    }
    if (hnsw) {
      tiers.add("hnsw");
    }
    if (milvus != null) {
      tiers.add("milvus");
    }
    return tiers.toString();
  }

  private static void check(
      Set<TierName> tiers,
      List<TierName> named,
      RedisAddressSource.@Nullable Address redis,
      @Nullable MilvusConnectionDetails milvus,
      RepriseProperties properties) {
    if (!tiers.contains(TierName.MEMORY) && !tiers.contains(TierName.REDIS)) {
      throw Settings.invalid(TIERS, named, "It needs memory, redis or both: a place for answers.");
    }
    if (tiers.contains(TierName.HNSW) && tiers.contains(TierName.MILVUS)) {
      throw Settings.invalid(TIERS, named, "It has two places for vectors; name hnsw or milvus.");
    }
    if (tiers.contains(TierName.REDIS) && redis == null) {
      throw Settings.invalid(
          TIERS, named, "It names redis, but there is no address. Set reprise.redis.url.");
    }
    if (tiers.contains(TierName.MILVUS) && milvus == null) {
      throw Settings.invalid(
          TIERS, named, "It names milvus, but there is no address. Set reprise.milvus.uri.");
    }
    if (!tiers.contains(TierName.REDIS) && properties.redis().url() != null) {
      throw Settings.invalid(TIERS, named, "It has no redis, but reprise.redis.url is set.");
    }
    if (!tiers.contains(TierName.MILVUS) && properties.milvus().uri() != null) {
      throw Settings.invalid(TIERS, named, "It has no milvus, but reprise.milvus.uri is set.");
    }
  }

  private static RedisAddressSource.@Nullable Address redis(
      RepriseProperties properties, Surroundings has) {
    RepriseProperties.Redis settings = properties.redis();
    Boolean enabled = settings.enabled();
    if (Boolean.FALSE.equals(enabled)) {
      return null;
    }
    boolean named = properties.tiers() != null && properties.tiers().contains(TierName.REDIS);
    if (!has.redisTier()) {
      if (settings.url() != null || enabled != null || named) {
        throw Settings.invalid(
            settings.url() != null ? "reprise.redis.url" : named ? TIERS : "reprise.redis.enabled",
            settings.url() != null ? "******" : named ? properties.tiers() : enabled,
            "Redis needs the dependency dev.reprise:reprise-redis.");
      }
      return null;
    }
    if (settings.url() != null) {
      return new RedisAddressSource.Address(settings.url(), null);
    }
    if (Boolean.TRUE.equals(enabled) && has.springRedis().isEmpty()) {
      throw Settings.invalid(
          "reprise.redis.enabled",
          true,
          "There is no address. Set reprise.redis.url, or spring.data.redis.* with Spring Data"
              + " Redis on the class path.");
    }
    return has.springRedis().orElse(null);
  }

  private static @Nullable MilvusConnectionDetails milvus(
      RepriseProperties properties, Surroundings has) {
    String uri = properties.milvus().uri();
    boolean named = properties.tiers() != null && properties.tiers().contains(TierName.MILVUS);
    if (!has.milvusTier()) {
      if (uri != null || named) {
        throw Settings.invalid(
            uri != null ? "reprise.milvus.uri" : TIERS,
            uri != null ? uri : properties.tiers(),
            "Milvus needs the dependency dev.reprise:reprise-milvus.");
      }
      if (has.milvusDetails().isPresent()) {
        throw Settings.invalid(
            "reprise.milvus.uri",
            null,
            "There is " + MILVUS_BEAN + ", which needs the dependency dev.reprise:reprise-milvus.");
      }
      return null;
    }
    return has.milvusDetails().orElse(null);
  }
}
