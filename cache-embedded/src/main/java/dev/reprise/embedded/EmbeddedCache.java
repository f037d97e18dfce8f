package dev.reprise.embedded;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.verify.OnnxVerifier;
import java.nio.file.Path;
import java.util.Objects;

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
   * {@link #semanticTier}. Loads both models side by side, which takes about two seconds.
   *
   * @throws dev.reprise.model.CacheException if a model cannot be loaded on this platform
   */
  public static CacheEngine.Builder builder() {
    Matcher matcher = matcher();
    Embedder embedder = MiniLmEmbedder.load();
    return CacheEngine.builder()
        .semanticTier(semanticTier(embedder), embedder)
        .matcher(matcher)
        .exactTier(exactTier());
  }

  /** Loads the verifier, and beside it the embedder, which takes as long. */
  private static Matcher matcher() {
    MiniLmEmbedder.loadAhead();
    return Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults());
  }

  /**
   * Returns the same builder for a cache that outlives the process. Entries, reports of wrong hits
   * and the learned state are kept in {@code directory} (see {@link DataDirectory}). The engine
   * closes the directory.
   *
   * @param directory created if it does not exist; used by one process and one engine at a time
   * @throws dev.reprise.model.CacheException if the directory cannot be used, or a model cannot be
   *     loaded on this platform
   */
  public static CacheEngine.Builder builder(Path directory) {
    Objects.requireNonNull(directory, "directory");
    Matcher matcher = matcher();
    Embedder embedder = MiniLmEmbedder.load();
    DataDirectory data = DataDirectory.open(directory);
    return data.configure(
        CacheEngine.builder()
            .semanticTier(data.semanticTier(semanticTier(embedder), embedder), embedder)
            .matcher(matcher));
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
    return HnswSemanticTier.builder(Objects.requireNonNull(embedder, "embedder").dimension())
        .maximumEntries(HeapShare.ofThisProcess().rows())
        .build();
  }
}
