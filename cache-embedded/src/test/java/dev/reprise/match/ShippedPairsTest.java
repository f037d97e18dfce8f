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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The default matcher on pairs of questions in several scripts and languages. The different ones
 * differ in a sign, a word or a letter. When written-pairs.tsv was new, it served 14 of its 820
 * different pairs and found 57 of its 400 others; of everyday-pairs.tsv, 3 of 500 and 171 of 300;
 * of class-pairs.tsv, 24 of 400 and 103 of 200; of dense-pairs.tsv, 3 of 350 and 5 of 250. Most of
 * the six of class-pairs.tsv that are left ask for one instead of several: "a good name for a
 * goldfish".
 */
@Timeout(300)
class ShippedPairsTest {
  private static final Scope SCOPE = Scope.of("pairs");

  @ParameterizedTest
  @CsvSource({
    "pairs.tsv, 0, 46",
    "written-pairs.tsv, 0, 72",
    "everyday-pairs.tsv, 0, 232",
    "class-pairs.tsv, 6, 101",
    "dense-pairs.tsv, 0, 5"
  })
  void hardlyADifferentPairHits(String file, int mostWrong, int leastFound) throws Exception {
    Embedder embedder = MiniLmEmbedder.load();
    VerifiedMatcher matcher = Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults());
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (String row : rows(file)) {
      String[] columns = row.split("\t", -1);
      boolean isHit = hits(embedder, matcher, columns[1], columns[0]);
      if (isHit && columns[2].equals("0")) {
        wrong.add(columns[0] + " / " + columns[1]);
      }
      found += isHit && columns[2].equals("1") ? 1 : 0;
    }
    System.out.printf("%s: %d wrong, %d found%n", file, wrong.size(), found);
    assertThat(wrong).hasSizeLessThanOrEqualTo(mostWrong);
    assertThat(found).isGreaterThanOrEqualTo(leastFound);
  }

  private static List<String> rows(String file) throws Exception {
    try (InputStream stream = ShippedPairsTest.class.getResourceAsStream(file);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(stream, file), StandardCharsets.UTF_8))) {
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
