package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.TokenUsage;
import dev.reprise.tier.TierException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineLogTest {
  private final List<String> lines = new ArrayList<>();
  private final EngineLog log =
      new EngineLog(
          Remedies.library(),
          new EngineLog.Lines() {
            @Override
            public void warn(String line) {
              lines.add("WARN " + line);
            }

            @Override
            public void info(String line) {
              lines.add("INFO " + line);
            }

            @Override
            public boolean isDebug() {
              return false;
            }

            @Override
            public void debug(String line) {
              throw new AssertionError(line);
            }
          });

  private void ask(CacheEngine engine, int times, double temperature, Answer answer) {
    for (int i = 0; i < times; i++) {
      engine.getOrCompute(
          CacheRequest.builder(Scope.of("s"))
              .user("secret question " + i)
              .temperature(temperature)
              .build(),
          () -> answer);
    }
  }

  @Test
  void itSaysOnceThatTheFirstRequestsWereAllBypassedForOneReason() {
    try (CacheEngine engine = CacheEngine.builder().listener(log).build()) {
      ask(engine, EngineLog.FIRST_REQUESTS - 1, 0.7, Answer.ofText("a"));
      assertThat(lines).isEmpty();
      ask(engine, 50, 0.7, Answer.ofText("a"));
    }
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("WARN The first 20 requests all bypassed it")
        .contains("NOT_DETERMINISTIC, temperature is 0.7")
        .contains("CachePolicy.builder().maximumTemperature(...)")
        .doesNotContain("secret");
  }

  @Test
  void itSaysOnceThatNoAnswerIsStored() {
    Answer cut =
        new Answer("half", "half", Completion.TRUNCATED, new TokenUsage.Unknown(), Set.of());
    try (CacheEngine engine = CacheEngine.builder().listener(log).build()) {
      ask(engine, 60, 0, cut);
    }
    assertThat(lines)
        .singleElement()
        .asString()
        .contains("were all misses whose answers are not stored")
        .contains("TRUNCATED");
  }

  @Test
  void aCacheThatWorksSaysNothing() {
    try (CacheEngine engine = CacheEngine.builder().listener(log).build()) {
      ask(engine, 5, 0.7, Answer.ofText("a"));
      ask(engine, 1, 0, Answer.ofText("a"));
      ask(engine, 50, 0.7, Answer.ofText("a"));
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void theFirstTroubleOfAPartIsLoggedAndItsCircuitOpensAndClosesOnce() {
    for (int i = 0; i < 3; i++) {
      log.onEvent(
          new CacheEvent.Trouble("redis", new TierException("redis", "WRONGPASS: check user")));
    }
    log.onEvent(new CacheEvent.Trouble("matcher", new IllegalStateException("secret text")));
    log.onEvent(new CacheEvent.Circuit("redis", CacheEvent.CircuitState.OPEN));
    log.onEvent(new CacheEvent.Circuit("redis", CacheEvent.CircuitState.OPEN));
    log.onEvent(new CacheEvent.Circuit("redis", CacheEvent.CircuitState.CLOSED));
    log.onEvent(new CacheEvent.Trouble("redis", new TierException("redis", "again")));

    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).startsWith("WARN").contains("'redis'").contains("WRONGPASS");
    assertThat(lines.get(1))
        .contains("'matcher'")
        .contains("IllegalStateException")
        .doesNotContain("secret");
    assertThat(lines.get(2))
        .startsWith("WARN The circuit of tier 'redis' opened")
        .contains("WRONG");
    assertThat(lines.get(3)).startsWith("INFO The circuit of tier 'redis' closed");
    assertThat(lines.get(4)).contains("again");
  }

  @Test
  void everyReasonHasARemedy() {
    for (Reason.Code code : Reason.Code.values()) {
      assertThat(Remedies.library().remedy(code)).as(code.name()).isNotBlank();
    }
  }
}
