package dev.reprise.evaluate;

import dev.reprise.embed.Vector;
import dev.reprise.model.Similarity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a cache holds in the course of a stream, in one scope. Not safe for several threads. */
final class StreamCache {
  /**
   * A stored question.
   *
   * @param number which arrival it is
   */
  record Row(int number, Arrival arrival, Vector vector) {}

  /** A stored question near the one that is asked. */
  record Near(Row row, Similarity similarity) {}

  private static final Comparator<Near> NEAREST_FIRST =
      Comparator.comparing(Near::similarity)
          .reversed()
          .thenComparingInt(near -> near.row().number());

  private final EarlierTexts earlier;
  private final Map<String, Arrival> exact = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final Map<Integer, Row> byOrdinal = new HashMap<>();

  /** The rows that no ordinal finds. */
  private final List<Row> others = new ArrayList<>();

  private int lastOrdinal = -1;

  StreamCache(EarlierTexts earlier) {
    this.earlier = earlier;
  }

  /** Returns the stored question that is byte for byte the same. */
  Optional<Arrival> exact(String query) {
    return Optional.ofNullable(exact.get(query));
  }

  /** Stores an arrival that can be found exactly only. */
  void store(Arrival arrival) {
    exact.put(arrival.query(), arrival);
  }

  /**
   * Stores an arrival.
   *
   * @param comparable what its vector is of
   */
  void store(Arrival arrival, int number, String comparable, Vector vector) {
    store(arrival);
    Row row = new Row(number, arrival, vector);
    rows.add(row);
    int ordinal = earlier.ordinal(comparable);
    if (ordinal < 0 || byOrdinal.putIfAbsent(ordinal, row) != null) {
      others.add(row);
    } else {
      lastOrdinal = Math.max(lastOrdinal, ordinal);
    }
  }

  /**
   * Returns the stored questions nearest to a text, nearest first: exactly, as a full scan would.
   */
  List<Near> nearest(String comparable, Vector vector, int limit) {
    List<Near> near = new ArrayList<>();
    int ordinal = earlier.ordinal(comparable);
    // What is known of a text is which of those before it are near.
    if (ordinal > lastOrdinal && addKnown(near, ordinal, vector, limit)) {
      others.forEach(row -> near.add(near(row, vector)));
    } else {
      near.clear();
      rows.forEach(row -> near.add(near(row, vector)));
    }
    near.sort(NEAREST_FIRST);
    return List.copyOf(near.subList(0, Math.min(limit, near.size())));
  }

  /** Adds the nearest rows before that text; says whether there are no nearer ones. */
  private boolean addKnown(List<Near> near, int ordinal, Vector vector, int limit) {
    int[] known = earlier.nearest(ordinal);
    for (int candidate : known) {
      Row row = byOrdinal.get(candidate);
      if (row != null) {
        near.add(near(row, vector));
        if (near.size() == limit) {
          return true;
        }
      }
    }
    return known.length == ordinal;
  }

  private static Near near(Row row, Vector vector) {
    return new Near(row, vector.similarity(row.vector()));
  }
}
