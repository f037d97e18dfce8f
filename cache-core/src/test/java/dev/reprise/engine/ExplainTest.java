package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheRequest;
import dev.reprise.testing.ScriptedUpstream;
import org.junit.jupiter.api.Test;

class ExplainTest {
  private static final CacheRequest NEAR = EngineFixture.request(EngineFixture.NEAR);
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);

  /** Takes every question for German, and rejects it. */
  private static final class GermanOnly implements Matcher {
    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      return explain(candidate).decision();
    }

    @Override
    public MatchExplanation explain(MatchCandidate candidate) {
      MatchDecision.Reject rejected =
          new MatchDecision.Reject(0, MatchStage.GUARDS, "another question");
      return new MatchExplanation(MatchExplanation.of(rejected).steps(), rejected, "de");
    }
  }

  @Test
  void everyCandidateIsExplainedAndNothingIsCounted() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      String far = "What is the capital of Spain?";
      fixture.embedder.near(far, EngineFixture.ASKED, 0.5);
      fixture.put(NEAR, "Paris");
      fixture.put(EngineFixture.request(far), "Madrid");
      LookupExplanation explanation = fixture.engine.explain(ASKED);
      assertThat(explanation.bypass()).isEmpty();
      assertThat(explanation.key()).contains(EngineFixture.key(ASKED));
      assertThat(explanation.exactTier()).isEmpty();
      assertThat(explanation.compared()).contains(EngineFixture.ASKED);
      assertThat(explanation.candidates()).hasSize(2);
      assertThat(explanation.candidates().get(0).question()).isEqualTo(EngineFixture.NEAR);
      assertThat(explanation.candidates().get(0).isAccepted()).isTrue();
      assertThat(explanation.candidates().get(1).question()).isEqualTo(far);
      assertThat(explanation.candidates().get(1).isAccepted()).isFalse();
      assertThat(explanation.served()).contains(explanation.candidates().get(0));
      assertThat(explanation.toString())
          .contains("accepted, cosine 0.970: \"What is the capital of France?\"")
          .contains("cosine 0.500 is below 0.900");
      fixture.audit(0);
      assertThat(fixture.engine.stats().rejected()).isZero();
    }
  }

  @Test
  void anExactHitABypassAndAReportedPairAreToldApart() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.put(NEAR, "Paris");
      LookupExplanation exact = fixture.engine.explain(NEAR);
      assertThat(exact.exactTier()).contains(fixture.exact.name());
      assertThat(exact.served()).isEmpty();
      assertThat(exact.toString()).contains("exact: a hit");

      CacheRequest creative =
          EngineFixture.requestBuilder("Write a poem about France").temperature(1).build();
      LookupExplanation bypassed = fixture.engine.explain(creative);
      assertThat(bypassed.bypass()).isPresent();
      assertThat(bypassed.toString()).startsWith("not looked up: ");

      fixture.engine.feedback(ASKED, EngineFixture.key(NEAR), Feedback.WRONG);
      LookupExplanation reported = fixture.engine.explain(ASKED);
      assertThat(reported.candidates().get(0).match().steps().get(0).stage())
          .isEqualTo(MatchStage.FEEDBACK);
      assertThat(reported.served()).isEmpty();
    }
  }

  @Test
  void theLanguageIsExplainedAndReportedWithARejection() throws Exception {
    try (EngineFixture fixture = new EngineFixture(builder -> builder.matcher(new GermanOnly()))) {
      fixture.put(NEAR, "Paris");
      assertThat(fixture.engine.explain(ASKED).toString())
          .containsPattern("rejected, cosine 0.970.*\n    language   de\n");
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
      assertThat(fixture.log.of(CacheEvent.Rejected.class))
          .extracting(CacheEvent.Rejected::language)
          .containsExactly("de");
    }
  }

  @Test
  void whereNothingIsNearItSaysSo() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      assertThat(fixture.engine.explain(ASKED).note()).isEqualTo("nothing near is cached");
      fixture.put(NEAR, "Paris");
      fixture.map.remove(EngineFixture.key(NEAR));
      LookupExplanation gone = fixture.engine.explain(ASKED);
      assertThat(gone.candidates().get(0).isAccepted()).isFalse();
      assertThat(gone.toString()).contains("its entry is gone");
      fixture.drain();
      assertThat(fixture.hasRow(NEAR)).as("explaining removes nothing").isTrue();
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
      fixture.drain();
      assertThat(fixture.hasRow(NEAR)).isFalse();
    }
  }
}
