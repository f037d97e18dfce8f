package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.LabelledData;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
          "additions");

  /** How many pairs there were, and to how many a guard objected. */
  private static final class Count {
    int pairs;
    int objections;

    void add(QuestionPair pair) {
      pairs++;
      objections += Guard.all().stream().anyMatch(g -> g.objection(pair).isPresent()) ? 1 : 0;
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
    // The least share of wrong pairs that is stopped, and the largest of right ones refused.
    Map<String, double[]> limits =
        Map.of(
            "qqp", new double[] {0.10, 0.06},
            "semantoneg", new double[] {0.50, 0.05},
            "apt", new double[] {0.06, 0.07},
            "stsb", new double[] {0.08, 0.06});
    for (Map.Entry<String, double[]> limit : limits.entrySet()) {
      Count right = new Count();
      Count wrong = new Count();
      for (LabelledData.Pair pair : LabelledData.pairs(limit.getKey())) {
        (pair.isSame() ? right : wrong).add(QuestionPair.of(pair.query(), pair.cached()));
      }
      System.out.printf(
          "guards on %s: %.1f %% of %d wrong pairs stopped, %.1f %% of %d right ones refused%n",
          limit.getKey(), 100 * wrong.share(), wrong.pairs, 100 * right.share(), right.pairs);
      assertThat(wrong.share()).as(limit.getKey()).isGreaterThanOrEqualTo(limit.getValue()[0]);
      assertThat(right.share()).as(limit.getKey()).isLessThanOrEqualTo(limit.getValue()[1]);
    }
  }
}
