package dev.reprise.langchain4j;

import dev.reprise.engine.Outcome;

/**
 * A chain's answer, and how it was obtained.
 *
 * @param answer the chain's own object if this question ran it; else one decoded from the cache or
 *     from the answer to an equal question
 * @param outcome how it was obtained
 * @param <T> the type of the chain's answers
 */
public record ChainOutcome<T>(T answer, Outcome.Answered outcome) {
  /** Returns whether the answer came from the cache, so that the chain did not run. */
  public boolean wasCached() {
    return outcome.wasCached();
  }
}
