package dev.reprise.learn;

import java.util.Objects;

/**
 * Tells whether two answers to near questions say the same. It runs behind the caller's back, after
 * the answer was given. Safe for use by several threads.
 */
@FunctionalInterface
public interface AnswerJudge {
  /** What a judge found. */
  enum Judgement {
    /** Either answer would have done for both questions. */
    SAME,
    /** The answers say different things. */
    DIFFERENT,
    /** It cannot tell: nothing is learnt. */
    UNKNOWN
  }

  /**
   * A question and its answer.
   *
   * @param question as the user wrote it
   * @param answer the text of the answer
   */
  record Exchange(String question, String answer) {
    public Exchange {
      Objects.requireNonNull(question, "question");
      Objects.requireNonNull(answer, "answer");
    }
  }

  /**
   * Returns whether {@code cached}'s answer would have been right for {@code fresh}'s question.
   *
   * @param fresh the question that was asked, and the answer that the upstream gave to it
   * @param cached the near question, and the answer that is cached for it
   */
  Judgement judge(Exchange fresh, Exchange cached);

  /** A judge that never can tell, and need not be asked. */
  AnswerJudge NONE = (fresh, cached) -> Judgement.UNKNOWN;
}
