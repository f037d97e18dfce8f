package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.engine.Outcome;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.model.Scope;
import dev.reprise.testing.HashEmbedder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Explanations, feedback and checks of the cached LangChain4j models. */
class LearningThroughModelsTest {
  private static final ChatRequest FIRST = request("How do I pay?");
  private static final ChatRequest SECOND = request("How can I pay?");

  private final HashEmbedder embedder =
      new HashEmbedder().near("How can I pay?", "How do I pay?", 0.97);

  private static ChatRequest request(String question) {
    return ChatRequest.builder().messages(UserMessage.from(question)).temperature(0.0).build();
  }

  private CacheEngine.Builder engine() {
    return CacheEngine.builder()
        .semanticTier(HnswSemanticTier.builder(embedder.dimension()).build(), embedder)
        .matcher(Matcher.threshold(0.9));
  }

  private static ChatModel counting(AtomicInteger calls) {
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        return ChatResponse.builder()
            .aiMessage(AiMessage.from("answer " + calls.incrementAndGet()))
            .build();
      }
    };
  }

  @Test
  void aHitIsExplainedAndReportedThroughTheModel() throws Exception {
    try (CacheEngine engine = engine().build()) {
      CachingChatModel model =
          CachingChatModel.builder(counting(new AtomicInteger()), engine, Scope.of("a")).build();
      model.chat(FIRST);
      assertThat(engine.drain(Duration.ofSeconds(10))).isTrue();
      LookupExplanation before = model.explain(SECOND);
      assertThat(before.served()).isPresent();
      ChatOutcome hit = model.answer(SECOND);
      assertThat(hit.outcome()).isInstanceOf(Outcome.SemanticHit.class);
      assertThat(model.feedback(SECOND, (Outcome.Hit) hit.outcome(), Feedback.WRONG)).isTrue();
      assertThat(model.explain(SECOND).served()).isEmpty();
      assertThat(model.answer(SECOND).wasCached()).isFalse();
    }
  }

  @Test
  void whatIsBypassedIsExplainedAsThat() {
    try (CacheEngine engine = engine().build()) {
      CachingChatModel model =
          CachingChatModel.builder(counting(new AtomicInteger()), engine, Scope.of("a")).build();
      ChatRequest hot =
          ChatRequest.builder().messages(UserMessage.from("Pay?")).temperature(1.0).build();
      assertThat(model.explain(hot).bypass()).isPresent();
    }
  }

  /** The check's answer may be there before the hit's is handed over. */
  @Test
  void whatIsServedIsTheHitsAnswerThoughItIsChecked() throws Exception {
    CountDownLatch judged = new CountDownLatch(200);
    Learning learning =
        Learning.by(
                (fresh, cached) -> {
                  judged.countDown();
                  return Judgement.SAME;
                })
            .withChecked(1);
    try (CacheEngine engine = engine().learning(learning).build()) {
      CachingChatModel model =
          CachingChatModel.builder(counting(new AtomicInteger()), engine, Scope.of("a")).build();
      model.chat(FIRST);
      assertThat(engine.drain(Duration.ofSeconds(10))).isTrue();
      for (int i = 0; i < 2_000 && judged.getCount() > 0; i++) {
        assertThat(model.chat(SECOND).aiMessage().text()).isEqualTo("answer 1");
      }
      assertThat(judged.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
