package dev.reprise.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.match.Calibration;
import dev.reprise.match.Calibration.Point;
import dev.reprise.match.Calibration.Sample;
import dev.reprise.match.Guard;
import dev.reprise.match.OperatingPoint;
import dev.reprise.match.QuestionPair;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier.Verdict;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Similarity;
import dev.reprise.verify.ReadLookups.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/**
 * Fits the calibration that is shipped with the verifier, on lookups that readers judged, and
 * prints what it holds there and on the test part. No test of the build: docs/MATCHING.md has the
 * command.
 */
class ShippedCalibrationFit {
  private static final String SHIPPED =
      "../verifier-model/src/main/resources/dev/reprise/verifier/verifier.onnx";
  private static final Path WEIGHTS = Path.of(System.getProperty("verifier.onnx", SHIPPED));

  private static final List<WrongAnswerBound> BOUNDS =
      List.of(
          WrongAnswerBound.perLookup(0.005),
          WrongAnswerBound.perLookup(0.01),
          WrongAnswerBound.perLookup(0.02),
          WrongAnswerBound.perLookup(0.05),
          WrongAnswerBound.perHit(0.05),
          WrongAnswerBound.perHit(0.1),
          WrongAnswerBound.perHit(0.2));

  private static final double UNSHOWN = 0.99;

  private static final Map<String, String> DOMAINS =
      Map.of(
          "qqp", "open questions",
          "mined_quora", "open questions",
          "banking77", "intents",
          "clinc150", "intents",
          "mined_intents", "intents",
          "mined_other", "medicine, databases and forms");

  private final OnnxVerifier verifier = OnnxVerifier.load(WEIGHTS);

  /** A lookup for the fit, and the set, or half of a stream, that it is of. */
  private record Lookup(String half, Sample sample) {}

  @Test
  void fit() throws Exception {
    if (!ReadLookups.areThere()) {
      return;
    }
    List<Lookup> samples = lookups(ReadLookups.of("calibration"));
    List<Lookup> test = lookups(ReadLookups.of("test"));
    Calibration calibration = fitted(samples);
    System.out.println(CalibrationJson.write(calibration));
    report("calibration part", calibration, samples);
    report("test part", calibration, test);
    for (String left : List.of("banking77", "clinc150", "qqp", "mined_other")) {
      Calibration without =
          fitted(samples.stream().filter(lookup -> !lookup.half().startsWith(left)).toList());
      report(
          "fitted without " + left + ", test part",
          without,
          test.stream().filter(lookup -> lookup.half().startsWith(left)).toList());
    }
    String out = System.getProperty("calibration.out");
    if (out != null) {
      Files.writeString(Path.of(out), described(calibration) + "\n");
    }
  }

  /**
   * The upper limit of the error is held in each domain: no half of a set was read often enough for
   * a limit of its own. What was seen in a half is within the bound in every half.
   */
  private static Calibration fitted(List<Lookup> lookups) {
    Calibration domains = Calibration.fit(lookups.stream().map(Lookup::sample).toList());
    List<Point> points = new ArrayList<>();
    for (Point point : domains.points()) {
      double least =
          DoubleStream.of(
                  point.leastConfidence(), least(domains, lookups, point), unshown(point.bound()))
              .max()
              .orElseThrow();
      if (least <= 1) {
        points.add(new Point(point.bound(), least));
      }
    }
    Calibration shape =
        new Calibration(domains.bias(), domains.scale(), domains.crowding(), points);
    return TrafficBands.with(shape, halves(lookups));
  }

  /**
   * The least probability of a bound that no half was read often enough to show: 0.5 % needs some
   * 600 lookups without a wrong one, and a half of a stream has about 200.
   */
  private static double unshown(WrongAnswerBound bound) {
    return bound.equals(WrongAnswerBound.perLookup(0.005)) ? UNSHOWN : 0;
  }

  /**
   * From where on the error is likely within the bound in each half; above 1 where it nowhere is.
   */
  private static double least(Calibration shape, List<Lookup> lookups, Point point) {
    double least = 0;
    for (List<Sample> half : halves(lookups).values()) {
      least = Math.max(least, leastOf(shape, half, point.bound()));
    }
    return least;
  }

  private static double leastOf(Calibration shape, List<Sample> half, WrongAnswerBound bound) {
    double all = half.stream().mapToDouble(Sample::weight).sum();
    List<Sample> surest =
        half.stream()
            .filter(sample -> sample.logOdds() > Double.NEGATIVE_INFINITY)
            .sorted(Comparator.comparing(Sample::logOdds).reversed())
            .toList();
    boolean isPerLookup = bound.kind() == WrongAnswerBound.Kind.PER_LOOKUP;
    double hits = 0;
    double squares = 0;
    double wrong = 0;
    double wrongSquares = 0;
    double least = OperatingPoint.NOTHING;
    for (Sample sample : surest) {
      double weight = sample.weight();
      hits += weight;
      squares += weight * weight;
      wrong += sample.isSame() ? 0 : weight;
      wrongSquares += sample.isSame() ? 0 : weight * weight;
      double of = isPerLookup ? all : hits;
      double usual = squares / hits;
      // How many lookups one pair stands for, as in the fit of the domains.
      double spread = (wrongSquares + usual * usual) / (wrong + usual);
      if (isLikely((int) Math.ceil(wrong / spread - 1e-9), (int) (of / spread), bound.rate())) {
        least = shape.probability(sample.logOdds(), sample.crowding());
      } else if (isPerLookup && wrong > bound.rate() * of) {
        break;
      }
    }
    return least;
  }

  /**
   * Returns whether the share is as likely below the rate as above it: so few events would be seen
   * in at most every second sample of such a rate.
   */
  private static boolean isLikely(int events, int trials, double rate) {
    if (events >= trials) {
      return false;
    }
    double term = Math.pow(1 - rate, trials);
    double sum = term;
    for (int k = 1; k <= events; k++) {
      term *= (trials - k + 1) / (double) k * rate / (1 - rate);
      sum += term;
    }
    return sum <= 0.5;
  }

  private static Map<String, List<Sample>> halves(List<Lookup> lookups) {
    Map<String, List<Sample>> halves = new TreeMap<>();
    lookups.forEach(
        lookup ->
            halves
                .computeIfAbsent(lookup.half(), unused -> new ArrayList<>())
                .add(lookup.sample()));
    return halves;
  }

  /** With the checksum of the weights that it belongs to. */
  private static String described(Calibration calibration) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode described = json.createObjectNode();
    described.put("sha256", ShippedModel.sha256(Files.readAllBytes(WEIGHTS)));
    described.setAll((ObjectNode) json.readTree(CalibrationJson.write(calibration)));
    return described.toPrettyString();
  }

  /**
   * With one more of each half for all lookups of which no candidate was read. The upper limit of
   * the error is held for both halves of a stream together; the report says what each half gives.
   */
  private List<Lookup> lookups(List<Row> rows) {
    List<Lookup> lookups = new ArrayList<>();
    Map<String, Double> rest = new TreeMap<>();
    ReadLookups.LOOKUPS.forEach((half, count) -> rest.put(half, (double) count));
    for (Row row : rows) {
      lookups.add(lookup(row.group(), logOdds(row), row.isSame(), row.lookups()));
      rest.merge(row.group(), -row.lookups(), Double::sum);
    }
    rest.forEach(
        (half, count) -> {
          if (count > 0) {
            lookups.add(lookup(half, Double.NEGATIVE_INFINITY, false, count));
          }
        });
    return lookups;
  }

  private static Lookup lookup(String half, double logOdds, boolean isSame, double count) {
    String domain = DOMAINS.getOrDefault(half.substring(0, (half + ",").indexOf(',')), half);
    return new Lookup(half, new Sample(domain, logOdds, 0, isSame, count));
  }

  /** Negative infinity where the matcher would not have asked. */
  private double logOdds(Row row) {
    if (row.cosine() < VerifiedMatcher.DEFAULT_FLOOR) {
      return Double.NEGATIVE_INFINITY;
    }
    QuestionPair pair = QuestionPair.of(row.asked(), row.cached());
    for (Guard guard : Guard.all()) {
      if (guard.objection(pair).isPresent()) {
        return Double.NEGATIVE_INFINITY;
      }
    }
    return verifier.verify(row.asked(), row.cached(), new Similarity(row.cosine()))
            instanceof Verdict.LogOdds odds
        ? odds.value()
        : Double.NEGATIVE_INFINITY;
  }

  private static void report(String title, Calibration calibration, List<Lookup> lookups) {
    System.out.println(title);
    Map<String, List<Sample>> groups = halves(lookups);
    for (WrongAnswerBound bound : BOUNDS) {
      OptionalDouble least = calibration.leastConfidence(bound);
      groups.forEach(
          (name, group) ->
              System.out.printf(
                  Locale.ROOT,
                  "| %s | %s | %s | %s |%n",
                  bound,
                  name,
                  least.isPresent()
                      ? String.format(Locale.ROOT, "%.4f", least.getAsDouble())
                      : "none",
                  rates(calibration, least, group)));
    }
  }

  private static String rates(Calibration calibration, OptionalDouble least, List<Sample> samples) {
    double hits = 0;
    double wrong = 0;
    double of = 0;
    int read = 0;
    for (Sample sample : samples) {
      of += sample.weight();
      if (least.isPresent()
          && sample.logOdds() > Double.NEGATIVE_INFINITY
          && calibration.probability(sample.logOdds(), sample.crowding()) >= least.getAsDouble()) {
        hits += sample.weight();
        wrong += sample.isSame() ? 0 : sample.weight();
        read++;
      }
    }
    return String.format(
        Locale.ROOT,
        "hits %.3f, right %.3f, wrong per lookup %.4f, per hit %.3f (%d pairs)",
        hits / of,
        (hits - wrong) / of,
        wrong / of,
        hits == 0 ? 0 : wrong / hits,
        read);
  }
}
