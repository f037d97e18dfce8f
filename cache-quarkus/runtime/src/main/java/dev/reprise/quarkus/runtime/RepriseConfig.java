package dev.reprise.quarkus.runtime;

import dev.reprise.model.UnsetTemperature;
import dev.reprise.policy.Mode;
import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What is decided when the application starts. */
@ConfigMapping(prefix = "quarkus.reprise")
@ConfigRoot(phase = ConfigPhase.RUN_TIME)
public interface RepriseConfig {
  /**
   * Who shares answers: requests of one scope never see answers of another. Required unless the
   * application has a {@code ScopeResolver} bean.
   */
  Optional<String> scope();

  /**
   * {@code live} serves hits. {@code shadow} serves none and records what it would have served.
   * {@code off} passes every request to its model.
   */
  @WithDefault("live")
  Mode mode();

  /**
   * What is done with a request that sets no temperature: {@code zero} asks the model at
   * temperature 0 and caches, {@code as-is} asks it as it is and caches, {@code bypass} does not
   * cache.
   */
  @WithDefault("zero")
  UnsetTemperature whenTemperatureIsUnset();

  /**
   * The highest temperature that is cached, where a request or the configuration sets one: from 0
   * to 2.
   */
  @WithDefault("0")
  double maximumTemperature();

  /**
   * A directory that keeps answers, vectors, feedback and what was learnt over a restart, in place
   * of Redis and Milvus. One application a directory. Default: none; answers stay in memory.
   */
  Optional<Path> dataDirectory();

  /** Which models are cached. */
  Models models();

  /** How many wrong answers you allow. */
  Matcher matcher();

  /** The Redis that keeps answers across restarts and shares them between instances. */
  Redis redis();

  /** The Milvus that holds the vectors of the questions. */
  Milvus milvus();

  /** Which models are cached. A model is called by its configuration's name. */
  interface Models {
    /** Caches these models only. {@code <default>} is the one without a name. Default: all. */
    Optional<Set<String>> include();

    /** Does not cache these models. */
    Optional<Set<String>> exclude();
  }

  /** How many wrong answers you allow; one of the two at most. */
  interface Matcher {
    /**
     * The share of all lookups that may be answered wrongly: more than 0, less than 1. Default:
     * 0.01.
     */
    OptionalDouble wrongPerLookup();

    /** The share of hits by meaning that may be wrong: more than 0, less than 1. */
    OptionalDouble wrongPerHit();
  }

  /** The Redis of the cache. Needs {@code dev.reprise:reprise-redis}. */
  interface Redis {
    /**
     * Its URL: {@code redis://}, {@code redis-sentinel://} or {@code redis-cluster://}, with TLS
     * {@code rediss} and so on. Default: that of the Redis client, {@code quarkus.redis.hosts},
     * where the application has {@code reprise-redis}. In dev mode and in tests a Dev Service
     * starts one. Without any of these, answers stay in memory.
     */
    Optional<String> url();

    /** What its keys begin with. */
    @WithDefault("reprise:")
    String keyPrefix();

    /** How long a lookup waits for it: from 1 ms to 1 min. */
    @WithDefault("50ms")
    Duration deadline();
  }

  /** The Milvus of the cache. Needs {@code dev.reprise:reprise-milvus}. */
  interface Milvus {
    /** Its address, for example {@code http://localhost:19530}. Default: vectors stay in memory. */
    Optional<String> uri();

    /** {@code user:password}, or an API key. */
    Optional<String> token();

    /** The database. Default: the server's default database. */
    Optional<String> database();

    /** The collection. The extension creates it. */
    @WithDefault("reprise")
    String collection();

    /** How long a lookup waits for it: from 1 ms to 1 min. */
    @WithDefault("50ms")
    Duration deadline();

    /** How long a write may take: from 1 ms to 1 min. */
    @WithDefault("5s")
    Duration writeDeadline();

    /** How long an attempt to connect may take: from 1 ms to 1 min. */
    @WithDefault("5s")
    Duration connectDeadline();

    /**
     * A collection of before, which is searched beside it and not written, until its rows have
     * expired.
     */
    Optional<String> previousCollection();

    /**
     * The index of a new collection: {@code hnsw}, {@code hnsw-sq}, {@code ivf-rabitq}, {@code
     * diskann} or {@code autoindex}.
     */
    @WithDefault("hnsw")
    Index index();

    /**
     * Parameters of a new index, as Milvus names them: {@code M}, {@code efConstruction}, {@code
     * sq_type}, {@code nlist}. Each index has its own.
     */
    Map<String, String> indexParameters();

    /**
     * Parameters of each search, as Milvus names them: {@code ef}, {@code nprobe}, {@code
     * search_list}. Each index has its own.
     */
    Map<String, String> searchParameters();

    /**
     * The partitions of a new collection: {@code none}, or {@code by-fingerprint}, which sorts rows
     * by everything but the question.
     */
    @WithDefault("none")
    Partitions partitions();

    /**
     * Whether a new collection is mapped from files ({@code true}) or held in memory ({@code
     * false}). Needs Milvus 2.5. Default: as the server is configured.
     */
    Optional<Boolean> mmap();

    /**
     * When Milvus itself drops a row of a new collection, in whole seconds. Make it longer than
     * answers live. Default: never.
     */
    Optional<Duration> timeToLive();

    /**
     * How fresh the rows are that a search sees: {@code eventually}, {@code bounded} or {@code
     * session}.
     */
    @WithDefault("eventually")
    Consistency consistency();

    /** An index over vectors. */
    enum Index {
      /** A graph over whole vectors: the quickest, and the largest in memory. */
      HNSW,
      /** A graph over quantised vectors. */
      HNSW_SQ,
      /** Clusters of vectors with one bit for each component. */
      IVF_RABITQ,
      /** A graph on disk. */
      DISKANN,
      /** What the server chooses. */
      AUTOINDEX
    }

    /** Into which partitions the server sorts rows. */
    enum Partitions {
      /** One partition. */
      NONE,
      /** By everything but the question. */
      BY_FINGERPRINT
    }

    /** How fresh the rows are that a search sees. */
    enum Consistency {
      /** What the server has at hand. */
      EVENTUALLY,
      /** No older than the server's grace time. */
      BOUNDED,
      /** With all that this process wrote. */
      SESSION
    }
  }
}
