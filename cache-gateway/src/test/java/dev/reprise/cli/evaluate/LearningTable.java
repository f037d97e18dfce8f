package dev.reprise.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.evaluate.Evaluation;
import dev.reprise.evaluate.EvaluationProgress;
import dev.reprise.evaluate.Evaluator;
import dev.reprise.evaluate.Evaluator.Curves;
import dev.reprise.evaluate.InPlace;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.evaluate.Rate;
import dev.reprise.learn.Learning;
import dev.reprise.verify.OnnxVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/**
 * Prints whether a matcher that learns in place holds its bound whichever hits are checked: the
 * same arrivals with several draws of the checks, the mean, and the draw with the most wrong
 * answers. Run it by {@code ./reprise bench learning}. No test of the build.
 */
class LearningTable {
  private static final double[] RATES = {0.005, 0.01, 0.02, 0.05};

  private final int count = Integer.getInteger("learning.count", 10_000);
  private final int draws = Integer.getInteger("learning.draws", 4);
  private final double judgeError =
      Double.parseDouble(System.getProperty("learning.judgeError", "0"));
  private final List<String> streams =
      List.of(System.getProperty("learning.streams", "banking77,clinc150").split(","));
  private final Embedder embedder = MiniLmEmbedder.load();
  private final RememberingVerifier verifier = new RememberingVerifier(OnnxVerifier.load());

  @Test
  void print() {
    assertThat(SharedData.isThere()).as("the labelled data are there").isTrue();
    System.out.println(
        "| stream | bound | hits | in the second half | wrong per lookup | in the second half |"
            + " most in a draw |");
    for (String name : streams) {
      print(SharedData.stream(name, count));
    }
  }

  private void print(LabelledData.Stream stream) {
    List<NamedMatcher> matchers =
        DoubleStream.of(RATES).mapToObj(rate -> Ablation.bounded(verifier, rate)).toList();
    List<List<Evaluation>> drawn = new ArrayList<>();
    for (int draw = 1; draw <= draws; draw++) {
      drawn.add(
          Evaluator.of(embedder, Curves.LEFT_OUT, EvaluationProgress.none())
              .learning(new InPlace(judgeError, Learning.DEFAULT_CHECKED, draw))
              .evaluate(stream, matchers)
              .evaluations());
    }
    for (int i = 0; i < RATES.length; i++) {
      int matcher = i;
      row(
          stream.name(),
          RATES[i],
          drawn.stream().map(all -> (Evaluation.OfStream) all.get(matcher)).toList());
    }
  }

  private void row(String stream, double rate, List<Evaluation.OfStream> drawn) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.3f | %.3f | %.3f | %.4f | %.4f | %.4f, %.4f in its second half |%n",
        stream,
        rate,
        mean(drawn.stream().map(one -> one.tally().hitRate()).toList()),
        mean(drawn.stream().map(one -> one.secondHalf().hitRate()).toList()),
        mean(drawn.stream().map(one -> one.tally().wrongPerLookup()).toList()),
        mean(drawn.stream().map(one -> one.secondHalf().wrongPerLookup()).toList()),
        most(drawn.stream().map(one -> one.tally().wrongPerLookup()).toList()),
        most(drawn.stream().map(one -> one.secondHalf().wrongPerLookup()).toList()));
  }

  private static double mean(List<Rate> rates) {
    return values(rates).average().orElseThrow();
  }

  private static double most(List<Rate> rates) {
    return values(rates).max().orElseThrow();
  }

  private static DoubleStream values(List<Rate> rates) {
    return rates.stream().mapToDouble(rate -> rate.value().orElseThrow());
  }
}
