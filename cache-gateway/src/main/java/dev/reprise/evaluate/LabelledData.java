package dev.reprise.evaluate;

import java.util.List;

/** Questions whose right answers are known. */
public sealed interface LabelledData {
  /** Returns where they come from. */
  String name();

  /** Returns how many lookups they are. */
  int size();

  /**
   * Pairs, each for itself: one question is stored, the other asked.
   *
   * @param name where they come from
   */
  record Pairs(String name, List<LabelledPair> pairs) implements LabelledData {
    public Pairs {
      pairs = List.copyOf(pairs);
    }

    @Override
    public int size() {
      return pairs.size();
    }

    /** Returns how many pairs are the same question. */
    public int same() {
      return (int) pairs.stream().filter(pair -> pair.label() == LabelledPair.Label.SAME).count();
    }
  }

  /**
   * A stream: questions ask a cache that is empty at first, in order; what it does not answer is
   * stored.
   *
   * @param name where they come from
   * @param arrivals in the order of arrival
   */
  record Stream(String name, List<Arrival> arrivals) implements LabelledData {
    public Stream {
      arrivals = List.copyOf(arrivals);
    }

    @Override
    public int size() {
      return arrivals.size();
    }
  }
}
