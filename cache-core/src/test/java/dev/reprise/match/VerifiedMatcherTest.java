package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.match.Calibration.Point;
import dev.reprise.match.MatchExplanation.Result;
import dev.reprise.match.MatchExplanation.Step;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerifiedMatcherTest {
  private static final Scope SCOPE = Scope.of("tenant-a");
  private static final Answer ANSWER = Answer.ofText("an answer");
  private static final Calibration CALIBRATION =
      new Calibration(
          0,
          1,
          -1,
          List.of(
              new Point(WrongAnswerBound.perLookup(0.01), 0.8),
              new Point(WrongAnswerBound.perLookup(0.1), 0.5),
              new Point(WrongAnswerBound.perHit(0.05), 0.9)));

  private final List<String> read = new ArrayList<>();
  private Verifier.Verdict verdict = new Verifier.Verdict.LogOdds(3);
  private final Verifier verifier =
      new Verifier() {
        @Override
        public Verdict verify(String asked, String cached, Similarity similarity) {
          read.add(asked + " / " + cached);
          return verdict;
        }

        @Override
        public Calibration calibration() {
          return CALIBRATION;
        }
      };
  private final VerifiedMatcher matcher =
      Matcher.verified(verifier, WrongAnswerBound.perLookup(0.01));

  private static MatchCandidate candidate(String asked, String cached, double cosine) {
    return MatchCandidate.alone(SCOPE, asked, cached, ANSWER, new Similarity(cosine));
  }

  private static MatchDecision.Reject rejected(MatchDecision decision) {
    assertThat(decision).isInstanceOf(MatchDecision.Reject.class);
    return (MatchDecision.Reject) decision;
  }

  @Test
  void whatIsFarIsRejectedUnread() {
    MatchDecision decision = matcher.decide(candidate("How do I pay", "Where are you", 0.59));
    assertThat(rejected(decision))
        .isEqualTo(
            new MatchDecision.Reject(0, MatchStage.SIMILARITY, "cosine 0.590 is below 0.600"));
    assertThat(matcher.floor()).isEqualTo(new Similarity(VerifiedMatcher.DEFAULT_FLOOR));
    assertThat(read).isEmpty();
  }

  @Test
  void theSameWordsAreAcceptedUnread() {
    for (String cached :
        List.of("How do I pay?", "how do I pay", "Hi, how do I pay, please? Thanks!")) {
      assertThat(matcher.decide(candidate("How do I pay?", cached, 0.9)))
          .isEqualTo(new MatchDecision.Accept(1));
    }
    assertThat(read).isEmpty();
  }

  @Test
  void anotherWordingIsAcceptedUnreadWhereTheBoundAllowsIt() {
    MatchCandidate candidate =
        candidate("How do I turn on dark mode?", "What is the best way to enable dark mode?", 0.8);
    verdict = new Verifier.Verdict.LogOdds(-9);
    assertThat(matcher.decide(candidate))
        .isEqualTo(new MatchDecision.Accept(VerifiedMatcher.WORDING_CONFIDENCE));
    List<Step> steps = matcher.explain(candidate).steps();
    assertThat(steps.get(steps.size() - 1).words())
        .startsWith("the same question in another wording with probability 0.988");
    assertThat(read).isEmpty();

    VerifiedMatcher without = VerifiedMatcher.builder(verifier).withoutWordings().build();
    assertThat(rejected(without.decide(candidate)).stage()).isEqualTo(MatchStage.BOUND);
    Calibration strict =
        new Calibration(0, 1, 0, List.of(new Point(WrongAnswerBound.perLookup(0.01), 0.99)));
    VerifiedMatcher stricter = VerifiedMatcher.builder(verifier).calibration(strict).build();
    assertThat(rejected(stricter.decide(candidate)).stage()).isEqualTo(MatchStage.BOUND);
    assertThat(read).hasSize(2);

    // A guard is asked first.
    assertThat(
            rejected(
                    matcher.decide(
                        candidate("How do I enable dark mode?", "How to disable dark mode", 0.9)))
                .stage())
        .isEqualTo(MatchStage.GUARDS);
  }

  @Test
  void theSameWordsMayWriteNumbersUnitsAndDatesOtherwise() {
    String[][] pairs = {
      {"Is delivery free over 1,000 dollars?", "Is delivery free over $1000?"},
      {"Is 1k steps enough?", "Is one thousand steps enough?"},
      {"Can I return it within 2 weeks?", "Can I return it within 14 days?"},
      {"What is new in version 2?", "What is new in v2?"},
      {"Do you deliver on 14 August?", "do you deliver on 14th aug"},
      {"Is it 30 kg?", "Is it 30 kilograms?"}
    };
    for (String[] pair : pairs) {
      assertThat(matcher.decide(candidate(pair[0], pair[1], 0.9)))
          .as(pair[0])
          .isEqualTo(new MatchDecision.Accept(1));
    }
    assertThat(read).isEmpty();
    String[][] others = {
      {"What is C in short", "What is C++ in short"},
      {"How do # and ## differ", "How do () and (,) differ"},
      {"What does z security mean", "What does Z+ security mean"},
      {"Who uses .NET most", "Who uses net most"},
      {"How much is 5 -3", "How much is 5 3"}
    };
    for (String[] pair : others) {
      assertThat(matcher.decide(candidate(pair[0], pair[1], 0.9)).confidence())
          .as(pair[0])
          .isLessThan(1);
    }
  }

  @Test
  void theSameThingMayBeAskedForInSeveralWays() {
    String answer = "Retrieval-Augmented Generation (RAG) is a technique in AI";
    matcher.stored(SCOPE, "What is it?", Answer.ofText(answer));
    verdict = new Verifier.Verdict.LogOdds(-9);
    String[][] same = {
      {"Can you explain RAG in AI?", "What is Retrieval-Augmented Generation?"},
      {"Explain RAG", "What is Retrieval-Augmented Generation?"},
      {"Define inflation", "What is inflation?"},
      {"Could you please explain what a mutex is?", "What's a mutex?"},
      {"What exactly are black holes?", "Explain black holes, please."}
    };
    for (String[] pair : same) {
      assertThat(matcher.decide(defining(pair, answer)))
          .as(pair[0])
          .isEqualTo(new MatchDecision.Accept(1));
    }
    String[][] others = {
      {"Can you explain RAG in sewing?", "What is Retrieval-Augmented Generation?"},
      {"Explain viruses in AI", "What is a virus?"},
      {"Explain my balance", "What is my balance?"},
      {"Explain the price of gold", "What is the price of gold?"},
      {"Explain inflation", "What is deflation?"},
      {"What is wrong?", "Explain wrong"}
    };
    for (String[] pair : others) {
      assertThat(matcher.decide(defining(pair, answer)))
          .as(pair[0])
          .isInstanceOf(MatchDecision.Reject.class);
    }
  }

  private static MatchCandidate defining(String[] pair, String answer) {
    return MatchCandidate.alone(
        SCOPE, pair[0], pair[1], Answer.ofText(answer), new Similarity(0.8));
  }

  @Test
  void theSameWordsInAnotherCaseMayStillBeOthers() {
    MatchDecision decision =
        matcher.decide(candidate("How do I polish IT?", "How do I polish it?", 1));
    assertThat(rejected(decision).stage()).isEqualTo(MatchStage.GUARDS);
  }

  @Test
  void aGuardsObjectionIsRejectedUnreadAndNamed() {
    MatchDecision decision =
        matcher.decide(candidate("Can I pay in 3 parts?", "Can I pay in 4 parts?", 0.99));
    assertThat(rejected(decision))
        .isEqualTo(
            new MatchDecision.Reject(
                0, MatchStage.GUARDS, "numbers: the question says 3, the cached one 4"));
    assertThat(read).isEmpty();
  }

  @Test
  void guardsCanBeLeftOutAndAdded() {
    VerifiedMatcher none = VerifiedMatcher.builder(verifier).guards(List.of()).build();
    MatchCandidate candidate = candidate("Can I pay in 3 parts?", "Can I pay in 4 parts?", 0.99);
    assertThat(none.decide(candidate)).isInstanceOf(MatchDecision.Accept.class);
    Guard mine = pair -> Optional.of("on Mondays I object to " + pair.asked());
    VerifiedMatcher own = VerifiedMatcher.builder(verifier).guards(List.of(mine)).build();
    assertThat(rejected(own.decide(candidate)).why())
        .isEqualTo("guard: on Mondays I object to Can I pay in 3 parts?");
  }

  @Test
  void theRestIsReadAndAcceptedIfItIsSureEnough() {
    MatchDecision decision =
        matcher.decide(candidate("Please tell me how I pay", "How does paying work?", 0.8));
    assertThat(read).containsExactly("Please tell me how I pay / How does paying work?");
    assertThat(decision).isInstanceOf(MatchDecision.Accept.class);
    assertThat(decision.confidence()).isCloseTo(1 / (1 + Math.exp(-3)), within(1e-9));
    verdict = new Verifier.Verdict.LogOdds(1);
    MatchDecision unsure = matcher.decide(candidate("How I pay", "Where do I pay", 0.8));
    assertThat(rejected(unsure).stage()).isEqualTo(MatchStage.BOUND);
    assertThat(unsure.confidence()).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-9));
    assertThat(rejected(unsure).why())
        .isEqualTo(
            "the same answer with probability 0.731, 0.800 is enough for 1 % wrong per lookup");
  }

  @Test
  void theSameScoreMeansLessInACrowd() {
    verdict = new Verifier.Verdict.LogOdds(2);
    Similarity near = new Similarity(0.9);
    MatchCandidate alone = candidate("How I pay", "How paying works", 0.9);
    MatchCandidate crowded =
        new MatchCandidate(
            SCOPE,
            alone.asked(),
            alone.cached(),
            ANSWER,
            near,
            1,
            List.of(near, near, near, near, near));
    assertThat(matcher.decide(alone)).isInstanceOf(MatchDecision.Accept.class);
    assertThat(rejected(matcher.decide(crowded)).confidence())
        .isLessThan(matcher.decide(alone).confidence());
  }

  @Test
  void onlyTheNearestAreRead() {
    Similarity near = new Similarity(0.9);
    List<Similarity> around = Collections.nCopies(6, near);
    for (int rank = 1; rank <= 6; rank++) {
      MatchDecision decision =
          matcher.decide(new MatchCandidate(SCOPE, "a b", "b c", ANSWER, near, rank, around));
      assertThat(decision instanceof MatchDecision.Accept).isEqualTo(rank <= 5);
    }
    assertThat(read).hasSize(5);
  }

  @Test
  void whatCannotBeReadIsRejectedWithTheVerifiersReason() {
    verdict = new Verifier.Verdict.Unreadable("too long");
    MatchDecision decision = matcher.decide(candidate("How I pay", "How paying works", 0.9));
    assertThat(decision).isEqualTo(new MatchDecision.Reject(0, MatchStage.VERIFIER, "too long"));
  }

  @Test
  void whereNothingHoldsTheBoundOnlyTheSameWordsAreAccepted() {
    for (VerifiedMatcher strict :
        List.of(
            Matcher.verified(verifier, WrongAnswerBound.perLookup(0.001)),
            Matcher.verified(
                (asked, cached, similarity) -> verdict, WrongAnswerBound.perLookup(0.1)))) {
      assertThat(strict.operatingPoint().leastConfidence()).isEqualTo(1);
      assertThat(strict.decide(candidate("How I pay?", "how I pay", 0.9)))
          .isEqualTo(new MatchDecision.Accept(1));
      assertThat(rejected(strict.decide(candidate("How I pay", "How paying works", 1))).stage())
          .isEqualTo(MatchStage.BOUND);
    }
  }

  @Test
  void anExplanationHasEveryStage() {
    MatchExplanation explanation = matcher.explain(candidate("How I pay", "How paying works", 0.8));
    assertThat(explanation.steps())
        .extracting(Step::stage, Step::result)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(MatchStage.SIMILARITY, Result.PASSED),
            org.assertj.core.groups.Tuple.tuple(MatchStage.EQUALITY, Result.PASSED),
            org.assertj.core.groups.Tuple.tuple(MatchStage.GUARDS, Result.PASSED),
            org.assertj.core.groups.Tuple.tuple(MatchStage.VERIFIER, Result.PASSED),
            org.assertj.core.groups.Tuple.tuple(MatchStage.BOUND, Result.ACCEPTED));
    assertThat(explanation.steps().get(3).score()).isEqualTo(3);
    assertThat(explanation.decision()).isInstanceOf(MatchDecision.Accept.class);
  }

  @Test
  void aMatcherWithoutStagesExplainsItsDecision() {
    MatchCandidate candidate = candidate("a", "b", 0.5);
    MatchExplanation far = Matcher.threshold(0.9).explain(candidate);
    assertThat(far.steps())
        .containsExactly(
            new Step(MatchStage.SIMILARITY, Result.REJECTED, 0.5, "cosine 0.500 is below 0.900"));
    assertThat(Matcher.threshold(0.4).explain(candidate).decision())
        .isEqualTo(new MatchDecision.Accept(0.5));
    assertThatThrownBy(() -> new MatchExplanation(List.of(), new MatchDecision.Accept(1)))
        .hasMessage("steps must not be empty");
  }

  @Test
  void withinAnotherBoundItIsOnlyStricter() {
    MatchCandidate candidate = candidate("How I pay", "How paying works", 0.8);
    VerifiedMatcher lax = Matcher.verified(verifier, WrongAnswerBound.perLookup(0.1));
    verdict = new Verifier.Verdict.LogOdds(1); // a probability of 0.731
    assertThat(lax.decide(candidate)).isInstanceOf(MatchDecision.Accept.class);
    MatchDecision.Reject reject =
        rejected(lax.within(WrongAnswerBound.perLookup(0.01)).decide(candidate));
    assertThat(reject.stage()).isEqualTo(MatchStage.BOUND);
    assertThat(reject.why()).endsWith("0.800 is enough for 1 % wrong per lookup");
    assertThat(lax.within(WrongAnswerBound.perLookup(0.5)).decide(candidate))
        .isInstanceOf(MatchDecision.Accept.class);
    verdict = new Verifier.Verdict.LogOdds(-1);
    assertThat(rejected(lax.within(WrongAnswerBound.perLookup(0.5)).decide(candidate)).why())
        .endsWith("0.500 is enough for 10 % wrong per lookup");
    verdict = new Verifier.Verdict.LogOdds(2); // 0.881, of which 0.9 is asked per hit
    Matcher both =
        lax.within(WrongAnswerBound.perHit(0.05)).within(WrongAnswerBound.perLookup(0.01));
    assertThat(rejected(both.decide(candidate)).why()).endsWith("5 % wrong per hit");
  }

  @Test
  void withinABoundOfWhichNothingIsKnownOnlyTheSameWordsAreAccepted() {
    Matcher strict = matcher.within(WrongAnswerBound.perLookup(0.0001));
    verdict = new Verifier.Verdict.LogOdds(30);
    assertThat(rejected(strict.decide(candidate("How I pay", "How paying works", 0.8))).why())
        .contains("nothing is known to hold 0.01 % wrong per lookup");
    assertThat(strict.decide(candidate("How do I pay?", "how do I pay", 0.9)))
        .isEqualTo(new MatchDecision.Accept(1));
  }

  @Test
  void aMatcherThatDoesNotKnowItsMistakesAcceptsNothingWithinABound() {
    Matcher strict = Matcher.threshold(0.4).within(WrongAnswerBound.perLookup(0.5));
    MatchDecision.Reject reject = rejected(strict.decide(candidate("a", "a", 1)));
    assertThat(reject.stage()).isEqualTo(MatchStage.BOUND);
    assertThat(reject.why()).contains("cannot promise 50 % wrong per lookup");
  }

  @Test
  void acronymsAreWrittenOutOnBothSides() {
    VerifiedMatcher given =
        VerifiedMatcher.builder(verifier).glossary(Map.of("SSO", "single sign-on")).build();
    assertThat(given.comparable(SCOPE, "What is SSO?")).isEqualTo("What is single sign-on?");
    assertThat(given.decide(candidate("what is single sign-on", "What is SSO?", 0.7)))
        .isEqualTo(new MatchDecision.Accept(1));
    assertThat(given.comparable(SCOPE, "Why a VPN?")).isEqualTo("Why a virtual private network?");
    given.stored(SCOPE, "What is LCP?", Answer.ofText("Largest contentful paint (LCP) is ..."));
    assertThat(given.comparable(SCOPE, "Why LCP?")).isEqualTo("Why LCP?");
    given.stored(SCOPE, "Is LCP fast?", Answer.ofText("Largest contentful paint (LCP) is ..."));
    assertThat(given.comparable(SCOPE, "Why LCP?")).isEqualTo("Why Largest contentful paint?");
    assertThat(given.comparable(Scope.of("b"), "Why LCP?")).isEqualTo("Why LCP?");
  }

  @Test
  void aLearntAcronymMakesNoTwoQuestionsEqual() {
    for (String question : List.of("What is LCP?", "Is LCP fast?")) {
      matcher.stored(SCOPE, question, Answer.ofText("Largest contentful paint (LCP) is ..."));
    }
    verdict = new Verifier.Verdict.LogOdds(-9);
    assertThat(matcher.decide(candidate("What is LCP?", "What is largest contentful paint?", 0.9)))
        .isInstanceOf(MatchDecision.Reject.class);
    assertThat(read).hasSize(1);
  }

  @Test
  void theDefaults() {
    VerifiedMatcher defaults = VerifiedMatcher.builder(verifier).build();
    assertThat(defaults.bound()).isEqualTo(WrongAnswerBound.perLookup(0.01));
    assertThat(defaults.calibration()).isEqualTo(CALIBRATION);
    assertThat(defaults.guards()).isEqualTo(Guard.all());
    assertThat(defaults.floor()).isEqualTo(new Similarity(0.6));
    assertThat(defaults.operatingPoint().leastConfidence()).isEqualTo(0.8);
    assertThat(VerifiedMatcher.DEFAULT_DEEPEST_RANK).isEqualTo(5);
  }

  @Test
  void aGuardThatIsSwitchedOffLeavesItsKindToTheVerifier() {
    MatchCandidate candidate =
        candidate("How far is Vienna from here?", "How far is Prague from here?", 0.9);
    assertThat(rejected(matcher.decide(candidate)).stage()).isEqualTo(MatchStage.GUARDS);
    VerifiedMatcher lax =
        VerifiedMatcher.builder(verifier).withoutGuards(Set.of("names", "additions")).build();
    assertThat(lax.guards())
        .hasSize(Guard.all().size() - 2)
        .doesNotContain(Guard.names(), Guard.additions());
    verdict = new Verifier.Verdict.LogOdds(9);
    assertThat(lax.decide(candidate)).isInstanceOf(MatchDecision.Accept.class);
    assertThatThrownBy(() -> VerifiedMatcher.builder(verifier).withoutGuards(Set.of("nams")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no guard is labelled nams; there are [literals, numbers, units,");
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    VerifiedMatcher.Builder builder = VerifiedMatcher.builder(verifier);
    assertThatThrownBy(() -> builder.floor(1.5)).hasMessageContaining("cosine is 1.5");
    assertThatThrownBy(() -> builder.deepestRank(0)).hasMessageContaining("deepest rank is 0");
    assertThatThrownBy(() -> builder.glossary(Map.of(" ", "x")))
        .hasMessageContaining("acronym of the glossary");
    assertThatThrownBy(() -> builder.glossary(Map.of("X", "")))
        .hasMessageContaining("long form of X");
  }
}
