package dev.reprise.testing;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.CacheListener;
import dev.reprise.engine.CacheStats;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that remembers every event, and checks the engine's books by them. */
public final class EventLog implements CacheListener {
  private final List<CacheEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void onEvent(CacheEvent event) {
    events.add(event);
  }

  /** Returns every event so far. */
  public List<CacheEvent> events() {
    return List.copyOf(events);
  }

  /** Returns the events of one kind so far. */
  public <E extends CacheEvent> List<E> of(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /**
   * Checks that each of {@code requests} requests had one terminal event, and that the counters add
   * up.
   */
  public void audit(CacheStats stats, long requests) {
    long ends = of(CacheEvent.Terminal.class).size();
    require(ends == requests, ends + " terminal events for " + requests + " requests");
    require(stats.requests() == requests, "requests " + stats.requests() + ", not " + requests);
    long sum =
        stats.exactHits()
            + stats.semanticHits()
            + stats.curatedHits()
            + stats.computed()
            + stats.bypassed()
            + stats.unsatisfied()
            + stats.failed()
            + stats.cancelled();
    require(sum == requests, "the ends add up to " + sum + ", not " + requests);
    long own = stats.computed() - stats.shared();
    // A call whose caller cancelled may still have answered the others, or nobody.
    require(
        own <= stats.stored() + stats.notStored()
            && stats.stored() + stats.notStored() <= own + stats.cancelled(),
        stats.stored() + " stored, " + stats.notStored() + " not stored, of " + own + " computed");
    require(
        stats.upstreamCalls() >= own + stats.bypassed(),
        stats.upstreamCalls() + " upstream calls for " + own + " answers");
    require(sum(stats.exactHitsByTier().values()) == stats.exactHits(), "exact hits by tier");
    require(sum(stats.bypassedByReason().values()) == stats.bypassed(), "bypassed by reason");
    require(sum(stats.notStoredByReason().values()) == stats.notStored(), "not stored by reason");
    require(
        sum(stats.troubleByPart().values()) == of(CacheEvent.Trouble.class).size(),
        "trouble by part");
  }

  private static long sum(Iterable<Long> counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  private void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("the engine's books are wrong: " + what + "; events: " + events);
    }
  }
}
