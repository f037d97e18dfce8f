package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import org.junit.jupiter.api.Test;

class ThresholdMatcherTest {
  private static MatchCandidate candidate(double cosine) {
    return MatchCandidate.alone(
        Scope.of("s"), "a?", "b?", Answer.ofText("c"), new Similarity(cosine));
  }

  private static MatchDecision decide(double threshold, double cosine) {
    return Matcher.threshold(threshold).decide(candidate(cosine));
  }

  @Test
  void theThresholdItselfIsAccepted() {
    assertThat(decide(0.9, 0.9)).isEqualTo(new MatchDecision.Accept(0.9));
    assertThat(decide(0.9, 1)).isEqualTo(new MatchDecision.Accept(1));
    assertThat(decide(-1, -1)).isEqualTo(new MatchDecision.Accept(-1));
    assertThat(decide(0.9, Math.nextDown(0.9))).isInstanceOf(MatchDecision.Reject.class);
    assertThat(decide(0.9, 0.25))
        .isEqualTo(
            new MatchDecision.Reject(0.25, MatchStage.SIMILARITY, "cosine 0.250 is below 0.900"));
  }

  @Test
  void theThresholdIsTheFloor() {
    assertThat(Matcher.threshold(0.8).floor()).isEqualTo(new Similarity(0.8));
    Matcher always = candidate -> new MatchDecision.Accept(1);
    assertThat(always.floor()).isEqualTo(new Similarity(-1));
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    for (double cosine : new double[] {-1.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> Matcher.threshold(cosine))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cosine is " + cosine);
      assertThatThrownBy(() -> new MatchDecision.Accept(cosine))
          .hasMessage("confidence is " + cosine + ", but must be from -1.0 to 1.0");
    }
    MatchCandidate one = candidate(1);
    for (int rank : new int[] {0, 2}) {
      assertThatThrownBy(
              () ->
                  new MatchCandidate(
                      one.scope(),
                      one.asked(),
                      one.cached(),
                      one.answer(),
                      one.similarity(),
                      rank,
                      one.around()))
          .hasMessage("rank is " + rank + ", but must be from 1 to 1");
    }
  }
}
