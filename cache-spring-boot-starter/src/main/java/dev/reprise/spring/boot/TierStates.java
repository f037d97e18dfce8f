package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.CacheListener;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers which tiers are away, and what failed last. */
final class TierStates implements CacheListener {
  private final Map<String, CacheEvent.CircuitState> circuits = new ConcurrentHashMap<>();
  private final Map<String, String> trouble = new ConcurrentHashMap<>();

  @Override
  public void onEvent(CacheEvent event) {
    if (event instanceof CacheEvent.Circuit circuit) {
      circuits.put(circuit.tier(), circuit.state());
    } else if (event instanceof CacheEvent.Trouble failure) {
      Throwable cause = failure.cause();
      String message = cause.getMessage();
      trouble.put(failure.part(), message == null ? cause.getClass().getSimpleName() : message);
    }
  }

  /** Returns the tiers that are not asked now, and what failed last there. */
  Map<String, String> away() {
    Map<String, String> away = new TreeMap<>();
    circuits.forEach(
        (tier, state) -> {
          if (state == CacheEvent.CircuitState.OPEN) {
            away.put(tier, trouble.getOrDefault(tier, "unknown"));
          }
        });
    return away;
  }
}
