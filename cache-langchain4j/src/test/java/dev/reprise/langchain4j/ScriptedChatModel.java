package dev.reprise.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A chat model that answers as it is told, at temperature 0, and keeps what it was asked. */
public final class ScriptedChatModel implements ChatModel {
  /** The default parameters of a scripted model: a name, and temperature 0. */
  public static final ChatRequestParameters PARAMETERS =
      ChatRequestParameters.builder().modelName("scripted-1").temperature(0.0).build();

  private final Function<ChatRequest, ChatResponse> script;
  private final ChatRequestParameters parameters;
  private final List<ChatModelListener> listeners = new CopyOnWriteArrayList<>();
  private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();

  private ScriptedChatModel(
      Function<ChatRequest, ChatResponse> script, ChatRequestParameters parameters) {
    this.script = script;
    this.parameters = parameters;
  }

  /** Returns a model that answers by {@code script}. */
  public static ScriptedChatModel answering(Function<ChatRequest, ChatResponse> script) {
    return new ScriptedChatModel(script, PARAMETERS);
  }

  /** Returns a model that always says {@code text}. */
  public static ScriptedChatModel saying(String text) {
    return answering(request -> response(text));
  }

  /** Returns a model that always says another thing: "answer 1", "answer 2". */
  public static ScriptedChatModel counting() {
    java.util.concurrent.atomic.AtomicInteger number =
        new java.util.concurrent.atomic.AtomicInteger();
    return answering(request -> response("answer " + number.incrementAndGet()));
  }

  /** Returns a complete response of one text. */
  public static ChatResponse response(String text) {
    return response(AiMessage.from(text), FinishReason.STOP);
  }

  /** Returns a response that took 10 tokens and gave 5. */
  public static ChatResponse response(AiMessage message, FinishReason reason) {
    return ChatResponse.builder()
        .aiMessage(message)
        .id("response-1")
        .modelName("scripted-1")
        .tokenUsage(new TokenUsage(10, 5))
        .finishReason(reason)
        .build();
  }

  /** Returns a model with the same script and other default parameters. */
  public ScriptedChatModel with(ChatRequestParameters defaults) {
    return new ScriptedChatModel(script, defaults);
  }

  /** Adds a listener. */
  public ScriptedChatModel listener(ChatModelListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Returns what it was asked, defaults merged in. */
  public List<ChatRequest> requests() {
    return List.copyOf(requests);
  }

  /** Returns how often it was asked. */
  public int calls() {
    return requests.size();
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    requests.add(request);
    return script.apply(request);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return parameters;
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  @Override
  public ModelProvider provider() {
    return ModelProvider.OLLAMA;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }
}
