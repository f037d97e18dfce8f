package dev.reprise.gateway.protocol;

import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a stream together up to a bound, and as long as there is memory. Beyond that the events
 * still pass, and the answer is one that is not stored. Not thread-safe.
 */
public final class BoundedCollector implements Protocol.Collector {
  /** How many characters of events are put together at most: {@value}. */
  static final int MOST_CHARACTERS = 16 << 20;

  private final Supplier<Protocol.Collector> collectors;
  private final LongPredicate memory;
  private Protocol.@Nullable Collector whole;
  private long characters;
  private boolean isEnded;

  /**
   * @param collectors makes a collector that has taken nothing
   * @param memory takes memory for so many characters in all; tells whether there is any
   */
  public BoundedCollector(Supplier<Protocol.Collector> collectors, LongPredicate memory) {
    this.collectors = collectors;
    this.memory = memory;
    this.whole = collectors.get();
  }

  @Override
  public StreamChunk take(EventReader.Event event) {
    characters += event.raw().length();
    if (whole != null && (characters > MOST_CHARACTERS || !memory.test(characters))) {
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
