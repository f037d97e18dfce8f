package dev.reprise.engine;

import dev.reprise.embed.Vector;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of questions of which a hit was reported as wrong. Neither they nor what is near to both of
 * them is ever a hit again, either way round. Safe for use by several threads.
 */
final class Vetoes {
  /** What is at least so near to a reported question is treated like it. */
  static final Similarity NEAR = new Similarity(0.95);

  /** How many pairs of a scope are remembered; then the oldest are forgotten: {@value}. */
  static final int MOST = 1_000;

  private final Map<Scope, Deque<Veto>> byScope = new ConcurrentHashMap<>();

  /**
   * A reported pair.
   *
   * @param asked the vector of the question that was asked
   * @param cached the vector of the question whose answer was served
   */
  record Veto(Scope scope, Vector asked, Vector cached) {}

  void add(Veto veto) {
    Deque<Veto> vetoes = byScope.computeIfAbsent(veto.scope(), unused -> new ArrayDeque<>());
    synchronized (vetoes) {
      vetoes.addLast(veto);
      if (vetoes.size() > MOST) {
        vetoes.removeFirst();
      }
    }
  }

  /**
   * Returns whether the answer to a question may not be served for another one.
   *
   * @param cached gives the vector of the cached question; asked only where the other is near a
   *     reported one. Null where it has none
   */
  boolean forbid(Scope scope, Vector asked, Supplier<@Nullable Vector> cached) {
    Deque<Veto> vetoes = byScope.get(scope);
    if (vetoes == null) {
      return false;
    }
    List<Vector> partners = new ArrayList<>();
    synchronized (vetoes) {
      for (Veto veto : vetoes) {
        if (isNear(asked, veto.asked())) {
          partners.add(veto.cached());
        }
        if (isNear(asked, veto.cached())) {
          partners.add(veto.asked());
        }
      }
    }
    if (partners.isEmpty()) {
      return false;
    }
    Vector other = cached.get();
    return other != null && partners.stream().anyMatch(partner -> isNear(other, partner));
  }

  private static boolean isNear(Vector one, Vector other) {
    return one.dimension() == other.dimension() && one.similarity(other).isAtLeast(NEAR);
  }

  /** Returns all of them, oldest first. */
  List<Veto> all() {
    List<Veto> all = new ArrayList<>();
    for (Deque<Veto> vetoes : byScope.values()) {
      synchronized (vetoes) {
        for (Iterator<Veto> each = vetoes.iterator(); each.hasNext(); ) {
          all.add(each.next());
        }
      }
    }
    return all;
  }
}
