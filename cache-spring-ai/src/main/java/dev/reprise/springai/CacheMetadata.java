package dev.reprise.springai;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.engine.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * What the metadata of a response say of the cache. A response from the cache has the keys below. A
 * response that a model gave has none of them, and is the model's own object.
 */
public final class CacheMetadata {
  static final String PREFIX = "reprise.";

  /** Key of a hit's kind: {@value #EXACT} or {@value #SEMANTIC}. */
  public static final String CACHE = PREFIX + "cache";

  /** Key of the entry that was served, 64 hexadecimal digits: for feedback and removal. */
  public static final String ENTRY = PREFIX + "entry";

  /** Key of the entry's age in whole seconds, a {@link Long}. */
  public static final String AGE_SECONDS = PREFIX + "age-seconds";

  /** Key of a semantic hit's cosine similarity, a {@link Double} from -1 to 1. */
  public static final String SIMILARITY = PREFIX + "similarity";

  /** Value of {@link #CACHE}: the same request was answered before. */
  public static final String EXACT = "exact";

  /** Value of {@link #CACHE}: a question with the same meaning was answered before. */
  public static final String SEMANTIC = "semantic";

  /** Value of {@link #CACHE}: a curated answer was served. */
  public static final String CURATED = "curated";

  /** Hits, as long as their metadata live. By identity. */
  private static final Cache<ChatResponseMetadata, Outcome.Hit> REMEMBERED =
      Caffeine.newBuilder().weakKeys().build();

  private CacheMetadata() {}

  /**
   * Returns how the cache found {@code response}; empty where a model was called for it, where an
   * equal call was waited for, or where its metadata were rebuilt (the keys survive that).
   */
  public static Optional<Outcome.Hit> of(ChatResponse response) {
    return Optional.ofNullable(REMEMBERED.getIfPresent(response.getMetadata()));
  }

  /** Returns whether {@code response} came from the cache. */
  public static boolean isCached(ChatResponse response) {
    return response.getMetadata().containsKey(CACHE);
  }

  /** Remembers how the response with {@code metadata} was found. */
  static void remember(ChatResponseMetadata metadata, Outcome.Hit hit) {
    REMEMBERED.put(metadata, hit);
  }

  private static String kind(Outcome.Hit hit) {
    if (hit instanceof Outcome.CuratedHit) {
      return CURATED;
    }
    return hit instanceof Outcome.SemanticHit ? SEMANTIC : EXACT;
  }

  static Map<String, Object> values(Outcome.Hit hit) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(CACHE, kind(hit));
    values.put(ENTRY, hit.entry().key().hex());
    values.put(AGE_SECONDS, hit.age().toSeconds());
    if (hit instanceof Outcome.SemanticHit semantic) {
      values.put(SIMILARITY, semantic.similarity().cosine());
    }
    return values;
  }
}
