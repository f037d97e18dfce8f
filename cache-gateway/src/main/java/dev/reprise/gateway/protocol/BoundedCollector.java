package dev.reprise.gateway.protocol;

import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a stream together up to a bound. Beyond it the events still pass, and the answer is one that
 * is not stored. Not thread-safe.
 */
public final class BoundedCollector implements Protocol.Collector {
  /** How many characters of events are put together at most: {@value}. */
  static final int MOST_CHARACTERS = 16 << 20;

  private final Supplier<Protocol.Collector> collectors;
  private Protocol.@Nullable Collector whole;
  private long characters;
  private boolean isEnded;

  /**
   * @param collectors makes a collector that has taken nothing
   */
  public BoundedCollector(Supplier<Protocol.Collector> collectors) {
    this.collectors = collectors;
    this.whole = collectors.get();
  }

  @Override
  public StreamChunk take(EventReader.Event event) {
    characters += event.raw().length();
    if (characters > MOST_CHARACTERS) {
      whole = null;
    }
    Protocol.@Nullable Collector taking = whole;
    Protocol.Collector any = taking == null ? collectors.get() : taking;
    StreamChunk chunk = any.take(event);
    isEnded = any.isEnded();
    return chunk;
  }

  @Override
  public boolean isEnded() {
    return isEnded;
  }

  @Override
  public Optional<Answer> answer() {
    Protocol.@Nullable Collector taken = whole;
    return taken == null
        ? Optional.of(new Answer("", "", Completion.OTHER, new TokenUsage.Unknown(), Set.of()))
        : taken.answer();
  }
}
