package dev.reprise.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.testing.LabelledData;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The verified matcher with the shipped weights, at its default bound, on labelled pairs of our
 * own.
 */
class VerifiedQualityTest {
  private static final Scope SCOPE = Scope.of("quality");
  private static final double MOST_WRONG = 0.01;
  private static final double LEAST_RECALL = 0.45;

  /** Pairs of one kind: how many are the same, how many of those hit, and how many others do. */
  private static final class Count {
    int same;
    int found;
    int other;
    int wrong;

    void add(boolean isSame, boolean isHit) {
      same += isSame ? 1 : 0;
      found += isSame && isHit ? 1 : 0;
      other += isSame ? 0 : 1;
      wrong += !isSame && isHit ? 1 : 0;
    }
  }

  @Test
  void fewWrongAnswersAndMostOfTheRightOnes() throws Exception {
    Embedder embedder = MiniLmEmbedder.load();
    VerifiedMatcher matcher = Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults());
    Map<String, Count> kinds = new TreeMap<>();
    Count all = new Count();
    for (LabelledData.Question question : LabelledData.questions()) {
      boolean isHit =
          matcher.decide(
                  MatchCandidate.alone(
                      SCOPE,
                      question.query(),
                      question.cached(),
                      Answer.ofText("an answer"),
                      vector(embedder, matcher, question.query())
                          .similarity(vector(embedder, matcher, question.cached()))))
              instanceof MatchDecision.Accept;
      kinds.computeIfAbsent(question.kind(), unused -> new Count()).add(question.isSame(), isHit);
      all.add(question.isSame(), isHit);
    }
    kinds.put("all", all);
    kinds.forEach(
        (kind, count) ->
            System.out.printf(
                Locale.ROOT,
                "%-12s %3d of %3d right ones hit, %2d of %3d wrong ones%n",
                kind,
                count.found,
                count.same,
                count.wrong,
                count.other));
    assertThat((double) all.wrong / all.other).isLessThanOrEqualTo(MOST_WRONG);
    assertThat((double) all.found / all.same).isGreaterThanOrEqualTo(LEAST_RECALL);
  }

  private static Vector vector(Embedder embedder, Matcher matcher, String question) {
    return ((Embedder.Embedding.Embedded)
            embedder.embed(matcher.wording().comparable(SCOPE, question)))
        .vector();
  }
}
