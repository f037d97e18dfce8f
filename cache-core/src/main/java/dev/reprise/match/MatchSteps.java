package dev.reprise.match;

import dev.reprise.match.MatchExplanation.Result;
import dev.reprise.match.MatchExplanation.Step;
import java.util.ArrayList;
import java.util.List;

/** The stages that one candidate went through, and how it ended. */
final class MatchSteps {
  private final List<Step> steps = new ArrayList<>(6);
  private final String language;

  MatchSteps(String language) {
    this.language = language;
  }

  void passed(MatchStage stage, double score, String words) {
    steps.add(new Step(stage, Result.PASSED, score, words));
  }

  MatchExplanation accepted(MatchStage stage, double score, double confidence, String words) {
    steps.add(new Step(stage, Result.ACCEPTED, score, words));
    return new MatchExplanation(steps, new MatchDecision.Accept(confidence), language);
  }

  MatchExplanation rejected(MatchStage stage, double score, double confidence, String words) {
    steps.add(new Step(stage, Result.REJECTED, score, words));
    return new MatchExplanation(
        steps, new MatchDecision.Reject(confidence, stage, words), language);
  }
}
