package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What {@link LangChain4jVersionsIT} runs with each version: what an application does. */
public final class VersionProgram implements Supplier<List<String>> {
  private static final ChatRequestParameters DEFAULTS =
      OpenAiChatRequestParameters.builder().modelName("gpt-4o-mini").seed(7).build();

  private final List<String> lines = new ArrayList<>();

  private static ChatResponse response(int call) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from("answer " + call))
        .finishReason(FinishReason.STOP)
        .build();
  }

  private static final class Model implements ChatModel {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public ChatResponse doChat(ChatRequest request) {
      return response(calls.incrementAndGet());
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
      return DEFAULTS;
    }
  }

  private static final class Stream implements StreamingChatModel {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      int call = calls.incrementAndGet();
      handler.onPartialResponse("answer " + call);
      handler.onCompleteResponse(response(call));
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
      return DEFAULTS;
    }
  }

  /**
   * Runs it. Each line is a kind of request, and how often it called the model when asked twice.
   */
  @Override
  public List<String> get() {
    try (CacheEngine engine = CacheEngine.builder().build()) {
      twice(engine, "plain", ChatRequest.builder().messages(UserMessage.from("Why?")).build());
      twice(
          engine,
          "system",
          ChatRequest.builder()
              .messages(SystemMessage.from("Be brief."), UserMessage.from("Why?"))
              .build());
      twice(
          engine,
          "conversation",
          ChatRequest.builder()
              .messages(
                  UserMessage.from("Why?"), AiMessage.from("Because."), UserMessage.from("And?"))
              .build());
      twice(
          engine,
          "tools",
          ChatRequest.builder()
              .messages(UserMessage.from("Why?"))
              .toolSpecifications(
                  ToolSpecification.builder()
                      .name("look")
                      .parameters(JsonObjectSchema.builder().addStringProperty("a").build())
                      .build())
              .build());
      streamTwice(engine);
    }
    return lines;
  }

  private void twice(CacheEngine engine, String kind, ChatRequest request) {
    Model model = new Model();
    ChatModel cached = CachingChatModel.builder(model, engine, Scope.of(kind)).build();
    String first = cached.chat(request).aiMessage().text();
    String second = cached.chat(request).aiMessage().text();
    lines.add(kind + " " + model.calls.get() + (first.equals(second) ? " same" : " other"));
  }

  private void streamTwice(CacheEngine engine) {
    Stream model = new Stream();
    StreamingChatModel cached =
        CachingStreamingChatModel.builder(model, engine, Scope.of("stream")).build();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      cached.chat(
          ChatRequest.builder().messages(UserMessage.from("Why?")).build(),
          new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {}

            @Override
            public void onCompleteResponse(ChatResponse complete) {
              texts.add(complete.aiMessage().text());
            }

            @Override
            public void onError(Throwable error) {
              texts.add("error " + error);
            }
          });
    }
    lines.add(
        "stream "
            + model.calls.get()
            + (texts.size() == 2 && texts.get(0).equals(texts.get(1)) ? " same" : " " + texts));
  }
}
