package dev.reprise.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.evaluate.Arrival;
import dev.reprise.evaluate.Curve;
import dev.reprise.evaluate.EvaluationProgress;
import dev.reprise.evaluate.Evaluator;
import dev.reprise.evaluate.Evaluator.Curves;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.verify.OnnxVerifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/**
 * Prints whether the verified matcher hits less often than plain cosine on streams, both at the
 * same rate of wrong answers: the same arrivals in several orders, the difference in each, and what
 * that says of the mean. One order alone decides which questions meet at all. Run it by {@code
 * ./reprise bench orders}. No test of the build.
 */
class StreamOrdersTable {
  private static final double[] WRONG = {0.005, 0.01, 0.02, 0.05};

  /** The 97.5 % quantile of Student's t, by degrees of freedom from 1 on. */
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179
  };

  private final int count = Integer.getInteger("orders.count", 5_000);
  private final int orders = Integer.getInteger("orders", 6);
  private final Embedder embedder = MiniLmEmbedder.load();
  private final RememberingVerifier verifier = new RememberingVerifier(OnnxVerifier.load());
  private final List<NamedMatcher> matchers = matchers();

  /** Returns the plain cosine, and then the whole, without guards, and with fewer candidates. */
  private List<NamedMatcher> matchers() {
    List<NamedMatcher> variants = new Ablation(verifier, WrongAnswerBound.defaults()).variants();
    return List.of(
        variants.get(0),
        variants.get(1),
        variants.get(3),
        Ablation.named(
            "the nearest three", VerifiedMatcher.builder(verifier).deepestRank(3).build()));
  }

  @Test
  void print() {
    assertThat(SharedData.isThere()).as("the labelled data are there").isTrue();
    assertThat(orders).isBetween(2, STUDENT.length + 1);
    System.out.println(
        "| stream | variant | wrong per lookup | hits, cosine | hits, variant | variant less cosine"
            + " |");
    for (String name : List.of("banking77", "clinc150")) {
      print(name);
    }
  }

  private void print(String name) {
    double[][][] hits = new double[matchers.size()][WRONG.length][orders];
    for (int order = 0; order < orders; order++) {
      List<Curve> curves =
          Evaluator.of(embedder, Curves.DRAWN, EvaluationProgress.none())
              .evaluate(stream(name, order), matchers)
              .curves();
      for (int matcher = 0; matcher < matchers.size(); matcher++) {
        for (int i = 0; i < WRONG.length; i++) {
          hits[matcher][i][order] = AblationTable.hitsAt(curves.get(matcher), WRONG[i]);
        }
      }
    }
    for (int matcher = 1; matcher < matchers.size(); matcher++) {
      for (int i = 0; i < WRONG.length; i++) {
        row(name, matchers.get(matcher).name(), WRONG[i], hits[0][i], hits[matcher][i]);
      }
    }
  }

  private void row(String stream, String variant, double wrong, double[] cosine, double[] hits) {
    double[] difference = new double[orders];
    for (int order = 0; order < orders; order++) {
      difference[order] = hits[order] - cosine[order];
    }
    double mean = mean(difference);
    double wide = STUDENT[orders - 2] * deviation(difference) / Math.sqrt(orders);
    System.out.printf(
        Locale.ROOT,
        "| %s, %,d, %d orders | %s | %.3f | %.3f | %.3f | %+.3f (%+.3f to %+.3f) |%n",
        stream,
        count,
        orders,
        variant,
        wrong,
        mean(cosine),
        mean(hits),
        mean,
        mean - wide,
        mean + wide);
  }

  /** Returns some of the 10,000 arrivals that the verifier was not trained on. */
  private LabelledData.Stream stream(String name, int order) {
    List<Arrival> arrivals = new ArrayList<>(SharedData.stream(name, 10_000).arrivals());
    Collections.shuffle(arrivals, new Random(order));
    return new LabelledData.Stream(name, arrivals.subList(0, Math.min(count, arrivals.size())));
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
