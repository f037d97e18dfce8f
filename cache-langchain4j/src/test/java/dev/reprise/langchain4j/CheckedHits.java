package dev.reprise.langchain4j;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.testing.OnePlaceEmbedder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An engine that answers every question by meaning and checks every hit, and whose listener is so
 * slow that the check is over before the hit reaches its caller. An integration that keeps the
 * reply of the latest call beside the request then serves the check's answer.
 */
final class CheckedHits {
  private static final int PATIENCE_SECONDS = 20;

  private final Semaphore checked = new Semaphore(0);
  private final List<String> judged = new CopyOnWriteArrayList<>();

  /** Returns the engine's builder. */
  CacheEngine.Builder engine() {
    Embedder embedder = new OnePlaceEmbedder();
    return CacheEngine.builder()
        .semanticTier(HnswSemanticTier.builder(embedder.dimension()).build(), embedder)
        .matcher(Matcher.threshold(0.9))
        .learning(
            Learning.by(
                    (fresh, cached) -> {
                      judged.add(fresh.answer());
                      checked.release();
                      return Judgement.SAME;
                    })
                .withChecked(1))
        .listener(this::waitForCheck);
  }

  private void waitForCheck(CacheEvent event) {
    if (event instanceof CacheEvent.Finished finished
        && finished.outcome() instanceof Outcome.SemanticHit) {
      try {
        if (!checked.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("the hit was not checked");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns the answers of the calls that were made to check a hit, in their order. */
  List<String> judged() {
    return judged;
  }
}
