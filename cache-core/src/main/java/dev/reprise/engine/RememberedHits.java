package dev.reprise.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.key.ExactKey;
import dev.reprise.model.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * The semantic hits that were served, by the key of their entry: so an application can report an
 * entry without the question. Bounded; the oldest are forgotten. Safe for use by several threads.
 */
final class RememberedHits {
  /** How many entries are remembered. */
  private static final int MOST_ENTRIES = 10_000;

  /** How many questions an entry is remembered to have been served for. */
  private static final int MOST_OF_ENTRY = 8;

  private final Cache<ExactKey, List<Hit>> hits =
      Caffeine.newBuilder().maximumSize(MOST_ENTRIES).build();

  /**
   * An answer that was served.
   *
   * @param asked the question it was served for
   * @param cached the question it was made for
   * @param confidence how sure the matcher was
   */
  record Hit(Scope scope, String asked, String cached, double confidence) {
    boolean isFor(Scope otherScope, String otherAsked) {
      return scope.equals(otherScope) && asked.equals(otherAsked);
    }
  }

  /** Remembers a hit; an equal one moves to the end. */
  void add(ExactKey entry, Hit hit) {
    hits.asMap()
        .compute(
            entry,
            (key, before) -> {
              List<Hit> all = before == null ? new ArrayList<>() : new ArrayList<>(before);
              all.remove(hit);
              all.add(hit);
              return all.size() > MOST_OF_ENTRY ? all.subList(1, all.size()) : all;
            });
  }

  /** Returns the hits of an entry, the oldest first; none where none are remembered. */
  List<Hit> of(ExactKey entry) {
    return hits.asMap().getOrDefault(entry, List.of());
  }

  /** Forgets and returns the hits of an entry. */
  List<Hit> remove(ExactKey entry) {
    List<Hit> removed = hits.asMap().remove(entry);
    return removed == null ? List.of() : removed;
  }

  /** Forgets the hit of one question. */
  void forget(ExactKey entry, Scope scope, String asked) {
    hits.asMap()
        .computeIfPresent(
            entry,
            (key, before) -> {
              List<Hit> rest = new ArrayList<>(before);
              rest.removeIf(hit -> hit.isFor(scope, asked));
              return rest.isEmpty() ? null : rest;
            });
  }
}
