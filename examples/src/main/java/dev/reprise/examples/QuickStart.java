package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;

/** The cache in front of a chat model: what the README shows. */
public final class QuickStart {
  private QuickStart() {}

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    OfflineModel model = new OfflineModel();
    System.out.println(run(model.awaited()));
    System.out.println("The model was called " + model.calls() + " time(s).");
  }

  static String run(ChatModel model) {
    // snippet
    CacheEngine engine = CacheEngine.builder().build();
    ChatModel cached = CachingChatModel.builder(model, engine, Scope.of("my-app")).build();
    // end
    String first = cached.chat("What is Retrieval-Augmented Generation?");
    String second = cached.chat("What is Retrieval-Augmented Generation?");
    engine.close();
    return first.equals(second) ? second : first + " / " + second;
  }
}
