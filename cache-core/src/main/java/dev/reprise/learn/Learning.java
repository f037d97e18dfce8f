package dev.reprise.learn;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * How the engine's matcher learns in place, beside the feedback that an application gives.
 *
 * <p>A miss fetches an answer anyway; the judge compares it with the answer of the surest candidate
 * that was rejected, so that it becomes known whether that would have been right. Of the hits by
 * meaning a share is checked: the upstream is called once more behind the caller's back, and the
 * judge compares. Both teach the matcher from where on it holds its bound here.
 *
 * @param judge compares answers
 * @param checked the share of hits by meaning that are checked, from 0 to 1; each costs one call of
 *     the upstream, on a thread of the engine
 * @param store keeps what was learnt over a restart
 */
public record Learning(AnswerJudge judge, double checked, LearningStore store) {
  /** The default of {@code checked} where a matcher learns: {@value}. */
  public static final double DEFAULT_CHECKED = 0.02;

  public Learning {
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(store, "store");
    Checks.inRange("checked share", checked, 0, 1);
  }

  /** Returns no learning but from feedback, kept until the engine is closed. */
  public static Learning fromFeedbackOnly() {
    return new Learning(AnswerJudge.NONE, 0, LearningStore.none());
  }

  /**
   * Returns learning by {@code judge}: every miss is judged, and {@value #DEFAULT_CHECKED} of the
   * hits are checked. Nothing is kept.
   */
  public static Learning by(AnswerJudge judge) {
    return new Learning(judge, DEFAULT_CHECKED, LearningStore.none());
  }

  /** Returns the same with another share of hits that are checked. */
  public Learning withChecked(double share) {
    return new Learning(judge, share, store);
  }

  /** Returns the same, kept in {@code store}. */
  public Learning withStore(LearningStore store) {
    return new Learning(judge, checked, store);
  }
}
