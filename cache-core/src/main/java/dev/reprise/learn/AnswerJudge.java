package dev.reprise.learn;

import java.util.Objects;

/**
 * Decides whether two answers to similar questions mean the same. It runs in the background, after
 * the caller has the answer. Safe for use by several threads.
 */
@FunctionalInterface
public interface AnswerJudge {
  /** The result of a judge. */
  enum Judgement {
    /** Either answer would have done for both questions. */
    SAME,
    /** The answers say different things. */
    DIFFERENT,
    /** The judge cannot decide. The matcher learns nothing. */
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

  /**
   * Returns whether its {@link Judgement#SAME} also promotes the cached answer in a shared scope:
   * see {@code CacheEngine.Builder.promotionAfter}. Return false if it can miss what an attacker
   * added to an answer, such as an address. Default: true.
   */
  default boolean canApprove() {
    return true;
  }

  /** A judge that never decides. */
  AnswerJudge NONE = (fresh, cached) -> Judgement.UNKNOWN;
}
