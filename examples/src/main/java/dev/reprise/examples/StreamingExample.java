package dev.reprise.examples;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CacheMetadata;
import dev.reprise.langchain4j.CachingStreamingChatModel;
import dev.reprise.model.Scope;
import java.util.ArrayList;
import java.util.List;

/** The cache in front of a streaming chat model: the second stream is a replay. */
public final class StreamingExample {
  private StreamingExample() {}

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    run(new OfflineModel().streamed()).forEach(System.out::println);
  }

  /** Asks twice, and returns what came. */
  static List<String> run(StreamingChatModel model) {
    List<String> lines = new ArrayList<>();
    try (CacheEngine engine = CacheEngine.builder().build()) {
      StreamingChatModel cached =
          CachingStreamingChatModel.builder(model, engine, Scope.of("my-app")).build();
      for (int i = 0; i < 2; i++) {
        cached.chat("What is a cache?", new Collector(lines));
      }
    }
    return lines;
  }

  /** Writes down what a stream gives. */
  private static final class Collector implements StreamingChatResponseHandler {
    private final List<String> lines;

    Collector(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void onPartialResponse(String piece) {
      lines.add("piece: " + piece.strip());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      lines.add(CacheMetadata.of(response).isPresent() ? "end, from the cache" : "end, computed");
    }

    @Override
    public void onError(Throwable error) {
      lines.add("error: " + error.getMessage());
    }
  }
}
