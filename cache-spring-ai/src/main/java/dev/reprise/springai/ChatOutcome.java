package dev.reprise.springai;

import dev.reprise.engine.Outcome;
import java.util.Objects;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * A response, and how it was obtained.
 *
 * @param response the delegate's own object where this request called it; else one that was read
 *     from the cache, or from the answer to an equal request
 * @param outcome how it was obtained
 */
public record ChatOutcome(ChatResponse response, Outcome.Answered outcome) {
  public ChatOutcome {
    Objects.requireNonNull(response, "response");
    Objects.requireNonNull(outcome, "outcome");
  }

  /** Returns whether the response came from the cache. */
  public boolean wasCached() {
    return outcome.wasCached();
  }
}
