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

/** Asks one question in two wordings; fails unless the second is answered by meaning. */
public final class FirstHit {
  public static void main(String[] args) throws InterruptedException {
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
