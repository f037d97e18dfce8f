package dev.reprise.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.match.Calibration;
import dev.reprise.match.Calibration.Sample;
import dev.reprise.match.Guard;
import dev.reprise.match.QuestionPair;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier.Verdict;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Similarity;
import dev.reprise.testing.LabelledData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Fits the calibration that is shipped with the verifier, on the labelled data beside the
 * repository, and prints what it holds. No test of the build: docs/MATCHING.md has the command.
 */
class ShippedCalibrationFit {
  private static final int NEIGHBOURS = 5;
  private static final String SHIPPED =
      "../verifier-model/src/main/resources/dev/reprise/verifier/verifier.onnx";
  private static final long SEED = 20261124;
  private static final Path WEIGHTS = Path.of(System.getProperty("verifier.onnx", SHIPPED));

  private final Embedder embedder = MiniLmEmbedder.load();
  private final OnnxVerifier verifier = OnnxVerifier.load(WEIGHTS);
  private final Map<String, float[]> vectors = new HashMap<>();
  private long asked;

  /** A question that arrived before, and how near it is. */
  private record Near(int index, double cosine) {}

  @Test
  void fit() throws Exception {
    if (!LabelledData.isThere()) {
      return;
    }
    int count = Integer.getInteger("calibration.count", 10_000);
    int every = Integer.getInteger("calibration.every", 1);
    List<Sample> samples = new ArrayList<>();
    for (String stream : List.of("banking77", "clinc150")) {
      samples.addAll(stream(stream, count, every));
    }
    for (String pairs : List.of("qqp", "semantoneg")) {
      samples.addAll(pairs(pairs, count, every));
    }
    Calibration calibration = Calibration.fit(samples);
    System.out.println(CalibrationJson.write(calibration));
    report("all groups", calibration, samples);
    for (String left : List.of("banking77", "clinc150", "qqp", "semantoneg")) {
      List<Sample> others = samples.stream().filter(s -> !s.group().startsWith(left)).toList();
      List<Sample> own = samples.stream().filter(s -> s.group().startsWith(left)).toList();
      report("fitted without " + left, Calibration.fit(others), own);
    }
    String out = System.getProperty("calibration.out");
    if (out != null) {
      Files.writeString(Path.of(out), described(calibration) + "\n");
    }
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
   * One arrival of so many is a lookup among all that came before it. The halves are groups of
   * their own: a bound is to be held when the cache has grown, too.
   */
  private List<Sample> stream(String name, int count, int every) throws Exception {
    List<LabelledData.Arrival> arrivals = new ArrayList<>(LabelledData.stream(name));
    Collections.shuffle(arrivals, new Random(SEED));
    arrivals = arrivals.subList(0, Math.min(count, arrivals.size()));
    List<Sample> samples = new ArrayList<>();
    float[][] rows = new float[arrivals.size()][];
    for (int i = 0; i < arrivals.size(); i++) {
      rows[i] = vector(arrivals.get(i).query());
      if (i % every != 0) {
        continue;
      }
      List<Near> near = nearest(rows, i, rows[i]);
      String group = name + (i < arrivals.size() / 2 ? ", first half" : ", second half");
      Sample best = new Sample(group, Double.NEGATIVE_INFINITY, 0, false);
      for (Near candidate :
          near.subList(0, Math.min(VerifiedMatcher.DEFAULT_DEEPEST_RANK, near.size()))) {
        LabelledData.Arrival cached = arrivals.get(candidate.index());
        double logOdds = logOdds(arrivals.get(i).query(), cached.query(), candidate.cosine());
        if (logOdds > best.logOdds()) {
          boolean isSame = cached.label().equals(arrivals.get(i).label());
          best = new Sample(group, logOdds, crowding(near), isSame);
        }
      }
      samples.add(best);
      progress(name, i);
    }
    return samples;
  }

  /** One pair of so many is a lookup among the cached questions of them all. */
  private List<Sample> pairs(String name, int count, int every) throws Exception {
    List<LabelledData.Pair> pairs = new ArrayList<>(LabelledData.pairs(name));
    Collections.shuffle(pairs, new Random(SEED));
    pairs = pairs.subList(0, Math.min(count, pairs.size()));
    float[][] rows = new float[pairs.size()][];
    for (int i = 0; i < pairs.size(); i++) {
      rows[i] = vector(pairs.get(i).cached());
    }
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += every) {
      LabelledData.Pair pair = pairs.get(i);
      float[] query = vector(pair.query());
      double logOdds = logOdds(pair.query(), pair.cached(), dot(query, rows[i]));
      double crowding =
          logOdds == Double.NEGATIVE_INFINITY ? 0 : crowding(nearest(rows, rows.length, query));
      samples.add(new Sample(name, logOdds, crowding, pair.isSame()));
      progress(name, i);
    }
    return samples;
  }

  /** Negative infinity where the matcher would not have asked. */
  private double logOdds(String query, String cached, double cosine) {
    if (cosine < VerifiedMatcher.DEFAULT_FLOOR) {
      return Double.NEGATIVE_INFINITY;
    }
    QuestionPair pair = QuestionPair.of(query, cached);
    for (Guard guard : Guard.all()) {
      if (guard.objection(pair).isPresent()) {
        return Double.NEGATIVE_INFINITY;
      }
    }
    asked++;
    return verifier.verify(query, cached, new Similarity(cosine)) instanceof Verdict.LogOdds odds
        ? odds.value()
        : Double.NEGATIVE_INFINITY;
  }

  private static double crowding(List<Near> near) {
    return near.size() < NEIGHBOURS ? 0 : Math.max(0, near.get(NEIGHBOURS - 1).cosine());
  }

  private static List<Near> nearest(float[][] rows, int count, float[] query) {
    List<Near> nearest = new ArrayList<>();
    double least = -2;
    for (int i = 0; i < count; i++) {
      double cosine = dot(rows[i], query);
      if (nearest.size() == NEIGHBOURS && cosine <= least) {
        continue;
      }
      int at = nearest.size();
      while (at > 0 && nearest.get(at - 1).cosine() < cosine) {
        at--;
      }
      nearest.add(at, new Near(i, cosine));
      if (nearest.size() > NEIGHBOURS) {
        nearest.remove(NEIGHBOURS);
      }
      least = nearest.get(nearest.size() - 1).cosine();
    }
    return nearest;
  }

  private float[] vector(String text) {
    return vectors.computeIfAbsent(
        text,
        unused ->
            !text.isBlank() && embedder.embed(text) instanceof Embedder.Embedding.Embedded embedded
                ? embedded.vector().toArray()
                : new float[embedder.dimension()]);
  }

  private static double dot(float[] one, float[] other) {
    float sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return Math.max(-1, Math.min(1, sum));
  }

  private void progress(String name, int done) {
    if (done % 1_000 == 0 && done > 0) {
      System.out.printf("%s: %d, %d pairs read so far%n", name, done, asked);
    }
  }

  private static void report(String title, Calibration calibration, List<Sample> samples) {
    System.out.println(title);
    Map<String, List<Sample>> groups = new TreeMap<>();
    samples.forEach(s -> groups.computeIfAbsent(s.group(), unused -> new ArrayList<>()).add(s));
    for (WrongAnswerBound bound :
        List.of(
            WrongAnswerBound.perLookup(0.005),
            WrongAnswerBound.perLookup(0.01),
            WrongAnswerBound.perLookup(0.02),
            WrongAnswerBound.perLookup(0.05),
            WrongAnswerBound.perHit(0.05))) {
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
    int hits = 0;
    int wrong = 0;
    int same = 0;
    for (Sample sample : samples) {
      same += sample.isSame() ? 1 : 0;
      if (least.isPresent()
          && sample.logOdds() > Double.NEGATIVE_INFINITY
          && calibration.probability(sample.logOdds(), sample.crowding()) >= least.getAsDouble()) {
        hits++;
        wrong += sample.isSame() ? 0 : 1;
      }
    }
    double of = samples.size();
    return String.format(
        Locale.ROOT,
        "hits %.3f, wrong per lookup %.4f, per hit %.3f, recall %.3f",
        hits / of,
        wrong / of,
        hits == 0 ? 0 : (double) wrong / hits,
        same == 0 ? 0 : (double) (hits - wrong) / same);
  }
}
