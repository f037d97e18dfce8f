package dev.reprise.quarkus.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import org.junit.jupiter.api.Test;

class RepriseJsonRpcTest {
  private final RecentDecisions decisions = new RecentDecisions();

  private static CacheRequest request(String question, double temperature) {
    return CacheRequest.builder(Scope.of("shop"))
        .provider("openai")
        .model("gpt-4o-mini")
        .user(question)
        .temperature(temperature)
        .build();
  }

  @Test
  void theFiguresAndTheLatestRequestsAreThoseOfTheEngine() {
    try (CacheEngine engine = CacheEngine.builder().requestListener(decisions).build()) {
      RepriseJsonRpc service = new RepriseJsonRpc(engine, decisions);
      assertThat(service.figures().hitRate()).isZero();

      ask(engine, request("When do you open?", 0));
      ask(engine, request("When do you open?", 0));
      ask(engine, request("Where are you?", 1));

      assertThat(service.figures()).isEqualTo(new RepriseJsonRpc.Figures(3, 1, 0, 1, 1, 1 / 3.0));
      assertThat(service.decisions())
          .extracting(RecentDecisions.Decision::outcome, RecentDecisions.Decision::question)
          .containsExactly(
              tuple("Bypassed", "Where are you?"),
              tuple("ExactHit", "When do you open?"),
              tuple("Computed", "When do you open?"));
      assertThat(service.decisions().get(0).detail()).contains("NOT_DETERMINISTIC");
    }
  }

  @Test
  void onlyTheLatestFiftyAreRemembered() {
    try (CacheEngine engine = CacheEngine.builder().requestListener(decisions).build()) {
      for (int i = 0; i < 60; i++) {
        ask(engine, request("Question " + i, 0));
      }
    }
    assertThat(decisions.newestFirst()).hasSize(50);
    assertThat(decisions.newestFirst().get(0).question()).isEqualTo("Question 59");
  }

  private static void ask(CacheEngine engine, CacheRequest request) {
    var unused = engine.getOrCompute(request, () -> Answer.ofText("Every day from nine to five."));
  }
}
