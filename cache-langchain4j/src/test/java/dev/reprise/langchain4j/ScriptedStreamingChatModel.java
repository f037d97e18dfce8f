package dev.reprise.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A streaming chat model that makes the callbacks that it is told, and keeps what it was asked. */
public final class ScriptedStreamingChatModel implements StreamingChatModel {
  private final BiConsumer<ChatRequest, StreamingChatResponseHandler> script;
  private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();

  private final ChatRequestParameters parameters;

  private ScriptedStreamingChatModel(
      BiConsumer<ChatRequest, StreamingChatResponseHandler> script,
      ChatRequestParameters parameters) {
    this.script = script;
    this.parameters = parameters;
  }

  /** Returns a model that makes the callbacks of {@code script}. */
  public static ScriptedStreamingChatModel streaming(
      BiConsumer<ChatRequest, StreamingChatResponseHandler> script) {
    return new ScriptedStreamingChatModel(script, ScriptedChatModel.PARAMETERS);
  }

  /** Returns a model with the same script and other default parameters. */
  public ScriptedStreamingChatModel with(ChatRequestParameters defaults) {
    return new ScriptedStreamingChatModel(script, defaults);
  }

  /** Returns a model that always gives these pieces, on the calling thread, and completes. */
  public static ScriptedStreamingChatModel saying(String... pieces) {
    return streaming(
        (request, handler) -> {
          Handle handle = new Handle();
          for (String piece : pieces) {
            give(handler, piece, handle);
          }
          if (!handle.isCancelled()) {
            handler.onCompleteResponse(ScriptedChatModel.response(String.join("", pieces)));
          }
        });
  }

  /** Gives one piece of text, unless the stream is cancelled. */
  public static void give(StreamingChatResponseHandler handler, String piece, Handle handle) {
    if (!handle.isCancelled()) {
      handler.onPartialResponse(new PartialResponse(piece), new PartialResponseContext(handle));
    }
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
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    requests.add(request);
    script.accept(request, handler);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return parameters;
  }

  @Override
  public ModelProvider provider() {
    return ModelProvider.OLLAMA;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  /** What a scripted stream is cancelled with. */
  public static final class Handle implements StreamingHandle {
    private volatile boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }

  /** Writes callbacks down, one line each, with the complete response and the error apart. */
  public static final class Recorder implements StreamingChatResponseHandler {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final java.util.concurrent.CompletableFuture<ChatResponse> complete =
        new java.util.concurrent.CompletableFuture<>();
    private volatile int cancelAfter = Integer.MAX_VALUE;

    /** Cancels at the given piece of text, counted from 1. */
    public Recorder cancellingAfter(int pieces) {
      cancelAfter = pieces;
      return this;
    }

    /** Returns what came, in order. */
    public List<String> lines() {
      return List.copyOf(lines);
    }

    /** Returns the complete response, or fails with what onError took; waits for 10 s at most. */
    public ChatResponse complete() {
      return complete.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    /** Returns whether the end has come, good or bad. */
    public boolean isDone() {
      return complete.isDone();
    }

    @Override
    public void onPartialResponse(String text) {
      lines.add("plain:" + text);
    }

    @Override
    public void onPartialResponse(PartialResponse text, PartialResponseContext context) {
      lines.add("text:" + text.text());
      if (lines.size() >= cancelAfter) {
        context.streamingHandle().cancel();
      }
    }

    @Override
    public void onPartialThinking(dev.langchain4j.model.chat.response.PartialThinking thinking) {
      lines.add("thinking:" + thinking.text());
    }

    @Override
    public void onPartialToolCall(dev.langchain4j.model.chat.response.PartialToolCall call) {
      lines.add("tool part:" + call.partialArguments());
    }

    @Override
    public void onCompleteToolCall(dev.langchain4j.model.chat.response.CompleteToolCall call) {
      lines.add("tool:" + call.index() + call.toolExecutionRequest().name());
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
      lines.add("raw:" + event);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      lines.add("complete");
      complete.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      lines.add("error:" + error.getMessage());
      complete.completeExceptionally(error);
    }
  }
}
