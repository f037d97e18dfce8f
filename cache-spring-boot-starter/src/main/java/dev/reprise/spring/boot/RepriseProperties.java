package dev.reprise.spring.boot;

import dev.reprise.model.UnsetTemperature;
import dev.reprise.policy.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.PatternMatchUtils;
import org.springframework.util.unit.DataSize;

/*
 * docs/tools/configuration.py writes the tables of docs/configuration.md from these @param tags, and Boot's processor the
 * metadata that editors show. An unset value is null: the engine's own default holds.
 */
/**
 * The properties {@code reprise.*}.
 *
 * @param enabled Whether anything of Reprise is configured.
 * @param mode live serves hits, shadow serves none and records what it would have served, off
 *     caches no model.
 * @param scope Who shares answers: the name of your application. Required, unless there is a
 *     ScopeResolver bean.
 * @param tiers Where answers are stored. Default: memory, redis where its address is known, and
 *     milvus where its address is known, else hnsw.
 * @param dataDirectory A directory that keeps answers, vectors, feedback and what was learnt over a
 *     restart, in place of Redis and Milvus. One application a directory. Default: none.
 */
@ConfigurationProperties(prefix = "reprise", ignoreUnknownFields = false)
record RepriseProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("live") Mode mode,
    @Nullable String scope,
    @Nullable List<TierName> tiers,
    @Nullable Path dataDirectory,
    @DefaultValue Tenant tenant,
    @DefaultValue Models models,
    @DefaultValue Memory memory,
    @DefaultValue Hnsw hnsw,
    @DefaultValue Redis redis,
    @DefaultValue Milvus milvus,
    @DefaultValue Policy policy,
    @DefaultValue Matcher matcher,
    @DefaultValue Learning learning,
    @DefaultValue Engine engine) {

  /** A place for answers or vectors. */
  enum TierName {
    /** Answers in this process. */
    MEMORY,
    /** Answers on Redis. */
    REDIS,
    /** Vectors in this process. */
    HNSW,
    /** Vectors on Milvus. */
    MILVUS
  }

  /**
   * How the scope is divided by tenants.
   *
   * @param header The request header that names the tenant. Set it only where a proxy of yours
   *     writes that header. A request without it is not cached.
   * @param principal Whether the name of the authenticated user divides the scope. A request
   *     without a user is not cached.
   */
  record Tenant(@Nullable String header, @DefaultValue("false") boolean principal) {}

  /**
   * Which beans are cached.
   *
   * @param include Names of the model beans that are cached; * stands for any characters. Default:
   *     all.
   * @param exclude Names of the model beans that are not cached; * stands for any characters.
   * @param useCase The use case of a model bean, by bean name. Default: question.
   */
  record Models(
      @DefaultValue("*") List<String> include,
      @DefaultValue List<String> exclude,
      @DefaultValue Map<String, String> useCase) {
    static Models all() {
      return new Models(List.of("*"), List.of(), Map.of());
    }

    /** Returns whether the bean of that name is cached. */
    boolean includes(String name) {
      return PatternMatchUtils.simpleMatch(include.toArray(String[]::new), name)
          && !PatternMatchUtils.simpleMatch(exclude.toArray(String[]::new), name);
    }
  }

  /**
   * Answers in this process.
   *
   * @param maximumSize The heap that answers may take. Default: 64MB.
   */
  record Memory(@Nullable DataSize maximumSize) {}

  /**
   * Vectors in this process.
   *
   * @param maximumEntries How many questions are held. Default: 100000.
   */
  record Hnsw(@Nullable Integer maximumEntries) {}

  /**
   * Answers on Redis. Needs the dependency reprise-redis.
   *
   * @param enabled Whether Redis is used. Default: where its address is known.
   * @param url The address: redis://user:password@host:6379/0, rediss, redis-sentinel or
   *     redis-cluster. Default: that of spring.data.redis.
   * @param keyPrefix What every key begins with. Applications with one prefix share a cache.
   *     Default: reprise:.
   * @param deadline How long a call may take. Default: 50ms.
   * @param maximumConnections How many connections are open. Default: 16.
   * @param pendingRemovals A file for removals that Redis owes, over a restart. One application a
   *     file. Default: none.
   */
  record Redis(
      @Nullable Boolean enabled,
      @Nullable String url,
      @Nullable String keyPrefix,
      @Nullable Duration deadline,
      @Nullable Integer maximumConnections,
      @Nullable Path pendingRemovals) {}

  /**
   * Vectors on Milvus. Needs the dependency reprise-milvus.
   *
   * @param uri The address: http://localhost:19530.
   * @param token The token that the server asks for: user:password. Default: none.
   * @param database The database. Default: the server's own.
   * @param collection The collection. Default: reprise.
   * @param previousCollection A collection of before, which is searched beside it and not written,
   *     until its rows have expired. Default: none.
   * @param index The index of a new collection. Default: hnsw.
   * @param indexParameters Parameters of a new index, as Milvus names them: M, efConstruction,
   *     sq_type, nlist. Each index has its own.
   * @param searchParameters Parameters of each search, as Milvus names them: ef, nprobe,
   *     search_list. Each index has its own.
   * @param partitions The partitions of a new collection: none, or by-fingerprint, which sorts rows
   *     by everything but the question. Default: none.
   * @param mmap Whether a new collection is mapped from files (true) or held in memory (false).
   *     Needs Milvus 2.5. Default: as the server is configured.
   * @param timeToLive When Milvus itself drops a row of a new collection, in whole seconds. Make it
   *     longer than answers live. Default: never.
   * @param consistency How fresh the rows are that a search sees: eventually, bounded or session.
   *     Default: eventually.
   * @param deadline How long a search may take. Default: 50ms.
   * @param writeDeadline How long a write may take. Default: 5s.
   * @param connectDeadline How long an attempt to connect may take. Default: 5s.
   */
  record Milvus(
      @Nullable String uri,
      @Nullable String token,
      @Nullable String database,
      @Nullable String collection,
      @Nullable String previousCollection,
      @Nullable Index index,
      @DefaultValue Map<String, String> indexParameters,
      @DefaultValue Map<String, String> searchParameters,
      @Nullable Partitions partitions,
      @Nullable Boolean mmap,
      @Nullable Duration timeToLive,
      @Nullable Consistency consistency,
      @Nullable Duration deadline,
      @Nullable Duration writeDeadline,
      @Nullable Duration connectDeadline) {

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

  /**
   * What is cached, and for how long. A CachePolicy bean replaces it.
   *
   * @param whenTemperatureIsUnset What is done with a request that sets no temperature: zero asks
   *     at temperature 0 and caches, as-is asks as it is and caches, bypass does not cache.
   *     Default: zero.
   * @param whenTemperatureIsUnsetForModel The same for some models: a pattern such as [mistral-*].
   * @param whenTemperatureIsUnsetForUseCase The same for a use case.
   * @param modelsWithoutTemperature Models that take no temperature, as patterns. Default: gpt-5*,
   *     o1*, o3*, o4*, *-search-preview*.
   * @param maximumTemperature The highest temperature that is cached, from 0 to 2. Default: 0.
   * @param anyTemperature Whether every temperature is cached.
   * @param useCases How a use case is cached: never, exact:24h or semantic:24h.
   * @param withoutRules Question rules and answer rules that are switched off: weather, or
   *     weather.en.
   * @param cacheToolCalls Whether answers that ask for tools are stored.
   * @param maximumPayloadCharacters The longest answer that is stored. Default: 1048576.
   */
  record Policy(
      @Nullable UnsetTemperature whenTemperatureIsUnset,
      @DefaultValue Map<String, UnsetTemperature> whenTemperatureIsUnsetForModel,
      @DefaultValue Map<String, UnsetTemperature> whenTemperatureIsUnsetForUseCase,
      @Nullable List<String> modelsWithoutTemperature,
      @Nullable Double maximumTemperature,
      @DefaultValue("false") boolean anyTemperature,
      @DefaultValue Map<String, String> useCases,
      @DefaultValue List<String> withoutRules,
      @DefaultValue("false") boolean cacheToolCalls,
      @Nullable Integer maximumPayloadCharacters) {}

  /**
   * What decides whether two questions have one answer. A Matcher bean replaces it.
   *
   * @param wrongAnswersPerLookup The share of lookups that may be answered wrongly, more than 0 and
   *     less than 1. Default: 0.01.
   * @param wrongAnswersPerHit The share of hits by meaning that may be wrong, in place of
   *     wrong-answers-per-lookup.
   * @param threshold The least cosine of a plain threshold matcher, in place of the verified
   *     matcher. It knows nothing of negation, numbers or names.
   * @param glossary Acronyms of your field, and what they stand for.
   * @param withoutGuards Guards that are switched off, by name: names, additions. Default: none.
   */
  record Matcher(
      @Nullable Double wrongAnswersPerLookup,
      @Nullable Double wrongAnswersPerHit,
      @Nullable Double threshold,
      @DefaultValue Map<String, String> glossary,
      @DefaultValue List<String> withoutGuards) {}

  /**
   * How the matcher learns. A Learning bean replaces it.
   *
   * @param judge What compares answers: none learns from feedback only, embedding compares the
   *     embeddings of the answers.
   * @param checked The share of hits by meaning that are checked by one more call of the model,
   *     from 0 to 1. Default: 0.02 with a judge.
   * @param file A file for what was learnt, over a restart. One application a file. Default: none.
   */
  record Learning(
      @DefaultValue("none") Judge judge, @Nullable Double checked, @Nullable Path file) {
    /** What compares answers. */
    enum Judge {
      /** Nothing. */
      NONE,
      /** The embedder. */
      EMBEDDING
    }
  }

  /**
   * The engine.
   *
   * @param candidates How many near questions are compared. Default: 5.
   * @param followerWait How long an equal request waits for the one under way. Default: 60s.
   * @param searchesAtOnce How many requests embed and match at the same time. Default: twice the
   *     processors.
   * @param searchWait How long a request waits for its turn to embed and match. Default: 50ms.
   * @param promotionAfter How many contributors must have asked the same before an answer that one
   *     of them stored serves the others by meaning, 1 to 100; 1 for no rule. Needs a
   *     ContributorResolver bean, or requests that name their contributor. Default: 1.
   */
  record Engine(
      @Nullable Integer candidates,
      @Nullable Duration followerWait,
      @Nullable Integer searchesAtOnce,
      @Nullable Duration searchWait,
      @Nullable Integer promotionAfter) {}
}
