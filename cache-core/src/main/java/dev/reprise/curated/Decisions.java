package dev.reprise.curated;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last thing that is known of each name. Bounded; the oldest are forgotten. Safe for use by
 * several threads.
 *
 * @param <N> the kind of names
 * @param <C> the kind of changes
 */
final class Decisions<N, C> {
  private final int most;
  private final Map<N, C> changes = new LinkedHashMap<>();

  Decisions(int most) {
    this.most = most;
  }

  synchronized @Nullable C get(N name) {
    return changes.get(name);
  }

  synchronized void put(N name, C change) {
    changes.remove(name);
    changes.put(name, change);
    if (changes.size() > most) {
      changes.remove(changes.keySet().iterator().next());
    }
  }

  synchronized List<C> all() {
    return List.copyOf(changes.values());
  }
}
