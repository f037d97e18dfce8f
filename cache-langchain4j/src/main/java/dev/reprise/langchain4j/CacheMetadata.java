package dev.reprise.langchain4j;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.reprise.engine.Outcome;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a response from the cache, for providers without a class of their own. If the
 * provider has one ({@code OpenAiChatResponseMetadata}), a hit has that class, like a miss; {@link
 * #of} recognizes it until the metadata are rebuilt. Identifier, token usage and finish reason are
 * those of the original call. They are not billed again. Immutable.
 */
public final class CacheMetadata extends ChatResponseMetadata {
  /** Hits whose metadata are of a provider's own class, as long as these live. By identity. */
  private static final Cache<ChatResponseMetadata, Outcome.Hit> REMEMBERED =
      Caffeine.newBuilder().weakKeys().build();

  private final Outcome.Hit hit;

  private CacheMetadata(Builder builder) {
    super(builder);
    this.hit = builder.hit;
  }

  /**
   * Returns how the cache found {@code response}; empty where a model was called for it, or where
   * an equal call was waited for.
   */
  public static Optional<Outcome.Hit> of(ChatResponse response) {
    Objects.requireNonNull(response, "response");
    return response.metadata() instanceof CacheMetadata metadata
        ? Optional.of(metadata.hit)
        : Optional.ofNullable(REMEMBERED.getIfPresent(response.metadata()));
  }

  /** Remembers how the response with {@code metadata} was found. */
  static void remember(ChatResponseMetadata metadata, Outcome.Hit hit) {
    if (!(metadata instanceof CacheMetadata)) {
      REMEMBERED.put(metadata, hit);
    }
  }

  /** Returns how the cache found the response. */
  public Outcome.Hit hit() {
    return hit;
  }

  /** Returns a builder that starts with everything that is here, the hit included. */
  @Override
  public ChatResponseMetadata.Builder<?> toBuilder() {
    return toBuilder(new Builder(hit));
  }

  static Builder builder(Outcome.Hit hit) {
    return new Builder(hit);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other) && other instanceof CacheMetadata that && hit.equals(that.hit);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), hit);
  }

  @Override
  public String toString() {
    return "CacheMetadata[" + super.toString() + ", key=" + hit.entry().key() + "]";
  }

  /** Collects the metadata of one hit. LangChain4j's AiServices rebuild it with another usage. */
  static final class Builder extends ChatResponseMetadata.Builder<Builder> {
    private final Outcome.Hit hit;

    private Builder(Outcome.Hit hit) {
      this.hit = hit;
    }

    @Override
    public CacheMetadata build() {
      return new CacheMetadata(this);
    }
  }
}
