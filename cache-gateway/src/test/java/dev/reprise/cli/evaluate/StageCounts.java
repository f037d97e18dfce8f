package dev.reprise.cli.evaluate;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchExplanation.Step;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.match.Wording;
import dev.reprise.model.Similarity;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Another matcher, and how many lookups came how far in it. Lookups with the same words count as
 * one. Safe for use by several threads.
 */
final class StageCounts implements Matcher {
  private final Matcher matcher;
  private final Map<MatchStage, Set<String>> reached = new EnumMap<>(MatchStage.class);
  private final Map<MatchStage, Set<String>> accepted = new EnumMap<>(MatchStage.class);
  private int verified;

  StageCounts(Matcher matcher) {
    this.matcher = matcher;
  }

  @Override
  public Similarity floor() {
    return matcher.floor();
  }

  @Override
  public Wording wording() {
    return matcher.wording();
  }

  @Override
  public MatchDecision decide(MatchCandidate candidate) {
    MatchExplanation explanation = matcher.explain(candidate);
    explanation.steps().forEach(step -> count(candidate.asked(), step));
    return explanation.decision();
  }

  private synchronized void count(String asked, Step step) {
    reached.computeIfAbsent(step.stage(), unused -> new HashSet<>()).add(asked);
    if (step.result() == MatchExplanation.Result.ACCEPTED) {
      accepted.computeIfAbsent(step.stage(), unused -> new HashSet<>()).add(asked);
    }
    if (step.stage() == MatchStage.VERIFIER && step.result() == MatchExplanation.Result.PASSED) {
      verified++;
    }
  }

  /** Returns how many lookups a stage decided about. */
  synchronized int reached(MatchStage stage) {
    return reached.getOrDefault(stage, Set.of()).size();
  }

  /** Returns how many lookups ended in a hit at a stage. */
  synchronized int accepted(MatchStage stage) {
    return accepted.getOrDefault(stage, Set.of()).size();
  }

  /** Returns how many pairs the verifier read. */
  synchronized int verified() {
    return verified;
  }
}
