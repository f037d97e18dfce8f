package dev.reprise.verify;

import dev.reprise.match.LearningMatcher;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.Matcher;
import dev.reprise.match.Observation.LookedUp;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.verify.ReadLookups.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Prints what the whole matcher gives on lookups that readers judged, while its operating point
 * follows the traffic. No test of the build: {@code ./reprise bench traffic} runs it.
 *
 * <p>The lookups of a set come in random order, as many as its pairs stand for. The matcher starts
 * without any traffic.
 */
class TrafficLineTable {
  private static final Scope SCOPE = Scope.of("table");
  private static final List<Double> RATES = List.of(0.005, 0.01, 0.02, 0.05);
  private static final int ORDERS = 3;

  /** What is asked one after the other, of a matcher of its own. */
  private static final List<List<String>> STREAMS =
      List.of(
          List.of("qqp"),
          List.of("mined_quora"),
          List.of("mined_other"),
          List.of("mined_intents"),
          List.of("banking77, first half"),
          List.of("banking77, first half", "banking77, second half"),
          List.of("banking77, second half"),
          List.of("clinc150, first half"),
          List.of("clinc150, first half", "clinc150, second half"),
          List.of("clinc150, second half"),
          List.of("mined_other", "banking77, second half"));

  /** A lookup's surest candidate, and how many lookups it stands for; -1 where there is none. */
  private record Lookup(double confidence, boolean isSame, double weight) {
    static final Lookup NONE = new Lookup(-1, false, 1);
  }

  /**
   * Shares of all lookups of the last set of a stream, and how many lookups the pair of a hit
   * stands for.
   */
  private record Shares(
      double right, double wrong, double fixedRight, double fixedWrong, double spread) {}

  private final OnnxVerifier verifier = OnnxVerifier.load();

  /** Accepts as much as possible, so that it says how sure it is of a pair in another wording. */
  private final Matcher lax = Matcher.verified(verifier, WrongAnswerBound.perLookup(0.05));

  @Test
  void print() throws Exception {
    if (!ReadLookups.areThere()) {
      return;
    }
    for (String part : List.of("train", "calibration", "test")) {
      printWordings(part, ReadLookups.all(part));
    }
    for (String part : List.of("test", "calibration")) {
      Map<String, List<Lookup>> sets = sets(ReadLookups.of(part));
      System.out.println(part + " part");
      System.out.println(
          "| lookups |" + String.join("|", RATES.stream().map(rate -> " " + rate + " ").toList()));
      for (List<String> stream : STREAMS) {
        StringBuilder line = new StringBuilder("| ").append(String.join(", then ", stream));
        for (double rate : RATES) {
          line.append(" | ").append(cell(stream, sets, WrongAnswerBound.perLookup(rate)));
        }
        System.out.println(line.append(" |"));
      }
      printIntervals(part, sets);
      printPrecision(part, sets);
    }
  }

  private Map<String, List<Lookup>> sets(List<Row> rows) {
    Map<String, List<Lookup>> sets = new LinkedHashMap<>();
    for (Row row : rows) {
      List<Lookup> set = sets.computeIfAbsent(row.group(), unused -> new ArrayList<>());
      int count = (int) Math.round(row.lookups());
      set.addAll(Collections.nCopies(count, new Lookup(confidence(row), row.isSame(), count)));
    }
    sets.forEach(
        (name, set) -> {
          int rest = ReadLookups.LOOKUPS.getOrDefault(name, 0) - set.size();
          set.addAll(Collections.nCopies(Math.max(0, rest), Lookup.NONE));
        });
    return sets;
  }

  /** Prints what the default bound gives, with intervals. */
  private void printIntervals(String part, Map<String, List<Lookup>> sets) {
    System.out.println(part + " part, with intervals, in %");
    System.out.println("| lookups | right hits per lookup | wrong per lookup | wrong per hit |");
    WrongAnswerBound bound = WrongAnswerBound.defaults();
    for (List<String> stream : STREAMS) {
      Shares shares = shares(stream, sets, bound, new Random(0));
      double count = sets.getOrDefault(stream.get(stream.size() - 1), List.of()).size();
      double hits = shares.right() + shares.wrong();
      System.out.printf(
          "| %s | %s | %s | %s |%n",
          String.join(", then ", stream),
          PrecisionCurve.interval(shares.right(), count / shares.spread()),
          PrecisionCurve.interval(shares.wrong(), count / shares.spread()),
          PrecisionCurve.interval(shares.wrong() / hits, hits * count / shares.spread()));
    }
  }

  /** Prints the precision over the hit rate, without an operating point. */
  private static void printPrecision(String part, Map<String, List<Lookup>> sets) {
    System.out.println(part + " part, precision in % at hit rates");
    System.out.println(
        "| lookups | "
            + String.join(
                " | ", Arrays.stream(PrecisionCurve.HIT_RATES).mapToObj(Double::toString).toList())
            + " |");
    sets.forEach(
        (name, lookups) -> {
          PrecisionCurve curve = new PrecisionCurve(lookups.size());
          lookups.forEach(
              lookup -> curve.add(lookup.confidence(), lookup.isSame(), lookup.weight()));
          System.out.printf("| %s | %s |%n", name, curve.cells());
        });
  }

  /** Prints how many pairs are the same question in another wording, and how many wrongly so. */
  private void printWordings(String part, List<Row> rows) {
    long[] counts = new long[2];
    for (Row row : rows) {
      if (lax.explain(candidate(row)).steps().stream()
          .anyMatch(step -> step.words().startsWith("the same question in another wording"))) {
        counts[row.isSame() ? 0 : 1]++;
      }
    }
    System.out.printf(
        "in another wording, %s part: %d right, %d wrong%n", part, counts[0], counts[1]);
  }

  private double confidence(Row row) {
    return lax.decide(candidate(row)).confidence();
  }

  private static MatchCandidate candidate(Row row) {
    return MatchCandidate.alone(
        SCOPE, row.asked(), row.cached(), Answer.ofText("an answer"), new Similarity(row.cosine()));
  }

  /**
   * Right hits and wrong hits per lookup (the worst order), wrong per hit, and at a fixed point.
   */
  private String cell(List<String> stream, Map<String, List<Lookup>> sets, WrongAnswerBound bound) {
    Shares[] orders = new Shares[ORDERS];
    for (int order = 0; order < ORDERS; order++) {
      orders[order] = shares(stream, sets, bound, new Random(order));
    }
    double right = Arrays.stream(orders).mapToDouble(Shares::right).average().orElseThrow();
    double wrong = Arrays.stream(orders).mapToDouble(Shares::wrong).average().orElseThrow();
    double worst = Arrays.stream(orders).mapToDouble(Shares::wrong).max().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%.3f, %.2f %% (%.2f), %.0f %%; fixed %.3f, %.2f %%",
        right,
        wrong * 100,
        worst * 100,
        right + wrong == 0 ? 0 : wrong / (right + wrong) * 100,
        orders[0].fixedRight(),
        orders[0].fixedWrong() * 100);
  }

  private Shares shares(
      List<String> stream, Map<String, List<Lookup>> sets, WrongAnswerBound bound, Random random) {
    LearningMatcher matcher = Matcher.verified(verifier, bound);
    double fixed = verifier.calibration().leastConfidence(bound).orElse(2);
    Shares shares = new Shares(0, 0, 0, 0, 1);
    for (String name : stream) {
      List<Lookup> lookups = new ArrayList<>(sets.getOrDefault(name, List.of()));
      Collections.shuffle(lookups, random);
      int[] hits = new int[4];
      double weights = 0;
      for (Lookup lookup : lookups) {
        boolean isHit = matcher.risk().orElseThrow().point().accepts(lookup.confidence());
        matcher.observe(new LookedUp(lookup.confidence(), isHit));
        hits[lookup.isSame() ? 0 : 1] += isHit ? 1 : 0;
        hits[lookup.isSame() ? 2 : 3] += lookup.confidence() >= fixed ? 1 : 0;
        weights += isHit ? lookup.weight() : 0;
      }
      double all = lookups.size();
      int served = hits[0] + hits[1];
      shares =
          new Shares(
              hits[0] / all,
              hits[1] / all,
              hits[2] / all,
              hits[3] / all,
              served == 0 ? 1 : weights / served);
    }
    return shares;
  }
}
