package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.engine.CacheEvent.Judged;
import dev.reprise.engine.CacheEvent.Occasion;
import dev.reprise.key.ExactKey;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.learn.LearningStore;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.match.Observation;
import dev.reprise.match.OperatingPoint;
import dev.reprise.match.RiskReport;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Scope;
import dev.reprise.model.TokenUsage;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.Fault;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.testing.MapExactTier;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.SharedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningTest {
  private static final CacheRequest NEAR = EngineFixture.request(EngineFixture.NEAR);
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);
  private static final AnswerJudge EQUAL =
      (fresh, cached) ->
          fresh.answer().equals(cached.answer()) ? Judgement.SAME : Judgement.DIFFERENT;

  /** A threshold that writes down what it is taught. */
  private static final class Pupil implements LearningMatcher {
    private final ConcurrentLinkedQueue<Observation> taught = new ConcurrentLinkedQueue<>();
    private final Matcher threshold;

    Pupil(double cosine) {
      threshold = Matcher.threshold(cosine);
    }

    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      return threshold.decide(candidate);
    }

    @Override
    public void observe(Observation observation) {
      taught.add(observation);
    }

    @Override
    public Optional<RiskReport> risk() {
      return Optional.empty();
    }

    @Override
    public String snapshot() {
      return "";
    }

    @Override
    public boolean restore(String snapshot) {
      return snapshot.isEmpty();
    }
  }

  private static EngineFixture fixture(Matcher matcher, Learning learning) {
    return new EngineFixture(settings -> settings.matcher(matcher).learning(learning));
  }

  private static void await(EngineFixture fixture, int judgements) throws InterruptedException {
    EngineFixture.await(
        judgements + " judgements", () -> fixture.log.of(Judged.class).size() >= judgements);
  }

  private static CacheEngine engine(Matcher matcher) {
    return CacheEngine.builder().matcher(matcher).build();
  }

  /** Its state is restored when an engine starts: a second one would overwrite the first one's. */
  @Test
  void aMatcherThatLearnsBelongsToOneOpenEngine() {
    Pupil pupil = new Pupil(0.9);
    CacheEngine first = engine(pupil);
    assertThatThrownBy(() -> engine(pupil))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Pupil")
        .hasMessageContaining("another open engine");
    first.close();
    engine(pupil).close();
    Matcher fixed = Matcher.threshold(0.9);
    try (CacheEngine one = engine(fixed);
        CacheEngine two = engine(fixed)) {
      assertThat(one).as("what learns nothing is shared").isNotSameAs(two);
    }
  }

  /** A build that fails keeps no matcher. */
  @Test
  void aBuildThatFailsLeavesTheMatcherFree() {
    Pupil pupil = new Pupil(0.9);
    assertThatThrownBy(
            () ->
                CacheEngine.builder()
                    .matcher(pupil)
                    .exactTier(
                        new ForwardingExactTier(new MapExactTier(new FakeClock())) {
                          @Override
                          public Optional<SharedLog> sharedLog(SharedLog.Topic topic) {
                            throw new IllegalStateException("no log");
                          }
                        })
                    .build())
        .hasMessageContaining("no log");
    engine(pupil).close();
  }

  @Test
  void aMissTellsWhetherItsSurestCandidateWasRight() throws Exception {
    for (String fresh : List.of("Paris", "Lyon")) {
      Pupil pupil = new Pupil(0.99);
      try (EngineFixture fixture = fixture(pupil, Learning.by(EQUAL))) {
        fixture.put(NEAR, "Paris");
        fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering(fresh));
        await(fixture, 1);
        boolean isSame = fresh.equals("Paris");
        assertThat(pupil.taught)
            .hasSize(2)
            .first()
            .isInstanceOfSatisfying(
                Observation.LookedUp.class,
                lookedUp -> {
                  assertThat(lookedUp.wasServed()).isFalse();
                  assertThat(lookedUp.confidence()).isBetween(0.96, 0.98);
                });
        assertThat(pupil.taught)
            .last()
            .isInstanceOfSatisfying(
                Observation.Judged.class,
                judged -> {
                  assertThat(judged.isSame()).isEqualTo(isSame);
                  assertThat(judged.wasServed()).isFalse();
                });
        assertThat(fixture.log.of(Judged.class).get(0).occasion()).isEqualTo(Occasion.MISS);
        assertThat(fixture.engine.stats().judgedSame()).isEqualTo(isSame ? 1 : 0);
        assertThat(fixture.engine.stats().judgedDifferent()).isEqualTo(isSame ? 0 : 1);
        assertThat(fixture.engine.stats().rejectedByStage())
            .containsExactly(Map.entry(MatchStage.SIMILARITY, 1L));
        fixture.drain();
        fixture.audit(1);
      }
    }
  }

  @Test
  void hitsAreCheckedByTheirShareBehindTheCallersBack() throws Exception {
    Pupil pupil = new Pupil(0.9);
    AtomicInteger calls = new AtomicInteger();
    try (EngineFixture fixture = fixture(pupil, Learning.by(EQUAL).withChecked(0.25))) {
      fixture.put(NEAR, "Paris");
      for (int i = 0; i < 8; i++) {
        Outcome outcome =
            fixture.engine.getOrCompute(
                ASKED,
                () -> {
                  calls.incrementAndGet();
                  assertThat(Thread.currentThread().getName()).startsWith("reprise-check");
                  return Answer.ofText("Paris");
                });
        assertThat(outcome).isInstanceOf(Outcome.SemanticHit.class);
      }
      await(fixture, 2);
      assertThat(calls).hasValue(2);
      assertThat(fixture.log.of(Judged.class))
          .allSatisfy(
              judged -> {
                assertThat(judged.occasion()).isEqualTo(Occasion.CHECK);
                assertThat(judged.isSame()).isTrue();
              });
      assertThat(pupil.taught.stream().filter(Observation.Judged.class::isInstance))
          .hasSize(2)
          .allMatch(Observation::wasServed);
    }
  }

  @Test
  void byDefaultNothingIsJudgedAndNoUpstreamCalledBehindAnybodysBack() throws Exception {
    Pupil pupil = new Pupil(0.9);
    try (EngineFixture fixture = fixture(pupil, Learning.fromFeedbackOnly())) {
      fixture.put(NEAR, "Paris");
      for (int i = 0; i < 100; i++) {
        fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("never asked"));
      }
      assertThat(fixture.engine.stats().upstreamCalls()).isZero();
      assertThat(fixture.log.of(Judged.class)).isEmpty();
    }
  }

  @Test
  void aJudgeOrACheckThatFailsIsTroubleAndNobodyElses() throws Exception {
    AnswerJudge broken =
        (fresh, cached) -> {
          throw new IllegalStateException("no judge today");
        };
    try (EngineFixture fixture = fixture(new Pupil(0.99), Learning.by(broken))) {
      fixture.put(NEAR, "Paris");
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("Paris"));
      EngineFixture.await(
          "trouble", () -> fixture.engine.stats().troubleByPart().containsKey("judge"));
    }
    try (EngineFixture fixture = fixture(new Pupil(0.9), Learning.by(EQUAL).withChecked(1))) {
      fixture.put(NEAR, "Paris");
      Outcome outcome =
          fixture.engine.getOrCompute(
              ASKED,
              () -> {
                throw new IllegalStateException("no upstream today");
              });
      assertThat(outcome).isInstanceOf(Outcome.SemanticHit.class);
      EngineFixture.await(
          "trouble", () -> fixture.engine.stats().troubleByPart().containsKey("check"));
    }
  }

  @Test
  void aHitThatIsReportedAsWrongNeverHappensAgain() throws Exception {
    String near = "Which city, please, is the capital of France?";
    String other = "What is the capital of Spain?";
    for (boolean isByRequest : List.of(true, false)) {
      Pupil pupil = new Pupil(0.9);
      try (EngineFixture fixture = fixture(pupil, Learning.fromFeedbackOnly())) {
        fixture.embedder.near(near, EngineFixture.ASKED, 0.98);
        fixture.put(NEAR, "Paris");
        Outcome.SemanticHit hit =
            (Outcome.SemanticHit)
                fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
        ExactKey entry = hit.entry().key();
        assertThat(
                isByRequest
                    ? fixture.engine.feedback(ASKED, entry, Feedback.WRONG)
                    : fixture.engine.feedback(entry, Feedback.WRONG))
            .isTrue();
        assertThat(pupil.taught)
            .last()
            .isInstanceOfSatisfying(
                Observation.Judged.class,
                judged -> {
                  assertThat(judged.isSame()).isFalse();
                  assertThat(judged.wasServed()).isTrue();
                  assertThat(judged.confidence()).isBetween(0.96, 0.98);
                });
        for (String question : List.of(EngineFixture.ASKED, near)) {
          Outcome outcome =
              fixture.engine.getOrCompute(
                  EngineFixture.requestBuilder(question)
                      .control(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED))
                      .build(),
                  ScriptedUpstream.answering("fresh"));
          assertThat(outcome).as(question).isInstanceOf(Outcome.Unsatisfied.class);
        }
        assertThat(fixture.log.of(CacheEvent.Rejected.class))
            .allMatch(rejected -> rejected.stage() == MatchStage.FEEDBACK);
        // The answer itself is as good as before, but without the request nobody knows that.
        assertThat(fixture.engine.getOrCompute(NEAR, ScriptedUpstream.answering("Paris")))
            .isInstanceOf(isByRequest ? Outcome.ExactHit.class : Outcome.Computed.class);
        fixture.drain();
        fixture.embedder.near(other, EngineFixture.NEAR, 0.93);
        assertThat(
                fixture.engine.getOrCompute(
                    EngineFixture.request(other), ScriptedUpstream.answering("fresh")))
            .isInstanceOf(Outcome.SemanticHit.class);
      }
    }
  }

  @Test
  void anAnswerThatIsWrongForItsOwnQuestionIsRemoved() throws Exception {
    for (boolean isByRequest : List.of(true, false)) {
      try (EngineFixture fixture = fixture(new Pupil(0.9), Learning.fromFeedbackOnly())) {
        fixture.put(NEAR, "Lyon");
        Outcome.ExactHit hit =
            (Outcome.ExactHit)
                fixture.engine.getOrCompute(NEAR, ScriptedUpstream.answering("fresh"));
        ExactKey entry = hit.entry().key();
        assertThat(fixture.engine.feedback(NEAR, entry, Feedback.RIGHT)).isTrue();
        assertThat(
                isByRequest
                    ? fixture.engine.feedback(NEAR, entry, Feedback.WRONG)
                    : fixture.engine.feedback(entry, Feedback.WRONG))
            .isTrue();
        assertThat(fixture.engine.getOrCompute(NEAR, ScriptedUpstream.answering("Paris")))
            .isInstanceOf(Outcome.Computed.class);
        assertThat(fixture.engine.feedback(EngineFixture.key(ASKED), Feedback.WRONG)).isFalse();
      }
    }
  }

  @Test
  void feedbackOfAnotherScopeSaysNothingAboutAnEntry() throws Exception {
    try (EngineFixture fixture = fixture(new Pupil(0.9), Learning.fromFeedbackOnly())) {
      fixture.put(NEAR, "Paris");
      CacheRequest stranger =
          CacheRequest.builder(Scope.of("tenant-b"))
              .provider("test")
              .model("model-1")
              .system("Be brief.")
              .user(EngineFixture.ASKED)
              .temperature(0)
              .build();
      assertThat(fixture.engine.feedback(stranger, EngineFixture.key(NEAR), Feedback.WRONG))
          .isFalse();
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh")))
          .isInstanceOf(Outcome.SemanticHit.class);
    }
  }

  private static VerifiedMatcher verified() {
    return Matcher.verified(
        (asked, cached, similarity) -> new Verifier.Verdict.LogOdds(2),
        WrongAnswerBound.perLookup(0.05));
  }

  @Test
  void whatWasLearntAndWhatWasReportedOutlivesTheProcess(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("deep").resolve("learnt.json");
    Learning learning = Learning.by(EQUAL).withStore(LearningStore.file(file));
    UnaryOperator<CacheEngine.Builder> settings =
        engine -> engine.matcher(verified()).learning(learning);
    RiskReport before;
    try (EngineFixture fixture = new EngineFixture(settings)) {
      fixture.put(NEAR, "Paris");
      for (int i = 0; i < 200; i++) {
        String question = EngineFixture.ASKED + " " + i;
        fixture.embedder.near(question, EngineFixture.NEAR, 0.9);
        fixture.engine.getOrCompute(
            EngineFixture.request(question), ScriptedUpstream.answering("Paris"));
        fixture.drain();
      }
      EngineFixture.await(
          "the matcher has learnt",
          () ->
              fixture.engine.risk().orElseThrow().point().origin()
                  == OperatingPoint.Origin.LOOSENED);
      Outcome.SemanticHit hit =
          (Outcome.SemanticHit)
              fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
      assertThat(fixture.engine.feedback(ASKED, hit.entry().key(), Feedback.WRONG)).isTrue();
      assertThat(fixture.log.of(CacheEvent.OperatingPointMoved.class)).isNotEmpty();
      fixture.engine.close();
      before = fixture.engine.risk().orElseThrow();
    }
    assertThat(Files.readString(file)).doesNotContain("capital");
    try (EngineFixture fixture = new EngineFixture(settings)) {
      RiskReport after = fixture.engine.risk().orElseThrow();
      assertThat(after.lookups()).isEqualTo(before.lookups());
      assertThat(after.point()).isEqualTo(before.point());
      fixture.put(NEAR, "Paris");
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
      assertThat(fixture.engine.stats().rejectedByStage()).containsKey(MatchStage.FEEDBACK);
    }
    Files.writeString(file, "{\"format\": 7");
    try (EngineFixture fixture = new EngineFixture(settings)) {
      assertThat(fixture.engine.risk().orElseThrow().lookups()).isZero();
    }
  }

  @Test
  void aStoreThatFailsIsTroubleAndIsTriedAgain() throws Exception {
    AtomicInteger saves = new AtomicInteger();
    LearningStore broken =
        new LearningStore() {
          @Override
          public Optional<String> load() throws IOException {
            throw new IOException("no disk today");
          }

          @Override
          public void save(String learnt) throws IOException {
            saves.incrementAndGet();
            throw new IOException("no disk today");
          }
        };
    EngineFixture fixture = fixture(new Pupil(0.9), Learning.by(EQUAL).withStore(broken));
    fixture.put(NEAR, "Paris");
    assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh")))
        .isInstanceOf(Outcome.SemanticHit.class);
    fixture.close();
    assertThat(saves).hasValue(1);
    assertThat(fixture.engine.stats().troubleByPart()).containsEntry("learning-store", 2L);
  }

  @Test
  void whoForbadeACallPaysForNoCheck() throws Exception {
    try (EngineFixture fixture = fixture(new Pupil(0.9), Learning.by(EQUAL).withChecked(1))) {
      fixture.put(NEAR, "Paris");
      CacheControl only = CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED);
      for (int i = 0; i < 10; i++) {
        assertThat(
                fixture.engine.getOrCompute(
                    ASKED.withControl(only), ScriptedUpstream.answering("never asked")))
            .isInstanceOf(Outcome.SemanticHit.class);
      }
      assertThat(fixture.engine.stats().upstreamCalls()).isZero();
    }
  }

  @Test
  void aCheckThatGetsNoWholeAnswerTeachesNothing() throws Exception {
    Pupil pupil = new Pupil(0.9);
    try (EngineFixture fixture = fixture(pupil, Learning.by(EQUAL).withChecked(1))) {
      fixture.put(NEAR, "Paris");
      fixture.engine.getOrCompute(
          ASKED,
          () -> new Answer("Par", "Par", Completion.TRUNCATED, new TokenUsage.Unknown(), Set.of()));
      EngineFixture.await("the check", () -> fixture.engine.stats().upstreamCalls() == 1);
      fixture.engine.close();
      assertThat(pupil.taught).noneMatch(Observation.Judged.class::isInstance);
    }
  }

  @Test
  void aLookupThatATierDidNotAnswerTeachesNothing() throws Exception {
    Pupil pupil = new Pupil(0.99);
    try (EngineFixture fixture = fixture(pupil, Learning.by(EQUAL))) {
      fixture.put(NEAR, "Paris");
      fixture.semantic.fault(Fault.THROWS);
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("Paris"));
      assertThat(pupil.taught).isEmpty();
    }
  }

  @Test
  void thatItWasRightIsLearntOnlyWhereItIsKnownForWhom() throws Exception {
    String near = "Which city, please, is the capital of France?";
    Pupil pupil = new Pupil(0.9);
    try (EngineFixture fixture = fixture(pupil, Learning.fromFeedbackOnly())) {
      fixture.embedder.near(near, EngineFixture.NEAR, 0.95);
      ExactKey entry = fixture.put(NEAR, "Paris").key();
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
      assertThat(fixture.engine.feedback(entry, Feedback.RIGHT)).isTrue();
      assertThat(pupil.taught).filteredOn(Observation.Judged.class::isInstance).hasSize(1);
      fixture.engine.getOrCompute(EngineFixture.request(near), ScriptedUpstream.answering("fresh"));
      assertThat(fixture.engine.feedback(entry, Feedback.RIGHT)).isTrue();
      assertThat(pupil.taught).filteredOn(Observation.Judged.class::isInstance).hasSize(1);
    }
  }

  /** A store that hangs is nobody's trouble. */
  @Test
  void aStoreThatHangsDelaysNobody() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    LearningStore hanging =
        new LearningStore() {
          @Override
          public Optional<String> load() {
            return Optional.empty();
          }

          @Override
          public void save(String learnt) throws IOException {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new IOException("given up", e);
            }
          }
        };
    EngineFixture fixture = fixture(new Pupil(0.9), Learning.by(EQUAL).withStore(hanging));
    fixture.put(NEAR, "Paris");
    fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
    assertTimeoutPreemptively(Duration.ofSeconds(20), fixture::close);
  }
}
