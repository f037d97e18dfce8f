package dev.reprise.match;

import java.util.Optional;

/** A matcher that learns its error rate from judged decisions. Safe for use by several threads. */
public interface LearningMatcher extends Matcher {
  /**
   * Names what this matcher's confidence is: {@linkplain #observe observations} of a matcher of
   * another process are of use to this one where both have the same name. Default: empty, they are
   * of no use.
   */
  default String confidenceKind() {
    return "";
  }

  /**
   * Learns from what became known about a lookup.
   *
   * @param observation of this matcher's own decisions
   */
  void observe(Observation observation);

  /** Returns the estimated rate of wrong answers; empty if there is no estimate. */
  Optional<RiskReport> risk();

  /**
   * Returns the learned state from {@linkplain #observe observations}, for {@link #restore}; empty
   * if there is none.
   */
  String snapshot();

  /**
   * Replaces the learned state with a snapshot.
   *
   * @param snapshot from {@link #snapshot}; if empty, the matcher starts over
   * @return false if the matcher cannot use the snapshot; it starts over then, too
   */
  boolean restore(String snapshot);
}
