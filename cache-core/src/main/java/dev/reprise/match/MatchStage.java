package dev.reprise.match;

/** A step on the way to a {@link MatchDecision}, cheap before dear. */
public enum MatchStage {
  /** Whether a hit of this pair, or of one near it, was reported as wrong. */
  FEEDBACK,
  /** How near the two questions are. */
  SIMILARITY,
  /** Whether they are the same words. */
  EQUALITY,
  /** Whether a {@link Guard} sees a difference that counts. */
  GUARDS,
  /** What a {@link Verifier} reads in the pair. */
  VERIFIER,
  /** Whether that is sure enough for the {@link WrongAnswerBound}. */
  BOUND,
  /** The matcher as a whole, where it names no stage. */
  MATCHER
}
