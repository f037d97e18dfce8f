package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.TokenUsage;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.tier.TierException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EngineLogTest {
  private static final Pattern VARYING = Pattern.compile("\\b[0-9a-f]{64}\\b|(?<=cosine 0\\.)\\d+");

  private final List<String> lines = new ArrayList<>();
  private boolean isDebug;
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
              return isDebug;
            }

            @Override
            public void debug(String line) {
              assertThat(isDebug).isTrue();
              lines.add("DEBUG " + line);
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
  void eachOutcomeIsALineAtDebug() throws Exception {
    isDebug = true;
    CacheRequest asked = EngineFixture.request(EngineFixture.ASKED);
    Answer cut =
        new Answer("half", "half", Completion.TRUNCATED, new TokenUsage.Unknown(), Set.of());
    try (EngineFixture fixture = new EngineFixture(builder -> builder.listener(log))) {
      CacheEngine engine = fixture.engine;
      engine.getOrCompute(EngineFixture.request(EngineFixture.NEAR), () -> Answer.ofText("Paris"));
      fixture.drain();
      engine.getOrCompute(EngineFixture.request(EngineFixture.NEAR), () -> Answer.ofText("Rome"));
      engine.getOrCompute(asked, () -> Answer.ofText("Rome"));
      engine.getOrCompute(EngineFixture.request("Who cuts?"), () -> cut);
      engine.getOrCompute(
          EngineFixture.requestBuilder("Who varies?").temperature(0.7).build(), () -> cut);
      engine.getOrCompute(
          EngineFixture.requestBuilder("Who asks for a copy only?")
              .control(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED))
              .build(),
          () -> cut);
      assertThatThrownBy(
              () ->
                  engine.getOrCompute(
                      EngineFixture.request("Who fails?"),
                      () -> {
                        throw new IllegalStateException("no model");
                      }))
          .hasMessageContaining("no model");
    }
    assertThat(lines.stream().map(line -> VARYING.matcher(line).replaceAll("X")))
        .containsExactly(
            "DEBUG miss, stored",
            "DEBUG hit, exact, tier map, entry X",
            "DEBUG hit, by meaning, cosine 0.X, entry X",
            "DEBUG miss, not stored: TRUNCATED, the answer was cut off at the token limit",
            "DEBUG bypass: NOT_DETERMINISTIC, temperature is 0.7; the policy caches from 0.0 to 0.0",
            "DEBUG only-if-cached, and nothing is cached");
    assertThat(String.join("\n", lines)).doesNotContain("Paris", "capital", "Who");
  }

  @Test
  void shadowModeSaysWhatWouldHaveBeen() throws Exception {
    isDebug = true;
    CachePolicy shadow = CachePolicy.builder().mode(Mode.SHADOW).build();
    try (EngineFixture fixture =
        new EngineFixture(builder -> builder.policy(shadow).listener(log))) {
      for (int i = 0; i < 2; i++) {
        fixture.engine.getOrCompute(
            EngineFixture.request(EngineFixture.NEAR), () -> Answer.ofText("Paris"));
        fixture.drain();
      }
    }
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("DEBUG miss, stored");
    assertThat(lines.get(1))
        .startsWith("DEBUG shadow mode, live mode would have had a hit, exact, tier ");
  }

  @Test
  void everyReasonHasARemedy() {
    for (Reason.Code code : Reason.Code.values()) {
      assertThat(Remedies.library().remedy(code)).as(code.name()).isNotBlank();
    }
  }
}
