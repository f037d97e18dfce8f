package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.DataDirectory;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.engine.CacheEngine;
import dev.reprise.key.ExactKey;
import dev.reprise.learn.Learning;
import dev.reprise.learn.LearningStore;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.model.CacheException;
import dev.reprise.model.ContentHash;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierUnreachableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine as the command line's options describe it.
 *
 * @param engine everything but a policy and listeners; it owns its tiers once it is built
 * @param embedder what embeds for it, loaded; empty where nothing is compared by meaning
 * @param keptIn the directory that keeps the answers over a restart, if there is one
 */
public record EngineSetup(
    CacheEngine.Builder engine, Optional<Embedder> embedder, Optional<Path> keptIn) {
  private static final Logger LOG = LoggerFactory.getLogger(EngineSetup.class);
  private static final int ATTEMPTS = 20;

  /** The first text takes far longer than any other; it shall not be a question's. */
  private static final String FIRST = "What is Retrieval-Augmented Generation?";

  /**
   * Opens the tiers.
   *
   * @param unreachable told of each server that cannot be reached now; throws what it is told where
   *     nothing shall be opened then. Otherwise its tier is tried again once the engine uses it
   * @throws InputException if a server cannot be used, or not be reached where that is refused; the
   *     message says what to do
   */
  public static EngineSetup open(
      CacheSettings settings, Consumer<? super TierUnreachableException> unreachable) {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      CacheEngine.Builder builder =
          CacheEngine.builder().matcher(settings.matcher().matcher()).pricing(settings.pricing());
      Optional<DataDirectory> data = settings.files().data().flatMap(EngineSetup::open);
      data.ifPresent(opened::add);
      data.ifPresentOrElse(
          directory -> directory.configure(builder),
          () -> setExactTiers(builder, settings, opened, unreachable));
      keep(builder, settings.files());
      Optional<Path> keptIn = data.map(DataDirectory::path);
      if (settings.tiers().semantic() == Tiers.Semantic.NONE) {
        return new EngineSetup(builder, Optional.empty(), keptIn);
      }
      Embedder embedder = settings.embedder().get();
      embedder.embed(FIRST);
      builder.semanticTier(semanticTier(settings, embedder, data, opened, unreachable), embedder);
      return new EngineSetup(builder, Optional.of(embedder), keptIn);
    } catch (RuntimeException e) {
      for (AutoCloseable one : opened) {
        try {
          one.close();
        } catch (Exception second) {
          e.addSuppressed(second);
        }
      }
      if (e instanceof InputException) {
        throw e;
      }
      if (e instanceof CacheException || e instanceof IllegalArgumentException) {
        throw new InputException(
            e.getMessage() + "\n--tiers " + Tiers.DEFAULT + " needs no server at all.", e);
      }
      throw e;
    }
  }

  private static Optional<DataDirectory> open(CacheSettings.Data data) {
    try {
      return Optional.of(DataDirectory.open(data.directory()));
    } catch (CacheException e) {
      if (!data.isDefault()) {
        throw e;
      }
      LOG.warn(
          "Answers are kept in memory only, and lost when this gateway ends: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static void keep(CacheEngine.Builder builder, CacheSettings.StateFiles files) {
    if (!files.learning().isEmpty()) {
      builder.learning(
          Learning.fromFeedbackOnly().withStore(LearningStore.file(Path.of(files.learning()))));
    }
    if (!files.pendingRemovals().isEmpty()) {
      builder.pendingRemovals(Path.of(files.pendingRemovals()));
    }
  }

  private static void setExactTiers(
      CacheEngine.Builder builder,
      CacheSettings settings,
      List<AutoCloseable> opened,
      Consumer<? super TierUnreachableException> unreachable) {
    boolean memory = settings.tiers().exact().contains(Tiers.Exact.MEMORY);
    if (!settings.tiers().exact().contains(Tiers.Exact.REDIS)) {
      builder.exactTier(memory(opened));
      return;
    }
    CacheSettings.Redis server = settings.servers().redis();
    ExactTier redis = RedisExactTier.builder(server.url()).keyPrefix(server.keyPrefix()).build();
    builder.coalescing(server.coalescing());
    opened.add(redis);
    tryOut(redis, unreachable);
    if (memory) {
      builder.exactTiers(memory(opened), redis);
    } else {
      builder.exactTier(redis);
    }
  }

  private static CaffeineExactTier memory(List<AutoCloseable> opened) {
    CaffeineExactTier memory = EmbeddedCache.exactTier();
    opened.add(memory);
    return memory;
  }

  private static SemanticTier semanticTier(
      CacheSettings settings,
      Embedder embedder,
      Optional<DataDirectory> data,
      List<AutoCloseable> opened,
      Consumer<? super TierUnreachableException> unreachable) {
    CacheSettings.Milvus server = settings.servers().milvus();
    SemanticTier tier;
    if (settings.tiers().semantic() == Tiers.Semantic.HNSW) {
      HnswSemanticTier index = EmbeddedCache.semanticTier(embedder);
      tier = data.isPresent() ? data.get().semanticTier(index, embedder) : index;
    } else {
      MilvusSemanticTier.Builder builder =
          MilvusSemanticTier.builder(server.uri(), embedder)
              .collection(server.collection())
              .storage(server.storage())
              .consistency(server.consistency());
      if (!server.previousCollection().isEmpty()) {
        builder.previousCollection(server.previousCollection());
      }
      if (!server.database().isEmpty()) {
        builder.database(server.database());
      }
      if (!server.token().isEmpty()) {
        builder.token(server.token());
      }
      tier = builder.build();
    }
    opened.add(tier);
    try {
      tier.ensureReady();
    } catch (TierUnreachableException e) {
      unreachable.accept(e);
    }
    return tier;
  }

  /**
   * Fetches something until it works once. The first connection loads so much code that it may miss
   * the tier's deadline.
   */
  private static void tryOut(
      ExactTier tier, Consumer<? super TierUnreachableException> unreachable) {
    ExactKey nothing = new ExactKey(ContentHash.of("nothing".getBytes(StandardCharsets.UTF_8)));
    for (int attempt = 1; ; attempt++) {
      try {
        tier.fetch(nothing);
        return;
      } catch (TierUnreachableException e) {
        if (attempt == ATTEMPTS) {
          unreachable.accept(e);
          return;
        }
      }
    }
  }
}
