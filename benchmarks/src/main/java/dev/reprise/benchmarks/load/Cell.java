package dev.reprise.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of one contender, in one scenario, on so many connections.
 *
 * @param samples one of each round, in their order
 */
record Cell(Scenario scenario, String contender, int connections, List<Wrk.Sample> samples) {
  Cell {
    samples = List.copyOf(samples);
  }

  /** The least, the middle and the greatest of some numbers. */
  record Spread(double least, double median, double greatest) {
    static Spread of(List<Double> numbers) {
      List<Double> sorted = numbers.stream().sorted().toList();
      int half = sorted.size() / 2;
      double median =
          sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
      return new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1));
    }
  }

  /** Returns a figure over the rounds. */
  Spread spread(ToDoubleFunction<Wrk.Sample> figure) {
    return Spread.of(samples.stream().map(figure::applyAsDouble).toList());
  }

  /** Returns a figure of this beside the other's of the same round, over the rounds. */
  Spread against(Cell other, Comparison comparison) {
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      numbers.add(comparison.of(samples.get(i), other.samples.get(i)));
    }
    return Spread.of(numbers);
  }

  /** Puts two samples of a round into one number. */
  @FunctionalInterface
  interface Comparison {
    double of(Wrk.Sample own, Wrk.Sample other);
  }
}
