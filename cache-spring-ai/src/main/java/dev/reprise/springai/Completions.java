package dev.reprise.springai;

import dev.reprise.model.Completion;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Reads how a response ended. Each provider has names of its own, which Spring AI passes on. */
final class Completions {
  private static final Map<String, Completion> BY_REASON =
      Map.ofEntries(
          Map.entry("stop", Completion.COMPLETE),
          Map.entry("end_turn", Completion.COMPLETE),
          Map.entry("stop_sequence", Completion.COMPLETE),
          Map.entry("complete", Completion.COMPLETE),
          Map.entry("completed", Completion.COMPLETE),
          Map.entry("eos", Completion.COMPLETE),
          Map.entry("eos_token", Completion.COMPLETE),
          Map.entry("length", Completion.TRUNCATED),
          Map.entry("model_length", Completion.TRUNCATED),
          Map.entry("max_tokens", Completion.TRUNCATED),
          Map.entry("max_output_tokens", Completion.TRUNCATED),
          Map.entry("model_context_window_exceeded", Completion.TRUNCATED),
          Map.entry("content_filter", Completion.FILTERED),
          Map.entry("content_filtered", Completion.FILTERED),
          Map.entry("guardrail_intervened", Completion.FILTERED),
          Map.entry("safety", Completion.FILTERED),
          Map.entry("recitation", Completion.FILTERED),
          Map.entry("blocklist", Completion.FILTERED),
          Map.entry("prohibited_content", Completion.FILTERED),
          Map.entry("spii", Completion.FILTERED),
          Map.entry("sensitive", Completion.FILTERED),
          Map.entry("refusal", Completion.REFUSED),
          Map.entry("tool_calls", Completion.TOOL_CALLS),
          Map.entry("tool_call", Completion.TOOL_CALLS),
          Map.entry("tool_use", Completion.TOOL_CALLS),
          Map.entry("function_call", Completion.TOOL_CALLS));

  private Completions() {}

  /**
   * Returns how {@code response} ended: of several generations, in the worst way.
   *
   * @param whenMissing where none says a reason
   */
  static Completion of(ChatResponse response, Completion whenMissing) {
    if (response.hasToolCalls()) {
      // Some providers say "stop" beside their tool calls.
      return Completion.TOOL_CALLS;
    }
    Completion all = null;
    for (Generation generation : response.getResults()) {
      Completion one = of(generation);
      if (one != null && (all == null || all == Completion.COMPLETE)) {
        all = one;
      }
    }
    return all == null ? whenMissing : all;
  }

  private static @Nullable Completion of(Generation generation) {
    AssistantMessage message = generation.getOutput();
    ChatGenerationMetadata metadata = generation.getMetadata();
    if (!message.getMedia().isEmpty()) {
      return Completion.OTHER;
    }
    if (!metadata.getContentFilters().isEmpty()) {
      return Completion.FILTERED;
    }
    if (message.getMetadata().get("refusal") instanceof String refusal && !refusal.isBlank()) {
      return Completion.REFUSED;
    }
    String reason = metadata.getFinishReason();
    return reason == null || reason.isBlank()
        ? null
        : BY_REASON.getOrDefault(reason.toLowerCase(Locale.ROOT), Completion.OTHER);
  }
}
