package dev.reprise.embedded;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.tier.SemanticTier;
import dev.reprise.verify.OnnxVerifier;

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
   * of them can be replaced on the builder. Loads both models, which takes about two seconds.
   *
   * @throws dev.reprise.model.CacheException if a model cannot be loaded on this platform
   */
  public static CacheEngine.Builder builder() {
    Embedder embedder = MiniLmEmbedder.load();
    SemanticTier tier = HnswSemanticTier.builder(embedder.dimension()).build();
    return CacheEngine.builder()
        .semanticTier(tier, embedder)
        .matcher(Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults()));
  }
}
