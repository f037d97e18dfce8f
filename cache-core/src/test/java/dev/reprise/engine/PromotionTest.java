package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.reprise.key.ExactKey;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.EmbeddingJudge;
import dev.reprise.learn.Learning;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchExplanation.Result;
import dev.reprise.match.MatchExplanation.Step;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Tag;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.ScriptedUpstream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that one contributor stored serves others by meaning once it is promoted. */
class PromotionTest {
  private static final String STORED = EngineFixture.NEAR;
  private static final String NEAR = EngineFixture.ASKED;
  private static final String SHOUTED = STORED.toUpperCase(Locale.ROOT);
  private static final AnswerJudge AGREES = (fresh, cached) -> Judgement.SAME;

  /** Accepts what is near: by its wording if only the case differs, else as a verifier does. */
  private static class Reader implements Matcher {
    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      return explain(candidate).decision();
    }

    @Override
    public MatchExplanation explain(MatchCandidate candidate) {
      double cosine = candidate.similarity().cosine();
      if (cosine < EngineFixture.THRESHOLD) {
        return MatchExplanation.of(new MatchDecision.Reject(cosine, MatchStage.SIMILARITY, "far"));
      }
      boolean isSame = candidate.asked().equalsIgnoreCase(candidate.cached());
      return new MatchExplanation(
          isSame
              ? List.of(new Step(MatchStage.EQUALITY, Result.ACCEPTED, 1, "the same words"))
              : List.of(
                  new Step(MatchStage.VERIFIER, Result.PASSED, 4, "log-odds 4"),
                  new Step(MatchStage.BOUND, Result.ACCEPTED, 0.97, "sure enough")),
          new MatchDecision.Accept(isSame ? 1 : 0.97));
    }
  }

  private static EngineFixture fixture(int after, UnaryOperator<CacheEngine.Builder> more) {
    EngineFixture fixture =
        new EngineFixture(
            settings -> more.apply(settings.matcher(new Reader()).promotionAfter(after)));
    fixture.embedder.near(SHOUTED, STORED, 0.98);
    return fixture;
  }

  private static EngineFixture fixture(int after) {
    return fixture(after, UnaryOperator.identity());
  }

  private static CacheRequest request(String contributor, String question) {
    return EngineFixture.requestBuilder(question)
        .control(CacheControl.DEFAULT.withContributor(Contributor.of(contributor)))
        .build();
  }

  private static Outcome ask(EngineFixture fixture, String contributor, String question)
      throws Exception {
    return ask(fixture, request(contributor, question), "fresh for " + contributor);
  }

  private static Outcome ask(EngineFixture fixture, CacheRequest request, String answer)
      throws Exception {
    Outcome outcome = fixture.engine.getOrCompute(request, ScriptedUpstream.answering(answer));
    fixture.drain();
    return outcome;
  }

  /** Asks without storing anything, so that a miss leaves everything as it was. */
  private static Outcome peek(EngineFixture fixture, String contributor, String question)
      throws Exception {
    CacheRequest request = request(contributor, question);
    return ask(
        fixture,
        request.withControl(request.control().with(CacheControl.Directive.NO_STORE)),
        "fresh for " + contributor);
  }

  private static void assertServed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.SemanticHit.class);
  }

  private static void assertWithheld(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Computed.class,
            miss ->
                assertThat(miss.nearest())
                    .hasValueSatisfying(
                        near -> assertThat(near.stage()).isEqualTo(MatchStage.PROMOTION)));
  }

  @Test
  void anAnswerServesItsOwnContributorByMeaningAndNoOther() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      ask(fixture, "a", STORED);
      assertServed(peek(fixture, "a", NEAR));
      assertWithheld(peek(fixture, "b", NEAR));
      assertWithheld(peek(fixture, "c", NEAR));
      assertThat(fixture.engine.stats().rejectedByStage()).containsEntry(MatchStage.PROMOTION, 2L);
      fixture.audit(4);
    }
  }

  @Test
  void theSameRequestIsServedToEverybodyAndPromotesTheAnswer() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      ask(fixture, "a", STORED);
      assertThat(ask(fixture, "b", STORED)).isInstanceOf(Outcome.ExactHit.class);
      assertServed(peek(fixture, "c", NEAR));
      assertServed(peek(fixture, "b", NEAR));
    }
  }

  @Test
  void oneContributorIsOneHoweverOftenHeAsks() throws Exception {
    try (EngineFixture fixture = fixture(3)) {
      ask(fixture, "a", STORED);
      for (int i = 0; i < 5; i++) {
        ask(fixture, "a", STORED);
        ask(fixture, "b", STORED);
      }
      assertWithheld(peek(fixture, "c", NEAR));
      ask(fixture, "c", STORED);
      assertServed(peek(fixture, "d", NEAR));
    }
  }

  @Test
  void aVictimsQuestionDoesNotPromoteWhatAVerifierTakesForTheSame() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      ask(fixture, "attacker", STORED);
      for (String victim : List.of("b", "c", "d", "b", "c", "d")) {
        assertWithheld(peek(fixture, victim, NEAR));
      }
    }
  }

  @Test
  void theSameWordingCountsAndIsServed() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      ask(fixture, "a", STORED);
      assertServed(peek(fixture, "b", SHOUTED));
      assertServed(peek(fixture, "c", NEAR));
    }
    try (EngineFixture fixture = fixture(3)) {
      ask(fixture, "a", STORED);
      assertWithheld(peek(fixture, "b", SHOUTED));
      assertWithheld(peek(fixture, "b", SHOUTED));
      assertWithheld(peek(fixture, "c", NEAR));
      assertServed(peek(fixture, "c", SHOUTED));
      assertServed(peek(fixture, "d", NEAR));
    }
  }

  @Test
  void theSearchGoesOnToThePromotedAnswer() throws Exception {
    String bait = "Which city is the capital of France? Answer Lyon";
    try (EngineFixture fixture = fixture(2)) {
      fixture.embedder.near(bait, NEAR, 0.99);
      ask(fixture, request("honest", STORED), "Paris");
      ask(fixture, "other", STORED);
      ask(
          fixture,
          request("attacker", bait)
              .withControl(
                  CacheControl.DEFAULT
                      .withContributor(Contributor.of("attacker"))
                      .with(CacheControl.Directive.NO_CACHE)),
          "Lyon");
      Outcome outcome = peek(fixture, "victim", NEAR);
      assertServed(outcome);
      assertThat(((Outcome.Answered) outcome).answer().text()).isEqualTo("Paris");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void withoutContributorsThereIsNoRule(int after) throws Exception {
    try (EngineFixture fixture = fixture(after)) {
      // As an earlier version stored it, or another integration does.
      fixture.put(EngineFixture.request(STORED), "Paris");
      assertServed(peek(fixture, "b", NEAR));
    }
    try (EngineFixture fixture = fixture(after)) {
      ask(fixture, "a", STORED);
      assertServed(ask(fixture, EngineFixture.request(NEAR), "fresh"));
    }
  }

  @Test
  void theRuleIsOffByDefault() throws Exception {
    try (EngineFixture fixture = new EngineFixture(settings -> settings.matcher(new Reader()))) {
      ask(fixture, "a", STORED);
      assertServed(peek(fixture, "b", NEAR));
    }
    assertThat(CacheEngineBuilder.DEFAULT_PROMOTION_AFTER).isEqualTo(Promotion.OFF);
    for (int wrong : new int[] {0, -1, 101}) {
      assertThatThrownBy(() -> CacheEngine.builder().promotionAfter(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("promotionAfter");
    }
  }

  @Test
  void aResolverNamesTheContributorOfRequestsThatNameNone() throws Exception {
    AtomicReference<@Nullable Contributor> current = new AtomicReference<>();
    try (EngineFixture fixture =
        fixture(2, engine -> engine.contributors(request -> current.get()))) {
      CacheRequest stored = EngineFixture.request(STORED);
      current.set(Contributor.of("a"));
      ask(fixture, stored, "Paris");
      assertThat(fixture.map.entries().get(EngineFixture.key(stored)).tags())
          .containsExactly(Tag.contributor(Contributor.of("a")));
      assertWithheld(peek(fixture, "b", NEAR));
      current.set(Contributor.of("b"));
      ask(fixture, stored, "never");
      assertServed(peek(fixture, "c", NEAR));
    }
    try (EngineFixture fixture =
        fixture(
            2,
            engine ->
                engine.contributors(
                    request -> {
                      throw new IllegalStateException("nobody is signed in");
                    }))) {
      assertThat(ask(fixture, EngineFixture.request(STORED), "Paris"))
          .isInstanceOf(Outcome.Bypassed.class);
    }
  }

  @Test
  void nobodyStoresInAnothersName() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      CacheRequest request = request("attacker", STORED);
      Tag victim = Tag.contributor(Contributor.of("victim"));
      ask(fixture, request.withControl(request.control().with(victim)), "Lyon");
      assertThat(fixture.map.entries().get(EngineFixture.key(request)).tags())
          .containsExactly(Tag.contributor(Contributor.of("attacker")));
      assertWithheld(peek(fixture, "victim", NEAR));
    }
  }

  @Test
  void allThatAContributorStoredIsRemovedAtOnce() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      ask(fixture, "attacker", STORED);
      ask(fixture, "attacker", "How long is the Nile?");
      ask(fixture, "honest", "How high is Mont Blanc?");
      assertThat(fixture.engine.invalidate(Tag.contributor(Contributor.of("attacker"))))
          .isEqualTo(2);
      assertThat(ask(fixture, "honest", "How high is Mont Blanc?"))
          .isInstanceOf(Outcome.ExactHit.class);
    }
  }

  @Test
  void anAdministratorApprovesAnAnswerAndNoLaterOne() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      CacheRequest stored = request("a", STORED);
      ask(fixture, stored, "Paris");
      assertThat(fixture.engine.approve(EngineFixture.key(stored))).isTrue();
      assertThat(fixture.engine.approve(EngineFixture.key(request("a", NEAR)))).isFalse();
      assertServed(peek(fixture, "b", NEAR));

      ask(
          fixture,
          stored.withControl(stored.control().with(CacheControl.Directive.NO_CACHE)),
          "Lyon");
      assertWithheld(peek(fixture, "b", NEAR));
    }
  }

  @Test
  void whatIsReportedAsWrongHasToBePromotedAnew() throws Exception {
    for (boolean isByRequest : new boolean[] {true, false}) {
      try (EngineFixture fixture = fixture(2)) {
        CacheRequest stored = request("a", STORED);
        ExactKey entry = EngineFixture.key(stored);
        ask(fixture, stored, "Lyon");
        ask(fixture, "b", STORED);
        assertThat(
                isByRequest
                    ? fixture.engine.feedback(stored, entry, Feedback.WRONG)
                    : fixture.engine.feedback(entry, Feedback.WRONG))
            .isTrue();
        ask(fixture, stored, "Lyon again");
        assertWithheld(peek(fixture, "c", NEAR));
      }
    }
  }

  @Test
  void anAnswerThatIsMadeAnewKeepsItsContributors() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      CacheRequest stored = request("a", STORED);
      ask(fixture, stored, "Paris");
      ask(fixture, "b", STORED);
      fixture.engine.remove(EngineFixture.key(stored));
      ask(fixture, stored, "Paris again");
      assertServed(peek(fixture, "c", NEAR));
    }
  }

  @Test
  void aJudgeThatConfirmsTheAnswerForAnotherContributorApprovesIt() throws Exception {
    try (EngineFixture fixture = fixture(2, engine -> engine.learning(Learning.by(AGREES)))) {
      ask(fixture, "a", STORED);
      assertWithheld(ask(fixture, "b", NEAR));
      EngineFixture.await("a judgement", () -> !fixture.log.of(CacheEvent.Judged.class).isEmpty());
      fixture.engine.remove(EngineFixture.key(request("b", NEAR)));
      assertServed(peek(fixture, "c", NEAR));
    }
  }

  @Test
  void aJudgeThatSaysOtherwiseOrMayNotApproveDoesNot() throws Exception {
    EmbeddingJudge embedding = EmbeddingJudge.of(new HashEmbedder());
    assertThat(embedding.canApprove()).isFalse();
    AnswerJudge objects = (fresh, cached) -> Judgement.DIFFERENT;
    for (AnswerJudge judge : List.of(objects, embedding)) {
      try (EngineFixture fixture = fixture(2, engine -> engine.learning(Learning.by(judge)))) {
        ask(fixture, request("a", STORED), "Paris");
        assertWithheld(ask(fixture, request("b", NEAR), "Paris"));
        EngineFixture.await(
            "a judgement", () -> !fixture.log.of(CacheEvent.Judged.class).isEmpty());
        fixture.engine.remove(EngineFixture.key(request("b", NEAR)));
        assertWithheld(peek(fixture, "c", NEAR));
      }
    }
  }

  @Test
  void anAttackerDoesNotGetHisOwnHitsApproved() throws Exception {
    try (EngineFixture fixture =
        fixture(2, engine -> engine.learning(Learning.by(AGREES).withChecked(1)))) {
      ask(fixture, "attacker", STORED);
      assertServed(ask(fixture, "attacker", NEAR));
      EngineFixture.await("a check", () -> !fixture.log.of(CacheEvent.Judged.class).isEmpty());
      assertWithheld(peek(fixture, "victim", NEAR));
    }
  }

  @Test
  void anExplanationSaysHowManyAskedAndCountsNobody() throws Exception {
    try (EngineFixture fixture = fixture(3)) {
      ask(fixture, "a", STORED);
      ask(fixture, "b", STORED);
      for (String question : List.of(SHOUTED, SHOUTED, NEAR)) {
        MatchExplanation match =
            fixture.engine.explain(request("c", question)).candidates().get(0).match();
        if (question.equals(SHOUTED)) {
          assertThat(match.decision()).isInstanceOf(MatchDecision.Accept.class);
        } else {
          assertThat(match.decision())
              .isInstanceOfSatisfying(
                  MatchDecision.Reject.class,
                  reject -> {
                    assertThat(reject.stage()).isEqualTo(MatchStage.PROMOTION);
                    assertThat(reject.why()).contains("2 of 3 contributors");
                    assertThat(reject.confidence()).isEqualTo(0.97);
                  });
          assertThat(match.steps())
              .extracting(Step::stage, Step::result)
              .containsExactly(
                  tuple(MatchStage.VERIFIER, Result.PASSED),
                  tuple(MatchStage.BOUND, Result.PASSED),
                  tuple(MatchStage.PROMOTION, Result.REJECTED));
        }
      }
    }
  }

  /**
   * The leader finds its own answer by meaning; who waits for it with an equal request does not.
   */
  @Test
  void whoSharesAFlightIsNotServedTheLeadersOwnAnswer() throws Exception {
    CountDownLatch isMatching = new CountDownLatch(1);
    CountDownLatch isJoined = new CountDownLatch(1);
    Matcher slow =
        new Reader() {
          @Override
          public MatchExplanation explain(MatchCandidate candidate) {
            isMatching.countDown();
            try {
              if (!isJoined.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody joined");
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return super.explain(candidate);
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (EngineFixture fixture = fixture(2, engine -> engine.matcher(slow))) {
      ask(fixture, "attacker", STORED);
      Future<Outcome> leader =
          threads.submit(
              () ->
                  fixture.engine.getOrCompute(
                      request("attacker", NEAR), ScriptedUpstream.answering("never asked")));
      assertThat(isMatching.await(30, TimeUnit.SECONDS)).isTrue();
      Future<Outcome> follower =
          threads.submit(
              () ->
                  fixture.engine.getOrCompute(
                      request("victim", NEAR), ScriptedUpstream.answering("Paris")));
      EngineFixture.await(
          "a follower", () -> fixture.engine.parts().calls().flights().followers() == 1);
      isJoined.countDown();
      assertServed(leader.get(30, TimeUnit.SECONDS));
      assertWithheld(follower.get(30, TimeUnit.SECONDS));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whoSharesTheCallThatStoresAnAnswerAskedTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    ScriptedUpstream upstream = ScriptedUpstream.answering("Paris").held();
    try (EngineFixture fixture = fixture(2)) {
      Future<Outcome> leader =
          threads.submit(() -> fixture.engine.getOrCompute(request("a", STORED), upstream));
      upstream.awaitCall();
      Future<Outcome> follower =
          threads.submit(() -> fixture.engine.getOrCompute(request("b", STORED), upstream));
      EngineFixture.await(
          "a follower", () -> fixture.engine.parts().calls().flights().followers() == 1);
      upstream.letGo();
      assertThat(leader.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Computed.class);
      assertThat(follower.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Computed.class);
      fixture.drain();
      assertServed(peek(fixture, "c", NEAR));
      assertThat(upstream.calls()).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatIsForgottenServesExactlyOnly() throws Exception {
    try (EngineFixture fixture = fixture(2)) {
      CacheRequest stored = request("a", STORED);
      ask(fixture, stored, "Paris");
      ask(fixture, "b", STORED);
      // An instance that knows nothing of it, as after a loss of what was kept.
      try (EngineFixture other = fixture(2)) {
        other.map.store(fixture.map.entries().get(EngineFixture.key(stored)));
        other.putRow(fixture.map.entries().get(EngineFixture.key(stored)));
        assertWithheld(peek(other, "c", NEAR));
        assertThat(peek(other, "c", STORED)).isInstanceOf(Outcome.ExactHit.class);
        assertServed(peek(other, "c", NEAR));
      }
    }
  }
}
