package dev.reprise.embedded;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.SemanticTier;
import dev.reprise.verify.OnnxVerifier;
import java.nio.file.Path;

/**
 * A semantic cache that needs no server.
 *
 * <pre>{@code
 * try (CacheEngine engine = EmbeddedCache.builder().build()) {
 *   ChatModel cached = CachingChatModel.builder(model, engine, Scope.of("my-app")).build();
 * }
 * }</pre>
 */
public final class EmbeddedCache {
  private EmbeddedCache() {}

  /**
   * Returns an engine builder with everything in the process: {@link
   * dev.reprise.tier.CaffeineExactTier}, {@link HnswSemanticTier}, {@link MiniLmEmbedder}, and
   * {@link Matcher#verified} with {@link OnnxVerifier} and {@link WrongAnswerBound#defaults}. Each
   * of them can be replaced on the builder. The two tiers are bounded together: {@link #exactTier},
   * {@link #semanticTier}. Loads both models, which takes about two seconds.
   *
   * @throws dev.reprise.model.CacheException if a model cannot be loaded on this platform
   */
  public static CacheEngine.Builder builder() {
    Embedder embedder = MiniLmEmbedder.load();
    return builder(embedder, semanticTier(embedder)).exactTier(exactTier());
  }

  private static CacheEngine.Builder builder(Embedder embedder, SemanticTier tier) {
    return CacheEngine.builder()
        .semanticTier(tier, embedder)
        .matcher(Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults()));
  }

  /**
   * Returns the same builder, with a cache that outlives the process: what is stored, reported as
   * wrong and learnt is kept in {@code directory} (see {@link DataDirectory}). The engine closes
   * the directory.
   *
   * @param directory is created where there is none; one process and one engine use it at a time
   * @throws dev.reprise.model.CacheException if the directory cannot be used, or a model cannot be
   *     loaded on this platform
   */
  public static CacheEngine.Builder builder(Path directory) {
    Embedder embedder = MiniLmEmbedder.load();
    DataDirectory data = DataDirectory.open(directory);
    return data.configure(builder(embedder, data.semanticTier(semanticTier(embedder), embedder)));
  }

  /**
   * Returns an exact tier that takes an eighth of the heap, 400 MB at most. It holds as many
   * answers of about 2,000 characters as {@link #semanticTier} holds rows.
   */
  public static CaffeineExactTier exactTier() {
    return CaffeineExactTier.builder()
        .maximumBytes(HeapShare.ofThisProcess().answerBytes())
        .build();
  }

  /**
   * Returns a semantic tier for the vectors of {@code embedder}. It holds 16,384 rows with a heap
   * of 512 MiB, in proportion with another heap, and 100,000 at most.
   */
  public static HnswSemanticTier semanticTier(Embedder embedder) {
    return HnswSemanticTier.builder(embedder.dimension())
        .maximumEntries(HeapShare.ofThisProcess().rows())
        .build();
  }
}
