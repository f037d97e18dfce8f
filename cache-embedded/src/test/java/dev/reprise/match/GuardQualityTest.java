package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.LabelledData;
import dev.reprise.verify.ReadLookups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * What the guards stop and what they refuse, on labelled pairs of our own (questions.tsv), and on
 * public ones where they lie beside the repository.
 */
class GuardQualityTest {
  private static final Set<String> UNGUARDED = Set.of("paraphrase", "different");

  /** Guards over closed classes of words: guards.txt has their examples. */
  private static final Set<String> CLASSES =
      Set.of(
          "prepositions",
          "quantifiers",
          "exceptives",
          "modality",
          "bounds",
          "tense",
          "asking",
          "roles",
          "passives",
          "joins",
          "actions",
          "additions");

  /**
   * The guards that compare the words and signs of the whole question. Public labels call a pair a
   * duplicate although one question asks more than the other; so these refuse more of them.
   */
  private static final Set<String> WHOLE_QUESTION = Set.of("additions", "asking", "literals");

  /** How many pairs there were, and to how many a guard objected. */
  private static final class Count {
    int pairs;
    int objections;

    void add(QuestionPair pair) {
      add(pair, Guard.all());
    }

    void add(QuestionPair pair, List<Guard> guards) {
      pairs++;
      objections += guards.stream().anyMatch(g -> g.objection(pair).isPresent()) ? 1 : 0;
    }

    double share() {
      return pairs == 0 ? 0 : (double) objections / pairs;
    }
  }

  @Test
  void thereAreEnoughPairsOfEveryKindInBothPolarities() throws IOException {
    List<LabelledData.Question> questions = LabelledData.questions();
    assertThat(questions).hasSizeGreaterThanOrEqualTo(500).doesNotHaveDuplicates();
    Map<String, Integer> kinds = new TreeMap<>();
    Set<String> domains = new TreeSet<>();
    for (LabelledData.Question question : questions) {
      kinds.merge(question.kind() + " " + question.isSame(), 1, Integer::sum);
      domains.add(question.domain());
    }
    assertThat(domains).containsExactly("finance", "health", "shop", "software", "travel");
    for (Guard guard : Guard.all()) {
      if (CLASSES.contains(guard.label())) {
        continue;
      }
      assertThat(kinds.get(guard.label() + " true")).as(guard.label()).isGreaterThanOrEqualTo(8);
      assertThat(kinds.get(guard.label() + " false")).as(guard.label()).isGreaterThanOrEqualTo(8);
    }
  }

  @Test
  void theGuardsStopTheirKindAndRefuseNothingElse() throws IOException {
    Map<String, Count> wrong = new TreeMap<>();
    Map<String, Count> right = new TreeMap<>();
    for (LabelledData.Question question : LabelledData.questions()) {
      Map<String, Count> counts = question.isSame() ? right : wrong;
      counts
          .computeIfAbsent(question.kind(), unused -> new Count())
          .add(QuestionPair.of(question.query(), question.cached()));
    }
    right.forEach((kind, count) -> assertThat(count.share()).as("right refused: " + kind).isZero());
    wrong.forEach(
        (kind, count) -> {
          if (!UNGUARDED.contains(kind)) {
            assertThat(count.share()).as("wrong stopped: " + kind).isGreaterThanOrEqualTo(0.9);
          }
        });
  }

  @Test
  void theGuardsArePreciseOnPublicPairs() throws IOException {
    if (!LabelledData.isThere()) {
      return;
    }
    List<Guard> single =
        Guard.all().stream().filter(guard -> !WHOLE_QUESTION.contains(guard.label())).toList();
    checkPublicPairs(
        "guards over single words",
        single,
        Map.of(
            "qqp", new double[] {0.10, 0.06},
            "semantoneg", new double[] {0.50, 0.05},
            "apt", new double[] {0.06, 0.07},
            "stsb", new double[] {0.08, 0.06}));
    checkPublicPairs(
        "all guards",
        Guard.all(),
        Map.of(
            "qqp", new double[] {0.18, 0.11},
            "semantoneg", new double[] {0.70, 0.02},
            "apt", new double[] {0.16, 0.08},
            "stsb", new double[] {0.12, 0.09}));
  }

  /** A guard that refuses more does more harm than good; {@code additions} is worth more. */
  @Test
  void noGuardRefusesManyRightPairsThatReadersJudged() throws IOException {
    if (!ReadLookups.areThere()) {
      return;
    }
    List<QuestionPair> right = new ArrayList<>();
    for (String part : List.of("train", "calibration", "test")) {
      ReadLookups.all(part).stream()
          .filter(ReadLookups.Row::isSame)
          .map(ReadGuardCounts::pair)
          .forEach(right::add);
    }
    assertThat(right).hasSizeGreaterThan(11_000);
    SoftAssertions softly = new SoftAssertions();
    for (Guard guard : Guard.all()) {
      double refused =
          (double) right.parallelStream().filter(p -> guard.objection(p).isPresent()).count()
              / right.size();
      softly
          .assertThat(refused)
          .as(guard.label() + ": right pairs refused")
          .isLessThanOrEqualTo(guard == Guard.additions() ? 0.03 : 0.005);
    }
    softly.assertAll();
  }

  /**
   * @param limits the least share of wrong pairs that is stopped, and the largest of right ones
   *     refused
   */
  private static void checkPublicPairs(
      String what, List<Guard> guards, Map<String, double[]> limits) throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (Map.Entry<String, double[]> limit : limits.entrySet()) {
      Count right = new Count();
      Count wrong = new Count();
      for (LabelledData.Pair pair : LabelledData.pairs(limit.getKey())) {
        (pair.isSame() ? right : wrong).add(QuestionPair.of(pair.query(), pair.cached()), guards);
      }
      System.out.printf(
          "%s on %s: %.1f %% of %d wrong pairs stopped, %.1f %% of %d right ones refused%n",
          what, limit.getKey(), 100 * wrong.share(), wrong.pairs, 100 * right.share(), right.pairs);
      softly
          .assertThat(wrong.share())
          .as(limit.getKey())
          .isGreaterThanOrEqualTo(limit.getValue()[0]);
      softly.assertThat(right.share()).as(limit.getKey()).isLessThanOrEqualTo(limit.getValue()[1]);
    }
    softly.assertAll();
  }
}
