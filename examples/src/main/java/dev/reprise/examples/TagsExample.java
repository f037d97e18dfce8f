package dev.reprise.examples;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import java.util.ArrayList;
import java.util.List;

/** Answers that carry a tag, and are dropped by it. */
public final class TagsExample {
  private TagsExample() {}

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    run(new OfflineModel().awaited()).forEach(System.out::println);
  }

  static List<String> run(ChatModel model) {
    List<String> lines = new ArrayList<>();
    Tag prices = Tag.of("price-list");
    ChatRequest question =
        ChatRequest.builder().messages(UserMessage.from("How much is shipping?")).build();
    CacheRequestOptions tagged = CacheRequestOptions.of(CacheControl.DEFAULT.with(prices));
    try (CacheEngine engine = CacheEngine.builder().build()) {
      CachingChatModel cached =
          CachingChatModel.builder(model, engine, Scope.of("my-shop")).build();
      cached.answer(question, tagged);
      lines.add("cached: " + cached.answer(question, tagged).wasCached());
      lines.add("dropped: " + engine.invalidate(prices));
      lines.add("cached: " + cached.answer(question, tagged).wasCached());
    }
    return lines;
  }
}
