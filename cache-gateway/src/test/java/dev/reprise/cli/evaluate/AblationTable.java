package dev.reprise.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.evaluate.Curve;
import dev.reprise.evaluate.DataEvaluation;
import dev.reprise.evaluate.Evaluation;
import dev.reprise.evaluate.EvaluationProgress;
import dev.reprise.evaluate.Evaluator;
import dev.reprise.evaluate.Evaluator.Curves;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.evaluate.Rate;
import dev.reprise.evaluate.Tally;
import dev.reprise.match.MatchStage;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.verify.OnnxVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Prints what each stage of the verified matcher is worth: run it by {@code ./reprise bench
 * ablation}. No test of the build.
 */
class AblationTable {
  private final int count = Integer.getInteger("ablation.count", 5_000);
  private final Embedder embedder = MiniLmEmbedder.load();
  private final Verifier verifier = new RememberingVerifier(OnnxVerifier.load());
  private final Ablation ablation = new Ablation(verifier, WrongAnswerBound.defaults());

  @Test
  void print() throws Exception {
    assertThat(SharedData.isThere()).as("the labelled data are there").isTrue();
    System.out.println(
        "| pairs (same) | variant | recall | false hits | recall at 1 % false hits | at 2 % |");
    for (String name : List.of("qqp", "semantoneg", "apt", "stsb")) {
      printPairs(SharedData.unseen(name, count), ablation.variants());
    }
    printPairs(SharedData.own(), ablation.variants());
    List<NamedMatcher> variants = new ArrayList<>(ablation.variants());
    variants.add(ablation.withoutAcronyms());
    printPairs(SharedData.acronyms(), variants);
    System.out.println(
        "| stream | variant | hits | wrong per lookup | first half: hits, wrong per lookup |"
            + " second half | hits at 1 % wrong per lookup |");
    List<LabelledData.Stream> streams =
        List.of(SharedData.stream("banking77", count), SharedData.stream("clinc150", count));
    streams.forEach(this::printStream);
    System.out.println(
        "| stream | bound | floor | lookups in which the verifier is asked | pairs that it reads,"
            + " of each | hits by equality | hits by the verifier |");
    streams.forEach(this::printStages);
  }

  private DataEvaluation evaluate(LabelledData data, List<NamedMatcher> matchers, Curves curves) {
    return Evaluator.of(embedder, curves, EvaluationProgress.none()).evaluate(data, matchers);
  }

  private void printPairs(LabelledData.Pairs data, List<NamedMatcher> variants) {
    DataEvaluation evaluation = evaluate(data, variants, Curves.DRAWN);
    for (int i = 0; i < variants.size(); i++) {
      Evaluation.OfPairs pairs = (Evaluation.OfPairs) evaluation.evaluations().get(i);
      Curve curve = evaluation.curves().get(i);
      row(
          String.format(Locale.ROOT, "%s, %,d (%,d)", data.name(), data.size(), data.same()),
          pairs.matcher(),
          rate(pairs.recall(), 3),
          rate(pairs.falseHitRate(), 4),
          String.format(Locale.ROOT, "%.3f", mostHits(curve, 0.01)),
          String.format(Locale.ROOT, "%.3f", mostHits(curve, 0.02)));
    }
  }

  private void printStream(LabelledData.Stream data) {
    List<NamedMatcher> variants = ablation.variants();
    DataEvaluation evaluation = evaluate(data, variants, Curves.DRAWN);
    for (int i = 0; i < variants.size(); i++) {
      Evaluation.OfStream stream = (Evaluation.OfStream) evaluation.evaluations().get(i);
      row(
          String.format(Locale.ROOT, "%s, %,d", data.name(), data.size()),
          stream.matcher(),
          rate(stream.tally().hitRate(), 3),
          rate(stream.tally().wrongPerLookup(), 4),
          halves(firstHalf(stream)),
          halves(stream.secondHalf()),
          String.format(Locale.ROOT, "%.3f", hitsAt(evaluation.curves().get(i), 0.01)));
    }
  }

  private void printStages(LabelledData.Stream data) {
    for (double bound : new double[] {0.01, 0.05}) {
      for (double floor : new double[] {VerifiedMatcher.DEFAULT_FLOOR, 0.7, 0.8, 0.9}) {
        printStages(data, bound, floor);
      }
    }
  }

  /** Says how far the lookups of a stream come. */
  private void printStages(LabelledData.Stream data, double bound, double floor) {
    StageCounts counts =
        new StageCounts(
            VerifiedMatcher.builder(verifier)
                .bound(WrongAnswerBound.perLookup(bound))
                .floor(floor)
                .build());
    evaluate(data, List.of(Ablation.named("counts", counts)), Curves.LEFT_OUT);
    int asked = counts.reached(MatchStage.BOUND);
    row(
        String.format(Locale.ROOT, "%s, %,d", data.name(), data.size()),
        String.valueOf(bound),
        String.valueOf(floor),
        rate(new Rate(asked, data.size()), 3),
        String.format(Locale.ROOT, "%.2f", (double) counts.verified() / Math.max(1, asked)),
        rate(new Rate(counts.accepted(MatchStage.EQUALITY), data.size()), 3),
        rate(new Rate(counts.accepted(MatchStage.BOUND), data.size()), 3));
  }

  /** Returns the most hits with at most so many wrong ones. */
  private static double mostHits(Curve curve, double wrong) {
    return curve.points().stream()
        .filter(point -> point.wrong() <= wrong)
        .mapToDouble(Curve.Point::hits)
        .max()
        .orElse(0);
  }

  /** Returns the hits with so many wrong ones, on a straight line between two points. */
  static double hitsAt(Curve curve, double wrong) {
    Curve.Point last = new Curve.Point(1, 0, 0);
    for (Curve.Point point : curve.points()) {
      if (point.wrong() > wrong) {
        double share = (wrong - last.wrong()) / (point.wrong() - last.wrong());
        return last.hits() + share * (point.hits() - last.hits());
      }
      last = point;
    }
    return last.hits();
  }

  private static Tally firstHalf(Evaluation.OfStream stream) {
    Tally all = stream.tally();
    Tally second = stream.secondHalf();
    return new Tally(
        all.lookups() - second.lookups(),
        all.exactHits() - second.exactHits(),
        all.wrongExactHits() - second.wrongExactHits(),
        all.hits() - second.hits(),
        all.wrongHits() - second.wrongHits());
  }

  private static String halves(Tally tally) {
    return String.format(
        Locale.ROOT,
        "%.3f, %.4f",
        tally.hitRate().value().orElse(0),
        tally.wrongPerLookup().value().orElse(0));
  }

  private static String rate(Rate rate, int digits) {
    String form = "%." + digits + "f";
    return String.format(
        Locale.ROOT,
        form + " (" + form + "–" + form + ")",
        rate.value().orElse(0),
        rate.low(),
        rate.high());
  }

  private static void row(String... cells) {
    System.out.println("| " + String.join(" | ", cells) + " |");
  }
}
