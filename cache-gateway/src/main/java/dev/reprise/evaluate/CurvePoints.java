package dev.reprise.evaluate;

import java.util.ArrayList;
import java.util.List;

/** Leaves out the points of a curve that nobody could tell from their neighbours. */
final class CurvePoints {
  /** How far apart points are at least on the axis of wrong answers: {@value}. */
  static final double LEAST_WRONG = 0.0005;

  /** How far apart points are at least on the axis of hits: {@value}. */
  static final double LEAST_HITS = 0.002;

  private final List<Curve.Point> kept = new ArrayList<>();
  private Curve.Point last = new Curve.Point(Double.POSITIVE_INFINITY, 0, 0);

  /** Adds the next point, surest first. */
  void add(Curve.Point point) {
    Curve.Point before = kept.isEmpty() ? last : kept.get(kept.size() - 1);
    if (kept.isEmpty()
        || point.wrong() - before.wrong() >= LEAST_WRONG
        || point.hits() - before.hits() >= LEAST_HITS) {
      kept.add(point);
    }
    last = point;
  }

  /** Returns the points, the first and the last always among them. */
  List<Curve.Point> thinned() {
    if (!kept.isEmpty() && !kept.get(kept.size() - 1).equals(last)) {
      kept.add(last);
    }
    return List.copyOf(kept);
  }
}
