package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.engine.Outcome;

/**
 * A response, and how it was obtained.
 *
 * @param response the delegate's own object if this request called it; else one decoded from the
 *     cache or from the answer to an equal request
 * @param outcome how it was obtained
 */
public record ChatOutcome(ChatResponse response, Outcome.Answered outcome) {
  /** Returns whether the response came from the cache. */
  public boolean wasCached() {
    return outcome.wasCached();
  }
}
