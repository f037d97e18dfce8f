package dev.reprise.engine;

import dev.reprise.embed.Vector;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/*
 * The pair itself is known by a hash of its texts: whatever the matcher learns or forgets, whatever the embedder does, it stays
 * forbidden. What is near it is known by vectors. Lookups read lists that never change; whoever adds makes new ones.
 */
/**
 * Pairs of questions of which a hit was reported as wrong. Neither they nor what is near to both of
 * them is ever a hit again, either way round, until {@value #MOST} others were reported. Safe for
 * use by several threads.
 */
final class Vetoes {
  /** What is at least so near to a reported question is treated like it. */
  static final Similarity NEAR = new Similarity(0.95);

  /** How many pairs are remembered, of all scopes; then the oldest are forgotten: {@value}. */
  static final int MOST = 10_000;

  private final Map<Scope, List<Veto>> byScope = new ConcurrentHashMap<>();
  private final Deque<Veto> inOrder = new ArrayDeque<>();

  /**
   * A reported pair.
   *
   * @param pair see {@link #pair}
   * @param near where the two questions are; empty where they could not be embedded
   */
  record Veto(Scope scope, ContentHash pair, Optional<Place> near) {}

  /**
   * Where a pair of questions is.
   *
   * @param asked the vector of the question that was asked
   * @param cached the vector of the question whose answer was served
   */
  record Place(Vector asked, Vector cached) {}

  /** Returns what two questions are known by, whichever of them was asked. */
  static ContentHash pair(String one, String other) {
    String both =
        one.compareTo(other) < 0
            ? one + '\n' + one.length() + other
            : other + '\n' + other.length() + one;
    return ContentHash.of(both.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a pair, unless it is there already with all that is known of it. */
  synchronized void add(Veto veto) {
    if (byScope.getOrDefault(veto.scope(), List.of()).stream()
        .anyMatch(
            known ->
                known.pair().equals(veto.pair())
                    && (known.near().isPresent() || veto.near().isEmpty()))) {
      return;
    }
    inOrder.addLast(veto);
    List<Veto> more = new ArrayList<>(byScope.getOrDefault(veto.scope(), List.of()));
    more.add(veto);
    byScope.put(veto.scope(), List.copyOf(more));
    if (inOrder.size() > MOST) {
      Veto oldest = inOrder.removeFirst();
      List<Veto> rest = new ArrayList<>(byScope.getOrDefault(oldest.scope(), List.of()));
      rest.remove(oldest);
      if (rest.isEmpty()) {
        byScope.remove(oldest.scope());
      } else {
        byScope.put(oldest.scope(), List.copyOf(rest));
      }
    }
  }

  /** Returns whether a pair was reported itself. */
  boolean isReported(Scope scope, String asked, String cached) {
    List<Veto> vetoes = byScope.getOrDefault(scope, List.of());
    if (vetoes.isEmpty()) {
      return false;
    }
    ContentHash pair = pair(asked, cached);
    return vetoes.stream().anyMatch(veto -> veto.pair().equals(pair));
  }

  /** Returns what is forbidden as an answer to a question of {@code scope} at {@code asked}. */
  Forbidden forbidden(Scope scope, Vector asked) {
    List<Veto> vetoes = byScope.getOrDefault(scope, List.of());
    List<Vector> partners = new ArrayList<>();
    for (Veto veto : vetoes) {
      veto.near()
          .ifPresent(
              place -> {
                if (isNear(asked, place.asked())) {
                  partners.add(place.cached());
                }
                if (isNear(asked, place.cached())) {
                  partners.add(place.asked());
                }
              });
    }
    return new Forbidden(vetoes, partners);
  }

  private static boolean isNear(Vector one, Vector other) {
    return one.dimension() == other.dimension() && one.similarity(other).isAtLeast(NEAR);
  }

  /**
   * What one lookup may not be answered by.
   *
   * @param vetoes of its scope
   * @param partners of the reported questions near the one that is asked
   */
  record Forbidden(List<Veto> vetoes, List<Vector> partners) {
    /**
     * Returns whether the answer to {@code cached} may not be served for {@code asked}.
     *
     * @param vector gives the vector of the cached question; asked only where it may matter. Where
     *     it has none, nobody can tell, and it is forbidden
     */
    boolean has(String asked, String cached, Supplier<Optional<Vector>> vector) {
      if (vetoes.isEmpty()) {
        return false;
      }
      ContentHash pair = pair(asked, cached);
      if (vetoes.stream().anyMatch(veto -> veto.pair().equals(pair))) {
        return true;
      }
      if (partners.isEmpty()) {
        return false;
      }
      Optional<Vector> place = vector.get();
      return place.isEmpty() || partners.stream().anyMatch(other -> isNear(place.get(), other));
    }
  }

  /** Returns all of them, oldest first. */
  synchronized List<Veto> all() {
    return List.copyOf(inOrder);
  }
}
