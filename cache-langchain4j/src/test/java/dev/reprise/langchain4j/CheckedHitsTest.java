package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Scope;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A hit is served with its own answer, however early the answer of its check is there. */
class CheckedHitsTest {
  private final CheckedHits hits = new CheckedHits();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void theChatModelServesTheCachedAnswer() throws Exception {
    ChatModel delegate =
        new ChatModel() {
          @Override
          public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder()
                .aiMessage(AiMessage.from("answer " + calls.incrementAndGet()))
                .build();
          }
        };
    try (CacheEngine engine = hits.engine().build()) {
      CachingChatModel model = CachingChatModel.builder(delegate, engine, Scope.of("a")).build();
      assertThat(model.chat(request(0)).aiMessage().text()).isEqualTo("answer 1");
      assertThat(engine.drain(Duration.ofSeconds(10))).isTrue();
      for (int i = 1; i <= 3; i++) {
        ChatOutcome outcome = model.answer(request(i));
        assertThat(outcome.outcome()).isInstanceOf(Outcome.SemanticHit.class);
        assertThat(outcome.response().aiMessage().text()).isEqualTo("answer 1");
      }
    }
    assertThat(hits.judged()).containsExactly("answer 2", "answer 3", "answer 4");
  }

  @Test
  void theChainServesTheCachedAnswer() throws Exception {
    try (CacheEngine engine = hits.engine().build()) {
      CachingChain<String> chain =
          CachingChain.builder(
                  question -> ChainResult.of("answer " + calls.incrementAndGet(), Set.of()),
                  engine,
                  Scope.of("a"))
              .id("support")
              .version("1")
              .build();
      assertThat(chain.ask("How do I pay? 0").answer()).isEqualTo("answer 1");
      assertThat(engine.drain(Duration.ofSeconds(10))).isTrue();
      for (int i = 1; i <= 3; i++) {
        ChainOutcome<String> outcome = chain.ask("How do I pay? " + i);
        assertThat(outcome.outcome()).isInstanceOf(Outcome.SemanticHit.class);
        assertThat(outcome.answer()).isEqualTo("answer 1");
      }
    }
    assertThat(hits.judged()).containsExactly("answer 2", "answer 3", "answer 4");
  }

  private static ChatRequest request(int number) {
    return ChatRequest.builder()
        .messages(UserMessage.from("How do I pay? " + number))
        .temperature(0.0)
        .build();
  }
}
