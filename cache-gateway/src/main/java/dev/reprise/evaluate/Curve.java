package dev.reprise.evaluate;

import java.util.List;

/**
 * What a family of matchers reaches at every operating point.
 *
 * @param family the family's name
 * @param points from the surest to the least sure
 */
public record Curve(String family, List<Point> points) {
  /** What is no surer than this is on no curve: no bound is so lax as to accept it. */
  static final double LEAST = 0;

  public Curve {
    points = List.copyOf(points);
  }

  /**
   * What comes of accepting everything with at least some confidence.
   *
   * @param leastConfidence the least confidence that is accepted
   * @param wrong how often that is wrong: of pairs, the share of those that are not the same; of a
   *     stream, the share of all lookups
   * @param hits how often that hits: of pairs, the share of those that are the same; of a stream,
   *     the share of all lookups
   */
  public record Point(double leastConfidence, double wrong, double hits) {}
}
