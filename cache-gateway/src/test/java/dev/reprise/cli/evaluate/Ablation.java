package dev.reprise.cli.evaluate;

import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.match.Guard;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.Verifier.Verdict.Unreadable;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.testing.WordingMatcher;
import java.util.List;

/** The verified matcher, and what is left of it without each stage. */
final class Ablation {
  private static final String COSINE = "cosine 0.92";

  private final Verifier verifier;
  private final WrongAnswerBound bound;

  Ablation(Verifier verifier, WrongAnswerBound bound) {
    this.verifier = verifier;
    this.bound = bound;
  }

  /** Returns the variants whose figures are compared, the plain cosine first. */
  List<NamedMatcher> variants() {
    return List.of(
        new NamedMatcher(COSINE, COSINE, Matcher.threshold(0.92), Matcher.threshold(-1)),
        named("whole", whole()),
        named("without normalisation, equality", BareMatcher.of(verifier, Guard.all(), bound)),
        named(
            "without guards",
            VerifiedMatcher.builder(verifier).bound(bound).guards(List.of()).build()),
        named(
            "without the verifier",
            VerifiedMatcher.builder((asked, cached, cosine) -> new Unreadable("left out"))
                .bound(bound)
                .build()),
        named(
            "whole, from cosine 0.8 on",
            VerifiedMatcher.builder(verifier).bound(bound).floor(0.8).build()),
        named("the verifier alone", BareMatcher.of(verifier, List.of(), bound)));
  }

  /** Returns the variant that differs only where acronyms are defined. */
  NamedMatcher withoutAcronyms() {
    return named("without acronyms", new Unlearning(whole()));
  }

  private Matcher whole() {
    return Matcher.verified(verifier, bound);
  }

  /** Returns the verified matcher that holds {@code rate} wrong answers per lookup. */
  static NamedMatcher bounded(Verifier verifier, double rate) {
    return named("verified:" + rate, Matcher.verified(verifier, WrongAnswerBound.perLookup(rate)));
  }

  /** Returns {@code matcher} as one whose figures are compared. */
  static NamedMatcher named(String name, Matcher matcher) {
    // A probability is what it is whatever the bound, so that the matcher is its own widest.
    return new NamedMatcher(name, name, matcher, matcher);
  }

  /** A matcher that is told of nothing that is stored. */
  private record Unlearning(Matcher matcher) implements WordingMatcher {
    @Override
    public Similarity floor() {
      return matcher.floor();
    }

    @Override
    public String comparable(Scope scope, String question) {
      return matcher.wording().comparable(scope, question);
    }

    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      return matcher.decide(candidate);
    }
  }
}
