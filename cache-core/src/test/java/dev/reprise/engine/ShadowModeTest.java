package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.engine.Outcome.Shadow;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.RiskReport.Estimate;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Message;
import dev.reprise.model.Reason;
import dev.reprise.model.Role;
import dev.reprise.model.Scope;
import dev.reprise.model.TokenUsage;
import dev.reprise.model.UseCase;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShadowModeTest {
  private static final CacheRequest NEAR = EngineFixture.request(EngineFixture.NEAR);
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);
  private static final AnswerJudge EQUAL =
      (fresh, cached) ->
          fresh.answer().equals(cached.answer()) ? Judgement.SAME : Judgement.DIFFERENT;

  private static EngineFixture shadow() {
    return new EngineFixture(
        settings -> settings.mode(Mode.SHADOW).learning(Learning.by(EQUAL).withChecked(0)));
  }

  private static Answer answer(String text) {
    return new Answer(text, text, Completion.COMPLETE, new TokenUsage.Known(10, 20), Set.of());
  }

  private static Outcome.Computed ask(EngineFixture fixture, CacheRequest request, String fresh) {
    AtomicInteger calls = new AtomicInteger();
    Outcome outcome =
        fixture.engine.getOrCompute(
            request,
            () -> {
              calls.incrementAndGet();
              return answer(fresh);
            });
    assertThat(calls).hasValue(1);
    return (Outcome.Computed) outcome;
  }

  private static void awaitCompared(EngineFixture fixture, int count) throws InterruptedException {
    EngineFixture.await(
        count + " comparisons", () -> fixture.log.of(CacheEvent.Compared.class).size() >= count);
  }

  @Test
  void everyRequestGoesToTheUpstreamAndTellsWhatWouldHaveBeenServed() throws Exception {
    try (EngineFixture fixture = shadow()) {
      Outcome.Computed first = ask(fixture, NEAR, "Paris");
      fixture.drain();
      Outcome.Computed exact = ask(fixture, NEAR, "Paris");
      Outcome.Computed semantic = ask(fixture, ASKED, "Lyon");

      assertThat(first.shadow()).contains(new Shadow.WouldMiss());
      assertThat(first.admission()).isInstanceOf(Admission.Store.class);
      assertThat(exact.answer().text()).isEqualTo("Paris");
      assertThat(exact.wouldHit()).containsInstanceOf(Outcome.ExactHit.class);
      assertThat(semantic.answer().text()).isEqualTo("Lyon");
      assertThat(semantic.wouldHit())
          .get()
          .isInstanceOfSatisfying(
              Outcome.SemanticHit.class,
              hit -> {
                assertThat(hit.entry().key()).isEqualTo(EngineFixture.key(NEAR));
                assertThat(hit.answer().text()).isEqualTo("Paris");
                assertThat(hit.confidence()).isBetween(0.96, 0.98);
              });
      assertThat(((Admission.Skip) semantic.admission()).reason().code())
          .isEqualTo(Reason.Code.SHADOW);
      assertThat(semantic.wasCached()).isFalse();

      awaitCompared(fixture, 2);
      CacheStats stats = fixture.engine.stats();
      assertThat(stats.hitRate()).isZero();
      assertThat(stats.upstreamCalls()).isEqualTo(3);
      assertThat(stats.shadow().lookups()).isEqualTo(3);
      assertThat(stats.shadow().exactHits()).isEqualTo(1);
      assertThat(stats.shadow().semanticHits()).isEqualTo(1);
      assertThat(stats.shadow().hitRate()).isEqualTo(2.0 / 3);
      assertThat(stats.shadow().exactCompared()).isEqualTo(1);
      assertThat(stats.shadow().exactWrong()).isZero();
      assertThat(stats.shadow().compared()).isEqualTo(1);
      assertThat(stats.shadow().wrong()).isEqualTo(1);
      assertThat(stats.shadow().inputTokensSaved()).isEqualTo(20);
      assertThat(stats.shadow().outputTokensSaved()).isEqualTo(40);
      fixture.audit(3);
    }
  }

  @Test
  void hitsAreThoseOfLiveMode() throws Exception {
    List<String> live = new ArrayList<>();
    List<String> shadow = new ArrayList<>();
    for (Mode mode : List.of(Mode.LIVE, Mode.SHADOW)) {
      try (EngineFixture fixture = new EngineFixture(settings -> settings.mode(mode))) {
        for (String question :
            List.of(
                EngineFixture.ASKED,
                EngineFixture.NEAR,
                EngineFixture.NEAR,
                "Who wrote Hamlet?",
                EngineFixture.ASKED,
                "Who wrote Hamlet?",
                EngineFixture.NEAR)) {
          Outcome outcome =
              fixture.engine.getOrCompute(
                  EngineFixture.request(question), () -> Answer.ofText("to " + question));
          fixture.drain();
          Outcome served = outcome.wouldHit().<Outcome>map(hit -> hit).orElse(outcome);
          (mode == Mode.LIVE ? live : shadow).add(served.getClass().getSimpleName());
        }
        assertThat(fixture.map.scan(entry -> true)).isNotNull();
        assertThat(fixture.engine.stats().stored()).isEqualTo(2);
      }
    }
    assertThat(shadow).isEqualTo(live).contains("ExactHit", "SemanticHit", "Computed");
  }

  @Test
  void streamsAreNotReplayed() throws Exception {
    try (EngineFixture fixture = shadow()) {
      fixture.put(NEAR, "Paris");
      List<Shadow> told = new ArrayList<>();
      for (CacheRequest request : List.of(NEAR, ASKED, EngineFixture.request("Who is who?"))) {
        RecordingSubscriber inner = new RecordingSubscriber();
        StreamSubscriber<String> subscriber =
            new StreamSubscriber<>() {
              @Override
              public void onShadow(Shadow shadow) {
                assertThat(inner.chunks()).isEmpty();
                told.add(shadow);
              }

              @Override
              public void onWhole(Outcome.Answered outcome) {
                inner.onWhole(outcome);
              }

              @Override
              public void onChunk(String chunk, Subscription subscription) {
                inner.onChunk(chunk, subscription);
              }

              @Override
              public void onComplete(Outcome.Answered outcome) {
                inner.onComplete(outcome);
              }

              @Override
              public void onUnsatisfied(Outcome.Unsatisfied outcome) {
                inner.onUnsatisfied(outcome);
              }

              @Override
              public void onError(Throwable cause) {
                inner.onError(cause);
              }
            };
        fixture.engine.stream(
            request, ScriptedStreamingUpstream.atOnce(null, "Par", "is"), subscriber);
        Outcome end = (Outcome) inner.awaitEnd();
        assertThat(inner.chunks()).containsExactly("Par", "is");
        assertThat(end.shadow()).contains(told.get(told.size() - 1));
      }
      assertThat(told.get(0))
          .isInstanceOfSatisfying(
              Shadow.WouldHit.class,
              would -> assertThat(would.hit()).isInstanceOf(Outcome.ExactHit.class));
      assertThat(told.get(1))
          .isInstanceOfSatisfying(
              Shadow.WouldHit.class,
              would -> assertThat(would.hit()).isInstanceOf(Outcome.SemanticHit.class));
      assertThat(told.get(2)).isEqualTo(new Shadow.WouldMiss());
      awaitCompared(fixture, 2);
      assertThat(fixture.engine.stats().shadow().wrong()).isZero();
      fixture.audit(3);
    }
  }

  @Test
  void equalRequestsUnderWayShareNoCall() throws Exception {
    int requests = 4;
    CountDownLatch all = new CountDownLatch(requests);
    ExecutorService threads = Executors.newFixedThreadPool(requests);
    try (EngineFixture fixture = shadow()) {
      List<Future<Outcome>> open = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        open.add(
            threads.submit(
                () ->
                    fixture.engine.getOrCompute(
                        NEAR,
                        () -> {
                          all.countDown();
                          assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
                          return Answer.ofText("Paris");
                        })));
      }
      for (Future<Outcome> one : open) {
        assertThat(((Outcome.Computed) one.get()).call()).isEqualTo(Outcome.Call.OWN);
      }
      assertThat(fixture.engine.stats().upstreamCalls()).isEqualTo(requests);
      fixture.audit(requests);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whoWantsACachedAnswerOnlyIsGivenNone() throws Exception {
    try (EngineFixture fixture = shadow()) {
      fixture.put(NEAR, "Paris");
      Outcome outcome =
          fixture.engine.getOrCompute(
              ASKED.withControl(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED)),
              ScriptedUpstream.answering("never"));
      assertThat(outcome).isInstanceOf(Outcome.Unsatisfied.class);
      assertThat(outcome.wouldHit()).containsInstanceOf(Outcome.SemanticHit.class);
      assertThat(fixture.engine.stats().shadow().semanticHits()).isEqualTo(1);
      assertThat(fixture.engine.stats().upstreamCalls()).isZero();
    }
  }

  @Test
  void withoutALearningJudgeTheEmbedderCompares() throws Exception {
    try (EngineFixture fixture = new EngineFixture(settings -> settings.mode(Mode.SHADOW))) {
      fixture.put(NEAR, "Paris is the capital.");
      ask(fixture, ASKED, "paris is  the capital.");
      ask(fixture, ASKED, "Nobody knows.");
      awaitCompared(fixture, 2);
      assertThat(fixture.engine.stats().shadow().compared()).isEqualTo(2);
      assertThat(fixture.engine.stats().shadow().wrong()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatWouldNotBeStoredIsNoMeasureOfTheCache() throws Exception {
    try (EngineFixture fixture = shadow()) {
      fixture.put(NEAR, "Paris");
      ask(fixture, ASKED, "");
      ask(fixture, ASKED, "Paris");
      awaitCompared(fixture, 1);
      assertThat(fixture.engine.stats().shadow().compared()).isEqualTo(1);
      assertThat(fixture.engine.stats().shadow().semanticHits()).isEqualTo(2);
    }
  }

  @Test
  void aJudgeThatFailsIsTroubleAndNoVerdict() throws Exception {
    AnswerJudge broken =
        (fresh, cached) -> {
          throw new IllegalStateException("on purpose");
        };
    try (EngineFixture fixture =
        new EngineFixture(settings -> settings.mode(Mode.SHADOW).learning(Learning.by(broken)))) {
      fixture.put(NEAR, "Paris");
      assertThat(ask(fixture, ASKED, "Lyon").answer().text()).isEqualTo("Lyon");
      EngineFixture.await(
          "trouble", () -> fixture.engine.stats().troubleByPart().containsKey("judge"));
      assertThat(fixture.engine.stats().shadow().wrongPerHit()).isEmpty();
    }
  }

  @Test
  void metersTellTheSameAsTheStatistics() throws Exception {
    CacheMetrics metrics = CacheMetrics.named("answers");
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    metrics.bindTo(registry);
    try (EngineFixture fixture =
        new EngineFixture(
            settings ->
                settings
                    .mode(Mode.SHADOW)
                    .listener(metrics)
                    .pricing(Pricing.perMillionTokens(1_000_000, 0))
                    .learning(Learning.by(EQUAL)))) {
      assertThat(registry.find("reprise.shadow.requests").functionCounters()).isEmpty();
      ask(fixture, NEAR, "Paris");
      fixture.drain();
      ask(fixture, NEAR, "Paris");
      ask(fixture, ASKED, "Paris");
      ask(fixture, ASKED, "Lyon");
      awaitCompared(fixture, 3);
      for (String[] counted :
          List.of(
              new String[] {"1", "requests", "would", "hit-exact"},
              new String[] {"2", "requests", "would", "hit-semantic"},
              new String[] {"1", "requests", "would", "miss"},
              new String[] {"30", "tokens.saved", "type", "input"},
              new String[] {"60", "tokens.saved", "type", "output"},
              new String[] {"30", "cost.saved", "cache", "answers"},
              new String[] {"1", "compared", "match", "exact"},
              new String[] {"1", "compared", "match", "semantic"})) {
        assertThat(
                registry
                    .get("reprise.shadow." + counted[1])
                    .tags(counted[2], counted[3])
                    .functionCounters()
                    .stream()
                    .mapToDouble(FunctionCounter::count)
                    .max())
            .as(String.join(" ", counted))
            .hasValue(Double.parseDouble(counted[0]));
      }
      assertThat(registry.get("reprise.shadow.wrong.rate").tag("end", "value").gauge().value())
          .isEqualTo(0.5);
    }
  }

  @Test
  void followUpsMeetAsTheyWouldLive() throws Exception {
    CacheRequest followUp =
        EngineFixture.requestBuilder(EngineFixture.ASKED)
            .message(Message.of(Role.ASSISTANT, "Paris, of course."))
            .user("And of Italy?")
            .build();
    CacheRequest earlier =
        EngineFixture.requestBuilder(EngineFixture.NEAR)
            .message(Message.of(Role.ASSISTANT, "Paris"))
            .user("And of Italy?")
            .build();
    try (EngineFixture fixture = shadow()) {
      ask(fixture, NEAR, "Paris");
      fixture.drain();
      ask(fixture, earlier, "Rome");
      fixture.drain();
      // Live mode would have served "Paris" here; the user was given other words.
      ask(fixture, ASKED, "Paris, of course.");
      assertThat(ask(fixture, followUp, "Rome").wouldHit())
          .containsInstanceOf(Outcome.SemanticHit.class);
    }
  }

  @Test
  void theMostParticularModeHolds() throws Exception {
    CachePolicy policy =
        CachePolicy.builder()
            .mode(Mode.SHADOW)
            .mode(UseCase.FAQ, Mode.OFF)
            .mode(Scope.of("brave"), Mode.LIVE)
            .modes(
                scope -> scope.name().startsWith("key:") ? Optional.of(Mode.OFF) : Optional.empty())
            .build();
    try (EngineFixture fixture =
        new EngineFixture(settings -> settings.mode(Mode.LIVE).policy(policy))) {
      assertThat(ask(fixture, NEAR, "Paris").shadow()).contains(new Shadow.WouldMiss());
      assertThat(bypass(fixture, request("tenant-a", UseCase.FAQ))).isEqualTo(Reason.Code.OFF);
      assertThat(bypass(fixture, request("key:1", UseCase.QUESTION))).isEqualTo(Reason.Code.OFF);
      CacheRequest brave = request("brave", UseCase.FAQ);
      assertThat(ask(fixture, brave, "Paris").shadow()).isEmpty();
      assertThat(fixture.engine.getOrCompute(brave, ScriptedUpstream.answering("never")))
          .isInstanceOf(Outcome.ExactHit.class);
    }
  }

  @Test
  void theEnginesModeHoldsWhereThePolicyHasNone() throws Exception {
    try (EngineFixture fixture = new EngineFixture(settings -> settings.mode(Mode.OFF))) {
      assertThat(bypass(fixture, NEAR)).isEqualTo(Reason.Code.OFF);
      fixture.audit(1);
    }
    try (EngineFixture fixture =
        new EngineFixture(
            settings ->
                settings.mode(Mode.OFF).policy(CachePolicy.builder().mode(Mode.LIVE).build()))) {
      assertThat(ask(fixture, NEAR, "Paris").shadow()).isEmpty();
    }
    assertThat(CacheEngineBuilder.DEFAULT_MODE).isEqualTo(Mode.LIVE);
    assertThatNullPointerException()
        .isThrownBy(() -> CacheEngine.builder().mode(null))
        .withMessage("mode");
  }

  private static CacheRequest request(String scope, UseCase useCase) {
    return CacheRequest.builder(Scope.of(scope))
        .provider("test")
        .model("model-1")
        .user(EngineFixture.NEAR)
        .temperature(0)
        .useCase(useCase)
        .build();
  }

  private static Reason.Code bypass(EngineFixture fixture, CacheRequest request) throws Exception {
    return ((Outcome.Bypassed)
            fixture.engine.getOrCompute(request, ScriptedUpstream.answering("past it")))
        .reason()
        .code();
  }

  /** Published values: Newcombe, "Two-sided confidence intervals", 1998, table I. */
  @Test
  void theIntervalIsWilsons() {
    assertEstimate(ShadowStats.wilson(81, 263), 0.2553, 0.3080, 0.3662);
    assertEstimate(ShadowStats.wilson(15, 148), 0.0624, 0.1014, 0.1605);
    assertEstimate(ShadowStats.wilson(0, 20), 0, 0, 0.1611);
    assertEstimate(ShadowStats.wilson(1, 29), 0.0061, 0.0345, 0.1718);
    assertEstimate(ShadowStats.wilson(29, 29), 0.8830, 1, 1);
  }

  private static void assertEstimate(Estimate found, double low, double value, double high) {
    assertThat(found.low()).isCloseTo(low, within(0.0001));
    assertThat(found.value()).isCloseTo(value, within(0.0001));
    assertThat(found.high()).isCloseTo(high, within(0.0001));
  }

  @Test
  void perLookupIsPerHitTimesTheShareOfSemanticHits() {
    ShadowStats stats =
        new ShadowStats(
            new ShadowStats.Lookups(200, 30, 20, 0),
            new ShadowStats.Savings(Duration.ZERO, 0, 0, 0),
            new ShadowStats.Comparisons(30, 0),
            new ShadowStats.Comparisons(18, 2));
    assertThat(stats.wrongPerLookup().orElseThrow().value()).isCloseTo(0.01, within(1e-9));
    assertThat(stats.hitRate()).isEqualTo(0.25);
  }
}
