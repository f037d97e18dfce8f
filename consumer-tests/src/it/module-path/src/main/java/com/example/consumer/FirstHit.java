package com.example.consumer;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;
import java.time.Duration;
import java.util.List;

/**
 * Asks one question in two wordings; fails unless the second is answered by meaning, and unless
 * internal packages are hidden.
 */
public final class FirstHit {
  public static void main(String[] args) throws InterruptedException {
    for (String name : List.of("model", "key", "tier", "integration")) {
      if (isVisible("dev.reprise." + name + ".internal")) {
        throw new AssertionError("dev.reprise." + name + ".internal is exported");
      }
    }
    if (!isVisible("dev.reprise.model")) {
      throw new AssertionError("dev.reprise.model is not exported");
    }
    try (CacheEngine engine = EmbeddedCache.builder().build()) {
      var model = CachingChatModel.builder(new FakeModel(), engine, Scope.of("my-app")).build();
      Outcome first = ask(model, "How do I reset my password?");
      engine.drain(Duration.ofSeconds(30));
      Outcome second = ask(model, "How can I reset my password?");
      if (!(first instanceof Outcome.Computed) || !(second instanceof Outcome.SemanticHit)) {
        throw new AssertionError("expected Computed and SemanticHit: " + first + ", " + second);
      }
      System.out.println("semantic hit");
    }
  }

  private static boolean isVisible(String name) {
    return CacheEngine.class.getModule().isExported(name, FirstHit.class.getModule());
  }

  private static Outcome ask(CachingChatModel model, String question) {
    return model
        .answer(ChatRequest.builder().messages(UserMessage.from(question)).build())
        .outcome();
  }

  private static final class FakeModel implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      return ChatResponse.builder().aiMessage(AiMessage.from("Open Settings, Security.")).build();
    }
  }
}
