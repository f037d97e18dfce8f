package dev.reprise.cli.demo;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.CacheListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers what went wrong within the cache. Safe for use by several threads. */
final class TroubleLog implements CacheListener {
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private final Map<String, String> examples = new LinkedHashMap<>();
  private final Map<String, CacheEvent.CircuitState> states = new LinkedHashMap<>();
  private final List<String> circuits = new ArrayList<>();
  private int dropped;

  @Override
  public synchronized void onEvent(CacheEvent event) {
    if (event instanceof CacheEvent.Trouble trouble) {
      counts.merge(trouble.part(), 1, Integer::sum);
      examples.putIfAbsent(trouble.part(), String.valueOf(trouble.cause().getMessage()));
    } else if (event instanceof CacheEvent.Circuit circuit) {
      // A failed probe tells again that the circuit is open.
      if (states.put(circuit.tier(), circuit.state()) != circuit.state()) {
        circuits.add(
            circuit.tier()
                + (circuit.state() == CacheEvent.CircuitState.OPEN
                    ? ": failed too often; the cache went on without it"
                    : ": answered again"));
      }
    } else if (event instanceof CacheEvent.WriteDropped) {
      dropped++;
    }
  }

  /** Returns what it remembers, in lines for people. */
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (part, count) ->
            lines.add(part + ": failed " + count + " times, first with: " + examples.get(part)));
    lines.addAll(circuits);
    if (dropped > 0) {
      lines.add(dropped + " rows were not written to the semantic tier");
    }
    return lines;
  }
}
