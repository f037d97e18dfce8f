package dev.reprise.verify;

import dev.reprise.match.Calibration;
import dev.reprise.match.Calibration.Band;
import dev.reprise.match.Calibration.Point;
import dev.reprise.match.Calibration.Sample;
import dev.reprise.match.WrongAnswerBound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fits what a calibration needs to follow the traffic: how often candidates of each probability are
 * wrong in the worst set, and how often ordinary lookups have such candidates.
 */
final class TrafficBands {
  /**
   * Where the bound may still be held on traffic with few near candidates. Chosen on the
   * calibration part, so that some 4 % of the hits on open questions, and in the dense domain, are
   * wrong at 1 %. 0.5 % has none: its point stays.
   */
  static final List<Point> FLOORS =
      List.of(floor(0.01, 0.93), floor(0.02, 0.9), floor(0.05, 0.82), floor(0.1, 0.52));

  /** The lower ends of the bands, in log-odds. */
  private static final double[] EDGES = {0, 0.5, 1, 1.5, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 5};

  /** How many lookups all sets together count for in the rate of one. */
  private static final double POOLED = 40;

  /** The lookups that are taken for ordinary traffic. */
  private static final Set<String> ORDINARY = Set.of("qqp", "mined_quora");

  /** Sums of lookups, of squares of what one pair stands for, and of wrong ones. */
  private static final class Sums {
    private double lookups;
    private double squares;
    private double wrong;

    void add(Sample sample) {
      lookups += sample.weight();
      squares += sample.weight() * sample.weight();
      wrong += sample.isSame() ? 0 : sample.weight();
    }

    /** Returns how many lookups of weight 1 would be as uncertain. */
    double read() {
      return lookups == 0 ? 0 : lookups * lookups / squares;
    }

    /** Returns the rate, with half a wrong one more. */
    double pooled() {
      double usual = lookups == 0 ? 1 : squares / lookups;
      return (wrong + usual / 2) / (lookups + usual);
    }

    double towards(double pooled) {
      return lookups == 0 ? 0 : (wrong / lookups * read() + pooled * POOLED) / (read() + POOLED);
    }
  }

  private TrafficBands() {}

  private static Point floor(double rate, double least) {
    return new Point(WrongAnswerBound.perLookup(rate), least);
  }

  /**
   * Returns {@code shape} with bands and floors.
   *
   * @param halves lookups of each set, or half of one
   */
  static Calibration with(Calibration shape, Map<String, List<Sample>> halves) {
    double ordinary =
        halves.entrySet().stream()
            .filter(half -> ORDINARY.contains(half.getKey()))
            .flatMap(half -> half.getValue().stream())
            .mapToDouble(Sample::weight)
            .sum();
    double[] wrong = new double[EDGES.length];
    double[] read = new double[EDGES.length];
    double[] share = new double[EDGES.length];
    for (int i = 0; i < EDGES.length; i++) {
      Sums all = new Sums();
      List<Sums> each = new ArrayList<>();
      for (Map.Entry<String, List<Sample>> half : halves.entrySet()) {
        Sums sums = new Sums();
        for (Sample sample : half.getValue()) {
          if (band(shape, sample) == i) {
            sums.add(sample);
            all.add(sample);
          }
        }
        share[i] += ORDINARY.contains(half.getKey()) ? sums.lookups / ordinary : 0;
        each.add(sums);
      }
      double pooled = all.pooled();
      wrong[i] = each.stream().mapToDouble(sums -> sums.towards(pooled)).max().orElse(pooled);
      wrong[i] = Math.max(wrong[i], pooled);
      read[i] = all.read();
    }
    falling(wrong, read);
    List<Band> bands = new ArrayList<>();
    for (int i = 0; i < EDGES.length; i++) {
      bands.add(new Band(1 / (1 + Math.exp(-EDGES[i])), wrong[i], read[i], share[i]));
    }
    return new Calibration(
        shape.bias(), shape.scale(), shape.crowding(), shape.points(), bands, FLOORS);
  }

  private static int band(Calibration shape, Sample sample) {
    int band = -1;
    double logOdds = shape.bias() + shape.scale() * sample.logOdds();
    while (band + 1 < EDGES.length && EDGES[band + 1] <= logOdds) {
      band++;
    }
    return band;
  }

  /** Pools adjacent bands until no surer one is more often wrong. */
  private static void falling(double[] wrong, double[] read) {
    List<double[]> blocks = new ArrayList<>();
    for (int i = 0; i < wrong.length; i++) {
      blocks.add(new double[] {wrong[i], read[i], 1});
      while (blocks.size() > 1
          && blocks.get(blocks.size() - 2)[0] < blocks.get(blocks.size() - 1)[0]) {
        double[] upper = blocks.remove(blocks.size() - 1);
        double[] lower = blocks.remove(blocks.size() - 1);
        double both = lower[1] + upper[1];
        double mean = (lower[0] * lower[1] + upper[0] * upper[1]) / both;
        blocks.add(new double[] {mean, both, lower[2] + upper[2]});
      }
    }
    int at = 0;
    for (double[] block : blocks) {
      for (int i = 0; i < block[2]; i++) {
        wrong[at] = block[0];
        at++;
      }
    }
  }
}
