package dev.reprise.match;

/** From where on a matcher holds a bound. */
record HeldBound(WrongAnswerBound bound, OperatingPoint point) {
  /** Returns the one that accepts less. */
  HeldBound stricter(HeldBound other) {
    return other.point.leastConfidence() > point.leastConfidence() ? other : this;
  }

  /** Says from which confidence on a pair is accepted, and why. */
  String enough() {
    return point.words(bound);
  }
}
