import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;
import java.time.Duration;

/** Asks one question in two wordings; fails unless the second is answered by meaning. */
public final class FirstHit {
  public static void main(String[] args) throws InterruptedException {
    try (CacheEngine engine = EmbeddedCache.builder().build()) {
      ChatModel cached =
          CachingChatModel.builder(new FakeModel(), engine, Scope.of("my-app")).build();
      cached.chat("How do I reset my password?");
      engine.drain(Duration.ofSeconds(30));
      cached.chat("How can I reset my password?");
      if (engine.stats().semanticHits() != 1) {
        throw new AssertionError("expected one semantic hit: " + engine.stats());
      }
      System.out.println("semantic hit");
    }
  }
}
