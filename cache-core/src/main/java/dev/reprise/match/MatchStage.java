package dev.reprise.match;

/** A stage of a {@link MatchDecision}, in order of cost. */
public enum MatchStage {
  /** Whether a hit of this pair, or of one near it, was reported as wrong. */
  FEEDBACK,
  /** How near the two questions are. */
  SIMILARITY,
  /** Whether they are the same words. */
  EQUALITY,
  /** Whether a {@link Guard} sees a difference that counts. */
  GUARDS,
  /** The {@link Verifier} reads the pair. */
  VERIFIER,
  /** Whether that is sure enough for the {@link WrongAnswerBound}. */
  BOUND,
  /**
   * Whether enough contributors of the shared scope asked the same, or an administrator or a judge
   * approved the answer. The engine decides it after the matcher has accepted.
   */
  PROMOTION,
  /** The whole matcher, if it names no stage. */
  MATCHER
}
