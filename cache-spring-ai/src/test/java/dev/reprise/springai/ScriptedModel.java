package dev.reprise.springai;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** A model that answers what a test says, and remembers what it was asked. */
final class ScriptedModel implements ChatModel {
  private final ChatOptions options;
  private final Function<Prompt, ChatResponse> answers;
  private final Function<Prompt, Flux<ChatResponse>> streams;
  final List<Prompt> asked = new CopyOnWriteArrayList<>();

  private ScriptedModel(
      ChatOptions options,
      Function<Prompt, ChatResponse> answers,
      Function<Prompt, Flux<ChatResponse>> streams) {
    this.options = options;
    this.answers = answers;
    this.streams = streams;
  }

  /** Answers "answer 1", "answer 2", ...; streams the same in two chunks. */
  static ScriptedModel counting() {
    return counting(ChatOptions.builder().model("scripted-1").build());
  }

  static ScriptedModel counting(ChatOptions options) {
    AtomicInteger calls = new AtomicInteger();
    return new ScriptedModel(
        options,
        prompt -> response("answer " + calls.incrementAndGet(), "STOP"),
        prompt ->
            Flux.just(
                chunk("answer ", null), chunk(String.valueOf(calls.incrementAndGet()), "STOP")));
  }

  static ScriptedModel answering(Function<Prompt, ChatResponse> answers) {
    return answering(ChatOptions.builder().model("scripted-1").build(), answers);
  }

  static ScriptedModel answering(ChatOptions options, Function<Prompt, ChatResponse> answers) {
    return new ScriptedModel(options, answers, prompt -> Flux.just(answers.apply(prompt)));
  }

  static ScriptedModel streaming(Function<Prompt, Flux<ChatResponse>> streams) {
    return new ScriptedModel(
        ChatOptions.builder().model("scripted-1").build(),
        prompt -> response("awaited", "STOP"),
        streams);
  }

  static ChatResponse response(String text, @Nullable String finishReason) {
    return response(AssistantMessage.builder().content(text).build(), finishReason);
  }

  static ChatResponse response(AssistantMessage message, @Nullable String finishReason) {
    return new ChatResponse(
        List.of(
            new Generation(
                message, ChatGenerationMetadata.builder().finishReason(finishReason).build())),
        ChatResponseMetadata.builder()
            .id("id-1")
            .model("scripted-1-2026")
            .usage(new DefaultUsage(7, 3, 10))
            .keyValue("created", 1234567890123L)
            .build());
  }

  static ChatResponse chunk(String text, @Nullable String finishReason) {
    return new ChatResponse(
        List.of(
            new Generation(
                AssistantMessage.builder().content(text).properties(Map.of("role", "a")).build(),
                ChatGenerationMetadata.builder().finishReason(finishReason).build())),
        ChatResponseMetadata.builder()
            .id("id-1")
            .model("scripted-1-2026")
            .usage(finishReason == null ? new DefaultUsage(0, 0, 0) : new DefaultUsage(7, 3, 10))
            .build());
  }

  int calls() {
    return asked.size();
  }

  Prompt last() {
    return asked.get(asked.size() - 1);
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    asked.add(prompt);
    return answers.apply(prompt);
  }

  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.defer(
        () -> {
          asked.add(prompt);
          return streams.apply(prompt);
        });
  }

  @Override
  public ChatOptions getOptions() {
    return options;
  }

  @Override
  @SuppressWarnings({"deprecation", "removal"}) // Spring AI 1.1 has no other method.
  public ChatOptions getDefaultOptions() {
    return options;
  }
}
