package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LangChain4j's own OpenAI models against a gateway. */
class GatewayLangChain4jTest {
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .chatPolicy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  @Test
  void anAnswerIsServedAgainStreamedOrNot() throws Exception {
    ChatResponse first = ask("Why?");
    ChatResponse second = ask("Why?");
    ChatResponse streamed = stream("Why?");

    assertThat(upstream.received()).hasSize(1);
    assertThat(second.aiMessage()).isEqualTo(first.aiMessage());
    assertThat(streamed.aiMessage().text()).isEqualTo(first.aiMessage().text());
    assertThat(second.tokenUsage()).isEqualTo(first.tokenUsage());
    assertThat(streamed.tokenUsage().totalTokenCount()).isEqualTo(13);
    assertThat(streamed.finishReason()).isEqualTo(first.finishReason());
  }

  @Test
  void toolCallsAreServedAgainStreamedOrNot() throws Exception {
    ChatResponse streamed = stream("tools");
    ChatResponse whole = ask("tools");

    assertThat(upstream.received()).hasSize(1);
    assertThat(whole.aiMessage().toolExecutionRequests())
        .isEqualTo(streamed.aiMessage().toolExecutionRequests())
        .singleElement()
        .satisfies(call -> assertThat(call.arguments()).contains("Paris, France"));
  }

  @Test
  void aRateLimitIsWhatItWas() {
    assertThatThrownBy(() -> ask("error")).isInstanceOf(RateLimitException.class);
  }

  @Test
  void embeddingsAreServedAgain() {
    OpenAiEmbeddingModel model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(gateway.url().toString())
            .apiKey("sk-java")
            .modelName("e")
            .build();

    assertThat(model.embed("abc").content()).isEqualTo(model.embed("abc").content());
    assertThat(upstream.received()).hasSize(1);
  }

  private static ChatRequest request(String text) {
    return ChatRequest.builder()
        .messages(UserMessage.from(text))
        .toolSpecifications(ToolSpecification.builder().name("weather").build())
        .build();
  }

  private ChatResponse ask(String text) {
    return OpenAiChatModel.builder()
        .baseUrl(gateway.url().toString())
        .apiKey("sk-java")
        .modelName("m")
        .temperature(0.0)
        .maxRetries(0)
        .build()
        .chat(request(text));
  }

  private ChatResponse stream(String text) throws Exception {
    CompletableFuture<ChatResponse> end = new CompletableFuture<>();
    OpenAiStreamingChatModel.builder()
        .baseUrl(gateway.url().toString())
        .apiKey("sk-java")
        .modelName("m")
        .temperature(0.0)
        .build()
        .chat(
            request(text),
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String piece) {}

              @Override
              public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                end.completeExceptionally(error);
              }
            });
    return end.get(30, TimeUnit.SECONDS);
  }
}
