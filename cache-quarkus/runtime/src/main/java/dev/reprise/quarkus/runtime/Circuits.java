package dev.reprise.quarkus.runtime;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.CacheListener;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Remembers which tiers are not asked at the moment. */
@Singleton
public class Circuits implements CacheListener {
  private final Set<String> open = new ConcurrentSkipListSet<>();

  @Override
  public void onEvent(CacheEvent event) {
    if (event instanceof CacheEvent.Circuit circuit) {
      if (circuit.state() == CacheEvent.CircuitState.OPEN) {
        open.add(circuit.tier());
      } else {
        open.remove(circuit.tier());
      }
    }
  }

  /** Returns the names of the tiers whose circuit is open, in order. */
  Set<String> open() {
    return new TreeSet<>(open);
  }
}
