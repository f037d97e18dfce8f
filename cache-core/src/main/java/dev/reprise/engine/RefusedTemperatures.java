package dev.reprise.engine;

import dev.reprise.model.CacheRequest;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/*
 * Whether a model takes a temperature can depend on the other parameters (thinking, reasoning effort), so their names belong to
 * what is remembered.
 */
/** Remembers which models refused a temperature. Safe for use by several threads. */
final class RefusedTemperatures {
  /** How many kinds of requests are remembered: {@value}. */
  static final int MAXIMUM = 1000;

  private final Set<Kind> kinds = ConcurrentHashMap.newKeySet();

  /** What one refusal holds for. */
  private record Kind(String provider, String model, Set<String> parameters) {
    static Kind of(CacheRequest request) {
      Set<String> names = new TreeSet<>(request.parameters().values().keySet());
      names.remove(CacheRequest.TEMPERATURE);
      return new Kind(request.provider(), request.model(), names);
    }
  }

  void add(CacheRequest request) {
    if (kinds.size() < MAXIMUM) {
      kinds.add(Kind.of(request));
    }
  }

  boolean has(CacheRequest request) {
    return !kinds.isEmpty() && kinds.contains(Kind.of(request));
  }
}
