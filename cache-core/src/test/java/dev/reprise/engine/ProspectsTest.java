package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Similarity;
import dev.reprise.testing.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Farther neighbours are read only where the nearer ones leave them a chance. */
class ProspectsTest {
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);

  /** Rejects with a confidence, at a stage, and notes what it was asked about. */
  private record Rejecting(MatchStage stage, double confidence, List<String> asked)
      implements Matcher {
    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      asked.add(candidate.cached());
      return new MatchDecision.Reject(confidence, stage, "not this one");
    }
  }

  /** Near questions at 0.97, 0.94 and 0.90; the reach from the first ends at 0.92. */
  @ParameterizedTest
  @CsvSource({
    "BOUND, 0.05, 1",
    "BOUND, 0.6, 2",
    "GUARDS, 0, 3",
    "VERIFIER, 0, 3",
  })
  void soManyAreRead(MatchStage stage, double confidence, int read) throws Exception {
    Rejecting matcher = new Rejecting(stage, confidence, new ArrayList<>());
    try (EngineFixture fixture = new EngineFixture(settings -> settings.matcher(matcher))) {
      fixture.put(EngineFixture.request(EngineFixture.NEAR), "Paris");
      for (double cosine : new double[] {0.94, 0.90}) {
        String question = "Near by " + cosine + "?";
        fixture.embedder.near(question, EngineFixture.ASKED, cosine);
        fixture.put(EngineFixture.request(question), "Paris");
      }
      LookupExplanation explained = fixture.engine.explain(ASKED);
      assertThat(explained.candidates()).hasSize(3);
      assertThat(explained.toString().split("leaves it no chance", -1)).hasSize(4 - read);
      assertThat(matcher.asked()).hasSize(read);
      matcher.asked().clear();
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("Paris.")))
          .isInstanceOf(Outcome.Computed.class);
      assertThat(matcher.asked()).hasSize(read);
    }
  }

  @Test
  void theSurestOfThoseThatWereReadCounts() {
    Prospects prospects = new Prospects();
    assertThat(prospects.areGone(new Similarity(0.6))).isFalse();
    prospects.rejected(new Similarity(0.9), reject(0.5));
    prospects.rejected(new Similarity(0.89), reject(0.01));
    assertThat(prospects.areGone(new Similarity(0.86))).isFalse();
    assertThat(prospects.areGone(new Similarity(0.84))).isTrue();
  }

  private static MatchDecision.Reject reject(double confidence) {
    return new MatchDecision.Reject(confidence, MatchStage.BOUND, "not sure enough");
  }
}
