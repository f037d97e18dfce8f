package dev.reprise.spring.boot;

import dev.reprise.engine.LookupExplanation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The model beans that are cached. Ask it for the caching model of a bean where you need more than
 * the framework's interface: how a request was answered, why it missed, or feedback.
 *
 * <pre>{@code
 * CachingChatModel model = cachedModels.find("openAiChatModel", CachingChatModel.class).orElseThrow();
 * ChatOutcome outcome = model.answer(request);
 * }</pre>
 */
public final class CachedModels {
  private final Map<String, Map<Class<?>, Entry>> models = new ConcurrentHashMap<>();
  private final Map<String, String> skipped = new ConcurrentHashMap<>();

  /** A bean, as one interface. */
  private record Entry(ModelKind<?> kind, Supplier<@Nullable Object> caching) {}

  CachedModels() {}

  /** Returns the names of the beans, in order. */
  public Set<String> names() {
    return new TreeSet<>(models.keySet());
  }

  /** Returns the model beans that are not cached, and why. */
  public Map<String, String> skipped() {
    return new TreeMap<>(skipped);
  }

  /**
   * Returns the caching model of a bean.
   *
   * @param name the bean's name
   * @param type its class, such as {@code CachingChatModel} or {@code CachingStreamingChatModel}
   * @return empty if no such bean is cached
   */
  public <T> Optional<T> find(String name, Class<T> type) {
    return models.getOrDefault(name, Map.of()).values().stream()
        .map(entry -> entry.caching().get())
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  /** Returns the first bean, by name, that {@link #explain} answers for. */
  Optional<String> firstExplainable() {
    return names().stream()
        .filter(
            name ->
                models.getOrDefault(name, Map.of()).values().stream()
                    .anyMatch(entry -> entry.kind().isExplainable()))
        .findFirst();
  }

  /** Says what a lookup of a question would see now. Empty if the bean cannot say it. */
  Optional<LookupExplanation> explain(String name, @Nullable String system, String question) {
    for (Entry entry : models.getOrDefault(name, Map.of()).values()) {
      Object caching = entry.caching().get();
      LookupExplanation explanation =
          caching == null ? null : entry.kind().explain(caching, system, question);
      if (explanation != null) {
        return Optional.of(explanation);
      }
    }
    return Optional.empty();
  }

  void add(String name, ModelKind<?> kind, Supplier<@Nullable Object> caching) {
    models
        .computeIfAbsent(name, key -> new ConcurrentHashMap<>())
        .put(kind.type(), new Entry(kind, caching));
  }

  void skip(String name, String why) {
    skipped.put(name, why);
  }

  @Override
  public String toString() {
    return names().stream().collect(Collectors.joining(", ", "CachedModels[", "]"));
  }
}
