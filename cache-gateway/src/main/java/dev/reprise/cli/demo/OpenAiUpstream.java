package dev.reprise.cli.demo;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.time.Duration;

/** A real model behind an OpenAI-compatible address. */
final class OpenAiUpstream implements DemoUpstream {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final String baseUrl;
  private final String model;
  private final ChatModel chatModel;

  OpenAiUpstream(String baseUrl, String model, String apiKey, int maximumTokens) {
    this.baseUrl = baseUrl;
    this.model = model;
    this.chatModel =
        OpenAiChatModel.builder()
            .baseUrl(baseUrl)
            .modelName(model)
            .apiKey(apiKey)
            .maxTokens(maximumTokens)
            .maxRetries(0)
            .timeout(TIMEOUT)
            .build();
  }

  @Override
  public ChatModel modelFor(DemoQuestion question) {
    return chatModel;
  }

  @Override
  public String description() {
    return model + " at " + baseUrl + " (a real model)";
  }

  @Override
  public Pace pace() {
    return new Pace.Real();
  }
}
