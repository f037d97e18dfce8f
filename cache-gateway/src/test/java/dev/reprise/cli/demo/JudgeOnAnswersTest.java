package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder.Embedding.Embedded;
import dev.reprise.embed.Vector;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.learn.AnswerJudge.Exchange;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.EmbeddingJudge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How often {@link EmbeddingJudge} takes different answers for the same: on the demo's answers to
 * near questions. It is the error that breaks a bound.
 */
class JudgeOnAnswersTest {
  private static final double NEAR = 0.6;
  private static final MiniLmEmbedder EMBEDDER = MiniLmEmbedder.load();

  @Test
  void differentAnswersToNearQuestionsAreSeldomTheSameToIt() {
    Answers answers = Answers.builtIn();
    Map<String, String> asked = new TreeMap<>();
    for (DemoQuestion question : QuestionFile.builtIn()) {
      if (question.label() instanceof DemoQuestion.Label.Known known
          && answers.text(known.name()).isPresent()) {
        asked.putIfAbsent(known.name(), question.text());
      }
    }
    Map<String, Vector> vectors = new TreeMap<>();
    asked.forEach((label, text) -> vectors.put(label, vector(text)));
    EmbeddingJudge judge = EmbeddingJudge.of(EMBEDDER);
    List<String> labels = List.copyOf(asked.keySet());
    List<String> mistaken = new ArrayList<>();
    int pairs = 0;
    for (int i = 0; i < labels.size(); i++) {
      for (int j = 0; j < i; j++) {
        String one = asked.getOrDefault(labels.get(i), "");
        String other = asked.getOrDefault(labels.get(j), "");
        if (similarity(vectors, labels.get(i), labels.get(j)) < NEAR) {
          continue;
        }
        pairs++;
        Exchange fresh = new Exchange(one, answers.text(labels.get(i)).orElse(""));
        Exchange cached = new Exchange(other, answers.text(labels.get(j)).orElse(""));
        if (judge.judge(fresh, cached) == Judgement.SAME) {
          mistaken.add(fresh.answer() + " / " + cached.answer());
        }
      }
    }
    System.out.printf(
        "%d of %d pairs of different answers are the same to it%n", mistaken.size(), pairs);
    mistaken.forEach(System.out::println);
    assertThat(pairs).isGreaterThan(40);
    assertThat(mistaken).as("of %d pairs", pairs).hasSizeLessThanOrEqualTo(pairs / 20);
  }

  private static double similarity(Map<String, Vector> vectors, String one, String other) {
    return Objects.requireNonNull(vectors.get(one))
        .similarity(Objects.requireNonNull(vectors.get(other)))
        .cosine();
  }

  private static Vector vector(String text) {
    return ((Embedded) EMBEDDER.embed(text)).vector();
  }
}
