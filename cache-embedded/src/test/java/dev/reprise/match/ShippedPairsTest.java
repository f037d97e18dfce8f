package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.verify.OnnxVerifier;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The default matcher on pairs.tsv: 333 pairs that differ in one sign, word or letter, in several
 * scripts and languages, and 63 paraphrases.
 */
@Timeout(300)
class ShippedPairsTest {
  private static final Scope SCOPE = Scope.of("pairs");
  private static final int MOST_WRONG = 3;
  private static final int LEAST_FOUND = 40;

  @Test
  void hardlyADifferentPairHits() throws Exception {
    Embedder embedder = MiniLmEmbedder.load();
    VerifiedMatcher matcher = Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults());
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (String row : rows()) {
      String[] columns = row.split("\t", -1);
      boolean isHit = hits(embedder, matcher, columns[1], columns[0]);
      if (isHit && columns[2].equals("0")) {
        wrong.add(columns[0] + " / " + columns[1]);
      }
      found += isHit && columns[2].equals("1") ? 1 : 0;
    }
    System.out.printf("pairs.tsv: %d of 333 wrong, %d of 63 found%n", wrong.size(), found);
    assertThat(wrong).hasSizeLessThanOrEqualTo(MOST_WRONG);
    assertThat(found).isGreaterThanOrEqualTo(LEAST_FOUND);
  }

  private static List<String> rows() throws Exception {
    try (InputStream stream = ShippedPairsTest.class.getResourceAsStream("pairs.tsv");
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(stream, "pairs.tsv"), StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).toList();
    }
  }

  private static boolean hits(
      Embedder embedder, VerifiedMatcher matcher, String asked, String cached) {
    Embedder.Embedding one = embedder.embed(matcher.comparable(SCOPE, asked));
    Embedder.Embedding other = embedder.embed(matcher.comparable(SCOPE, cached));
    if (!(one instanceof Embedder.Embedding.Embedded first)
        || !(other instanceof Embedder.Embedding.Embedded second)) {
      return false;
    }
    Similarity similarity = first.vector().similarity(second.vector());
    return matcher.decide(
            MatchCandidate.alone(SCOPE, asked, cached, Answer.ofText("an answer"), similarity))
        instanceof MatchDecision.Accept;
  }
}
