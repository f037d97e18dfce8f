package dev.reprise.engine;

import dev.reprise.model.CacheRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts events and passes them to the listeners. Safe for use by several threads. */
final class EventHub {
  private static final Logger LOG = LoggerFactory.getLogger(CacheEngine.class);

  private final StatsCounter stats = new StatsCounter();
  private final List<CacheListener> listeners;
  private final List<RequestListener> requestListeners;

  EventHub(List<CacheListener> listeners, List<RequestListener> requestListeners) {
    this.listeners = List.copyOf(listeners);
    this.requestListeners = List.copyOf(requestListeners);
  }

  StatsCounter stats() {
    return stats;
  }

  void emit(CacheEvent event) {
    stats.count(event);
    for (CacheListener listener : listeners) {
      try {
        listener.onEvent(event);
      } catch (Throwable e) {
        LOG.warn("A cache listener failed; it is asked again next time", e);
      }
    }
  }

  /** Reports that a part of the cache failed. */
  void trouble(String part, Throwable cause) {
    emit(new CacheEvent.Trouble(part, cause));
  }

  /** Runs an awaited request. */
  @FunctionalInterface
  interface Run<R, X extends Exception> {
    Served<R> run() throws X;
  }

  /**
   * Runs a request and reports its end exactly once.
   *
   * @param request null where its integration could not map it
   */
  <R, X extends Exception> Served<R> reporting(@Nullable CacheRequest request, Run<R, X> run)
      throws X {
    Served<R> served;
    try {
      served = run.run();
    } catch (Throwable e) {
      ended(request, new CacheEvent.Failed(e));
      throw e;
    }
    ended(request, new CacheEvent.Finished(served.outcome()));
    return served;
  }

  /** Returns what reports how a stream ended; {@code request} as above. */
  StreamOutlet.End endOf(@Nullable CacheRequest request) {
    return end -> ended(request, end);
  }

  /**
   * Reports how a request ended.
   *
   * @param request null where its integration could not map it
   */
  void ended(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    emit(end);
    for (RequestListener listener : requestListeners) {
      try {
        listener.onEnd(request, end);
      } catch (Throwable e) {
        LOG.warn("A listener to requests failed; it is asked again next time", e);
      }
    }
  }
}
