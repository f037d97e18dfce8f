package dev.reprise.match;

import dev.reprise.model.Similarity;
import java.util.List;

/** How crowded it is around a question. */
final class Crowding {
  /** Which of the candidates, nearest first, tells it: {@value}. */
  static final int RANK = 5;

  private Crowding() {}

  /**
   * Returns the cosine of the fifth nearest candidate, or 0 where there are fewer or it is farther
   * than at a right angle.
   */
  static double of(List<Similarity> around) {
    return around.size() < RANK ? 0 : Math.max(0, around.get(RANK - 1).cosine());
  }
}
