package dev.reprise.model;

import dev.reprise.model.internal.Checks;

/** How many tokens a call cost. */
public sealed interface TokenUsage {

  /** The provider did not report it. */
  record Unknown() implements TokenUsage {}

  /**
   * The provider reported it.
   *
   * @param inputTokens the tokens of the prompt, 0 or more
   * @param outputTokens the tokens of the answer, 0 or more
   */
  record Known(long inputTokens, long outputTokens) implements TokenUsage {
    public Known {
      Checks.inRange("input tokens", inputTokens, 0, Long.MAX_VALUE);
      Checks.inRange("output tokens", outputTokens, 0, Long.MAX_VALUE);
    }
  }
}
