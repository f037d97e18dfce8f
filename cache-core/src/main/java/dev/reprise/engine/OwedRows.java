package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Remembers entries whose row was dropped, within a bound. Safe for use by several threads. */
final class OwedRows {
  private final int most;
  private final Set<ExactKey> keys = new LinkedHashSet<>();

  OwedRows(int most) {
    this.most = most;
  }

  /** Remembers an entry; where there are too many already, it stays without a row. */
  synchronized void add(ExactKey key) {
    if (keys.size() < most) {
      keys.add(key);
    }
  }

  /** Takes the oldest out. */
  synchronized Optional<ExactKey> poll() {
    Iterator<ExactKey> all = keys.iterator();
    if (!all.hasNext()) {
      return Optional.empty();
    }
    ExactKey key = all.next();
    all.remove();
    return Optional.of(key);
  }

  synchronized int size() {
    return keys.size();
  }
}
