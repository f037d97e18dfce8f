package dev.reprise.learn;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * How the engine's matcher learns from your traffic, in addition to feedback.
 *
 * <p>On a miss, the judge compares the fresh answer with the answer of the surest rejected
 * candidate. For a share of the hits by meaning, the upstream is called again in the background,
 * and the judge compares. From both, the matcher learns which confidence holds its bound.
 *
 * @param judge compares answers
 * @param checked the share of hits by meaning that are checked, from 0 to 1; each costs one call of
 *     the upstream, on a thread of the engine
 * @param store saves the learned state over a restart
 */
public record Learning(AnswerJudge judge, double checked, LearningStore store) {
  /** The default of {@code checked} where a matcher learns: {@value}. */
  public static final double DEFAULT_CHECKED = 0.02;

  public Learning {
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(store, "store");
    Checks.inRange("checked share", checked, 0, 1);
  }

  /** Returns learning from feedback only, kept until the engine is closed. */
  public static Learning fromFeedbackOnly() {
    return new Learning(AnswerJudge.NONE, 0, LearningStore.none());
  }

  /**
   * Returns learning by {@code judge}: every miss is judged, and {@value #DEFAULT_CHECKED} of the
   * hits are checked. The learned state is not saved.
   */
  public static Learning by(AnswerJudge judge) {
    return new Learning(judge, DEFAULT_CHECKED, LearningStore.none());
  }

  /** Returns a copy with another share of checked hits. */
  public Learning withChecked(double share) {
    return new Learning(judge, share, store);
  }

  /** Returns a copy that saves its state in {@code store}. */
  public Learning withStore(LearningStore store) {
    return new Learning(judge, checked, store);
  }
}
