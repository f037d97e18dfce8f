package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.testing.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that states how many wrong answers it allows. */
@Timeout(60)
class WrongRateTest {
  private static final CacheRequest NEAR = EngineFixture.request(EngineFixture.NEAR);

  /** Accepts everything, and whatever bound it is told. */
  private static final class Certain implements Matcher {
    final List<WrongAnswerBound> told = new ArrayList<>();
    final CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(0);

    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      asked.countDown();
      try {
        assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new MatchDecision.Accept(1);
    }

    @Override
    public Matcher within(WrongAnswerBound bound) {
      told.add(bound);
      return candidate ->
          new MatchDecision.Reject(0.5, MatchStage.BOUND, "too strict for " + bound);
    }
  }

  private static CacheRequest asked(double rate) {
    return EngineFixture.request(EngineFixture.ASKED)
        .withControl(CacheControl.DEFAULT.withMaximumWrongRate(rate));
  }

  @Test
  void aMatcherThatCannotPromiseItGivesExactHitsOnly() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.put(NEAR, "old");
      LookupExplanation explanation = fixture.engine.explain(asked(0.005));
      assertThat(explanation.served()).isEmpty();
      assertThat(explanation.toString())
          .contains("cannot promise 0.5 % wrong per lookup: exact hits only");
      ScriptedUpstream upstream = ScriptedUpstream.answering("new");
      assertThat(fixture.engine.getOrCompute(asked(0.005), upstream))
          .isInstanceOf(Outcome.Computed.class);
      assertThat(fixture.engine.getOrCompute(asked(0.005), upstream))
          .isInstanceOf(Outcome.ExactHit.class);
      fixture.audit(2);
    }
  }

  @Test
  void theWholeRateAllowsWhatTheMatcherDoes() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.put(NEAR, "old");
      assertThat(fixture.engine.getOrCompute(asked(1), ScriptedUpstream.answering("new")))
          .isInstanceOf(Outcome.SemanticHit.class);
      fixture.audit(1);
    }
  }

  @Test
  void theMatcherIsToldTheRate() throws Exception {
    Certain matcher = new Certain();
    try (EngineFixture fixture = new EngineFixture(builder -> builder.matcher(matcher))) {
      fixture.put(NEAR, "old");
      fixture.engine.getOrCompute(asked(0.005), ScriptedUpstream.answering("new"));
      assertThat(matcher.told).containsExactly(WrongAnswerBound.perLookup(0.005));
      fixture.audit(1);
    }
  }

  @Test
  void whereNoneIsAllowedNothingIsComparedButTheAnswerIsStoredForOthers() throws Exception {
    Certain matcher = new Certain();
    try (EngineFixture fixture = new EngineFixture(builder -> builder.matcher(matcher))) {
      fixture.put(NEAR, "old");
      assertThat(fixture.engine.explain(asked(0)).note()).contains("allows no wrong answer");
      ScriptedUpstream upstream = ScriptedUpstream.answering("new");
      assertThat(fixture.engine.getOrCompute(asked(0), upstream))
          .isInstanceOf(Outcome.Computed.class);
      assertThat(matcher.asked.getCount()).isEqualTo(1);
      assertThat(matcher.told).isEmpty();
      assertThat(fixture.engine.getOrCompute(asked(0), upstream))
          .isInstanceOf(Outcome.ExactHit.class);
      fixture.drain();
      assertThat(fixture.hasRow(asked(0))).isTrue();
      fixture.audit(2);
    }
  }

  @Test
  void whatAnotherFoundByMeaningIsNotTakenByOneWhoIsStricter() throws Exception {
    Certain matcher = new Certain();
    matcher.gate = new CountDownLatch(1);
    try (EngineFixture fixture = new EngineFixture(builder -> builder.matcher(matcher))) {
      fixture.put(NEAR, "old");
      CacheRequest lax = EngineFixture.request(EngineFixture.ASKED);
      ScriptedUpstream upstream = ScriptedUpstream.answering("new");
      CompletableFuture<Outcome> leader = start(fixture, lax, upstream);
      assertThat(matcher.asked.await(30, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Outcome> follower = start(fixture, asked(0.005), upstream);
      EngineFixture.await(
          "the stricter one waits",
          () -> {
            Flight<Object> flight =
                fixture.engine.parts().calls().flights().get(EngineFixture.key(lax));
            return flight != null && flight.waiting() == 2;
          });
      matcher.gate.countDown();
      assertThat(leader.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.SemanticHit.class);
      assertThat(follower.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Computed.class);
      fixture.audit(2);
    }
  }

  private static CompletableFuture<Outcome> start(
      EngineFixture fixture, CacheRequest request, ScriptedUpstream upstream) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                outcome.complete(fixture.engine.getOrCompute(request, upstream));
              } catch (Exception e) {
                outcome.completeExceptionally(e);
              }
            })
        .start();
    return outcome;
  }

  @Test
  void whatAnEarlierTurnWasTakenForDoesNotCount() throws Exception {
    Certain matcher = new Certain();
    try (EngineFixture fixture = new EngineFixture(builder -> builder.matcher(matcher))) {
      fixture.put(NEAR, "Paris");
      CacheRequest first = EngineFixture.request(EngineFixture.ASKED);
      fixture.engine.getOrCompute(first, ScriptedUpstream.answering("never asked"));
      CacheRequest others = followUp(NEAR, "And its river?");
      fixture.engine.getOrCompute(others, ScriptedUpstream.answering("The Seine"));
      fixture.drain();

      CacheRequest own = followUp(first, "And its river?");
      assertThat(fixture.engine.explain(own).candidates()).hasSize(1);
      CacheRequest strict = own.withControl(CacheControl.DEFAULT.withMaximumWrongRate(0.005));
      assertThat(fixture.engine.explain(strict).note()).isEqualTo("nothing near is cached");
    }
  }

  private static CacheRequest followUp(CacheRequest first, String question) {
    List<Message> messages = new ArrayList<>(first.messages());
    messages.add(Message.assistant("Paris"));
    messages.add(Message.user(question));
    return first.withMessages(messages);
  }
}
