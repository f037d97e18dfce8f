package dev.reprise.alone;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;

/** A program that caches exactly: it runs on the run-time class path of reprise-core alone. */
public final class ExactOnly {
  private ExactOnly() {}

  /** Asks one question twice, and prints how each was answered. */
  public static void main(String[] args) throws Exception {
    CacheRequest request =
        CacheRequest.builder(Scope.of("alone"))
            .model("model")
            .user("What is a cache?")
            .temperature(0)
            .build();
    try (CacheEngine engine = CacheEngine.builder().build()) {
      for (int i = 0; i < 2; i++) {
        Outcome outcome = engine.getOrCompute(request, () -> Answer.ofText("A memory."));
        System.out.println(outcome.getClass().getSimpleName());
      }
    }
  }
}
