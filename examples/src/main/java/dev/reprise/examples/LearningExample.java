package dev.reprise.examples;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.Outcome;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.langchain4j.ChatOutcome;
import dev.reprise.learn.EmbeddingJudge;
import dev.reprise.learn.Learning;
import dev.reprise.learn.LearningStore;
import dev.reprise.model.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A cache that learns where it runs, explains itself, and takes a "that was wrong". */
public final class LearningExample {
  private LearningExample() {}

  /**
   * Asks a model that runs offline.
   *
   * @param arguments the file in which what is learnt is kept; none for {@code target/learnt.json}
   */
  public static void main(String[] arguments) throws InterruptedException {
    Path file = Path.of(arguments.length > 0 ? arguments[0] : "target/learnt.json");
    run(new OfflineModel().awaited(), file).forEach(System.out::println);
  }

  static List<String> run(ChatModel model, Path file) throws InterruptedException {
    Learning learning =
        Learning.by(EmbeddingJudge.of(MiniLmEmbedder.load())).withStore(LearningStore.file(file));
    try (CacheEngine engine = EmbeddedCache.builder().learning(learning).build()) {
      CachingChatModel cached = CachingChatModel.builder(model, engine, Scope.of("my-app")).build();
      cached.chat(request("How do I reset my password?"));
      // What was just answered can be found by meaning a few milliseconds later.
      engine.drain(Duration.ofSeconds(5));

      ChatRequest again = request("How can I reset my password?");
      String explanation = cached.explain(again).toString();
      ChatOutcome hit = cached.answer(again);
      if (hit.outcome() instanceof Outcome.Hit wrong) {
        cached.feedback(again, wrong, Feedback.WRONG);
      }
      ChatOutcome fresh = cached.answer(again);
      return List.of(
          explanation,
          "cached: " + hit.wasCached(),
          "cached after it was reported: " + fresh.wasCached(),
          String.valueOf(engine.risk().orElseThrow()));
    }
  }

  private static ChatRequest request(String question) {
    return ChatRequest.builder().messages(UserMessage.from(question)).build();
  }
}
