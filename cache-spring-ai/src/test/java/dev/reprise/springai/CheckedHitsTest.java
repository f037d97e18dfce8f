package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.model.Scope;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.OnePlaceEmbedder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.ChatClientRequestSpec;

/**
 * A hit is served with its own answer, however early the answer of its check is there: the listener
 * here is so slow that the check is over before the hit is returned.
 */
class CheckedHitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Scope SCOPE = Scope.of("shop");

  private final Semaphore checked = new Semaphore(0);
  private final List<String> judged = new CopyOnWriteArrayList<>();
  private final ScriptedModel model = ScriptedModel.counting();
  private volatile boolean isSlow = true;

  @Test
  void theChatModelServesTheCachedAnswer() throws Exception {
    serve(
        engine ->
            ChatClient.builder(CachingChatModel.builder(model, engine, SCOPE).build()).build());
  }

  @Test
  void theAdvisorServesTheCachedAnswer() throws Exception {
    serve(
        engine ->
            ChatClient.builder(model)
                .defaultAdvisors(RepriseAdvisor.builder(model, engine, SCOPE).build())
                .build());
  }

  private void serve(Function<CacheEngine, ChatClient> integration) throws Exception {
    try (CacheEngine engine = engine()) {
      ChatClient client = integration.apply(engine);
      assertThat(ask(client, 0).call().content()).isEqualTo("answer 1");
      assertThat(engine.drain(PATIENCE)).isTrue();
      for (int i = 1; i <= 3; i++) {
        assertThat(ask(client, i).call().content()).isEqualTo("answer 1");
      }
      assertThat(judged).containsExactly("answer 2", "answer 3", "answer 4");
      // A stream is never checked.
      isSlow = false;
      List<String> pieces = ask(client, 4).stream().content().collectList().block(PATIENCE);
      assertThat(String.join("", pieces)).isEqualTo("answer 1");
      assertThat(engine.stats().semanticHits()).isEqualTo(4);
      assertThat(model.calls()).isEqualTo(4);
    }
  }

  private static ChatClientRequestSpec ask(ChatClient client, int number) {
    return client.prompt().user("How do I pay? " + number);
  }

  private CacheEngine engine() {
    Embedder embedder = new OnePlaceEmbedder();
    return CacheEngine.builder()
        .semanticTier(new FlatSemanticTier(embedder.dimension(), InstantSource.system()), embedder)
        .matcher(Matcher.threshold(0.9))
        .learning(
            Learning.by(
                    (fresh, cached) -> {
                      judged.add(fresh.answer());
                      checked.release();
                      return Judgement.SAME;
                    })
                .withChecked(1))
        .listener(this::waitForCheck)
        .build();
  }

  private void waitForCheck(CacheEvent event) {
    if (isSlow
        && event instanceof CacheEvent.Finished finished
        && finished.outcome() instanceof Outcome.SemanticHit) {
      try {
        if (!checked.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("the hit was not checked");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
