package dev.reprise.gateway.protocol;

import dev.reprise.model.Completion;
import java.util.Locale;

/**
 * What the finish reasons of chat and text completions mean. Servers that translate from another
 * API often pass its words on: Anthropic's "end_turn", Gemini's "STOP", a tokenizer's "eos".
 */
public final class FinishReasons {
  private FinishReasons() {}

  /** Returns how an answer with {@code reason} ended; {@link Completion#OTHER} if unknown. */
  public static Completion end(String reason) {
    return switch (reason.toLowerCase(Locale.ROOT)) {
      case "stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed" ->
          Completion.COMPLETE;
      case "length", "max_tokens", "max_output_tokens", "model_length" -> Completion.TRUNCATED;
      case "content_filter",
          "content_filtered",
          "safety",
          "recitation",
          "blocklist",
          "prohibited_content",
          "spii" ->
          Completion.FILTERED;
      case "tool_calls", "tool_use", "tool_call", "function_call" -> Completion.TOOL_CALLS;
      case "refusal" -> Completion.REFUSED;
      default -> Completion.OTHER;
    };
  }
}
