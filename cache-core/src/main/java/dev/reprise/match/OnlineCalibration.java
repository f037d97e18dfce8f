package dev.reprise.match;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.match.OperatingPoint.Origin;
import dev.reprise.match.WrongAnswerBound.Kind;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Learns what a calibration's probabilities are worth in this deployment, and from where on the
 * bound is held here: from the upper limit of what would be wrong, not from its estimate. Starts
 * where the calibration says, and follows the traffic where the calibration tells how. Safe for use
 * by several threads.
 *
 * <p>Three things are counted in each of the {@link ConfidenceBins}. How many lookups had their
 * surest candidate there, judged or not: that is this deployment's traffic. How many judged
 * candidates were the same. How many were different. A miss costs nothing to judge, since its
 * answer was fetched anyway. So the bins below the operating point become known without a wrong
 * answer to anybody, and the point moves down once that is known to be safe.
 *
 * <p>The rate of wrong answers in a bin is a beta distribution. Its prior comes from the
 * calibration, moved by the {@link CalibrationLine} that fits what was judged here best; the bin's
 * own counts are added. So a few judgements correct every bin a little, and many correct their own.
 */
final class OnlineCalibration {
  /** How many bins of the traffic are one bin here. */
  private static final int FINE = 5;

  /** How many judgements the prior of a bin is worth. */
  private static final double PRIOR_WEIGHT = 20;

  /** No calibration is trusted beyond this share of wrong answers before anything was judged. */
  private static final double LEAST_PRIOR = 0.02;

  /** The share of wrong answers among the same words, before anything was judged. */
  private static final double CERTAIN_PRIOR = 0.002;

  private static final double ONE_SIDED_95 = 1.645;
  private static final double TWO_SIDED_95 = 1.96;

  /** With fewer lookups or judgements, the calibration alone is trusted. */
  private static final int LEAST_LOOKUPS = 100;

  private static final int LEAST_JUDGED = 30;

  /**
   * How many lookups are remembered; then everything fades by half. While a cache grows, what was
   * judged earlier was judged among fewer entries and is too good to be true now; of what has
   * become a hit since, hardly any more is judged. A longer window breaks the bound more often
   * while a cache grows.
   */
  private static final int WINDOW = 4_000;

  /** How many lookups are recent; then these fade by half. */
  private static final int RECENT = 500;

  /** How many lookups the ordinary traffic counts for, among all and among the recent ones. */
  private static final double PRIOR_LOOKUPS = 300;

  private static final double RECENT_PRIOR = 50;

  /** After how many observations the operating point is looked at again. */
  private static final int PACE = 16;

  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WrongAnswerBound bound;
  private final Calibration calibration;
  private final OperatingPoint calibrated;
  private final String verifier;
  private final TrafficLine trafficLine;
  private final Traffic traffic = new Traffic();
  private final Traffic recent = new Traffic();
  private final AtomicInteger sinceLook = new AtomicInteger();
  private final double[] same = new double[ConfidenceBins.COUNT];
  private final double[] different = new double[ConfidenceBins.COUNT];
  private double servedJudged;
  private double servedWrong;
  private double foregone;
  private volatile OperatingPoint point;

  /**
   * @param verifier names what the calibration is of: what was learnt with another is of no use
   */
  OnlineCalibration(String verifier, Calibration calibration, WrongAnswerBound bound) {
    this.verifier = verifier;
    this.bound = bound;
    this.calibration = calibration;
    trafficLine = new TrafficLine(calibration);
    calibrated = start(bound);
    point = calibrated;
  }

  /** Returns one for {@code verifier}'s class; a function has no name that lasts. */
  static OnlineCalibration of(Verifier verifier, Calibration calibration, WrongAnswerBound bound) {
    Class<?> type = verifier.getClass();
    boolean isNamed = !type.isHidden() && !type.isAnonymousClass();
    return new OnlineCalibration(isNamed ? type.getName() : "", calibration, bound);
  }

  /** Names what the confidence is: that of one verifier by one calibration, whatever the bound. */
  String kind() {
    return verifier.isEmpty()
        ? ""
        : verifier
            + " "
            + calibration.bias()
            + " "
            + calibration.scale()
            + " "
            + calibration.crowding();
  }

  /** Returns from where on a bound is held by what the calibration and the traffic say. */
  private OperatingPoint start(WrongAnswerBound held) {
    if (!trafficLine.follows(held)) {
      return new OperatingPoint(calibration.leastConfidence(held).orElse(1), Origin.CALIBRATED);
    }
    CalibrationLine line =
        judged() < LEAST_JUDGED ? CalibrationLine.NONE : CalibrationLine.fit(same, different);
    // Traffic that changes must not be trusted for what it was.
    double least =
        Math.max(
            trafficLine.least(held, traffic, PRIOR_LOOKUPS, line::logOdds),
            trafficLine.least(held, recent, RECENT_PRIOR, line::logOdds));
    return new OperatingPoint(least, traffic.total() == 0 ? Origin.CALIBRATED : Origin.TRAFFIC);
  }

  /** Returns from where on the bound is held. */
  OperatingPoint point() {
    return point;
  }

  /**
   * Returns from where on another bound is held. What was learnt can only tighten it: the share of
   * what was never seen here is too little known for a bound that may be very strict.
   */
  synchronized OperatingPoint point(WrongAnswerBound other) {
    OperatingPoint start = start(other);
    OperatingPoint learnt = choose(other, start);
    return learnt.leastConfidence() > start.leastConfidence() ? learnt : start;
  }

  void observe(Observation observation) {
    if (observation instanceof Observation.LookedUp) {
      traffic.count(observation.confidence());
      recent.count(observation.confidence());
    } else if (observation instanceof Observation.Judged judged) {
      count(judged, ConfidenceBins.of(judged.confidence()));
    }
    if (sinceLook.incrementAndGet() >= PACE || isWrong(observation)) {
      look();
    }
  }

  /** Fades what is old, and chooses the operating point anew. */
  private synchronized void look() {
    sinceLook.set(0);
    if (traffic.total() > WINDOW) {
      fade();
    }
    if (recent.total() > RECENT) {
      recent.fade();
    }
    point = choose(bound, start(bound));
  }

  private static boolean isWrong(Observation observation) {
    return observation instanceof Observation.Judged judged
        && judged.wasServed()
        && !judged.isSame();
  }

  private synchronized void count(Observation.Judged judged, int bin) {
    if (bin >= 0) {
      (judged.isSame() ? same : different)[bin]++;
    }
    if (judged.wasServed()) {
      servedJudged++;
      servedWrong += judged.isSame() ? 0 : 1;
    } else if (judged.isSame()) {
      foregone++;
    }
  }

  private void fade() {
    traffic.fade();
    for (double[] counts : new double[][] {same, different}) {
      for (int i = 0; i < ConfidenceBins.COUNT; i++) {
        counts[i] /= 2;
      }
    }
    servedJudged /= 2;
    servedWrong /= 2;
    foregone /= 2;
  }

  private double judged() {
    return Arrays.stream(same).sum() + Arrays.stream(different).sum();
  }

  // --- the risk ---------------------------------------------------------------------------------

  /** Returns the risk of accepting from each bin on. */
  private Risk[] risks() {
    Risk[] risks = new Risk[ConfidenceBins.COUNT];
    CalibrationLine line = CalibrationLine.fit(same, different);
    double total = traffic.total();
    double mean = 0;
    double variance = 0;
    double hits = 0;
    for (int i = ConfidenceBins.CERTAIN; i >= 0; i--) {
      double prior =
          i == ConfidenceBins.CERTAIN
              ? CERTAIN_PRIOR
              : Math.max(LEAST_PRIOR, 1 - line.probability(ConfidenceBins.middle(i)));
      double wrong = prior * PRIOR_WEIGHT + different[i];
      double weight = PRIOR_WEIGHT + different[i] + same[i];
      double rate = wrong / weight;
      double share = total == 0 ? 0 : traffic.lookups(i, FINE) / total;
      mean += share * rate;
      variance += share * share * rate * (1 - rate) / (weight + 1);
      hits += share;
      risks[i] = new Risk(mean, Math.sqrt(variance), hits, total);
    }
    return risks;
  }

  private OperatingPoint choose(WrongAnswerBound held, OperatingPoint start) {
    if (traffic.total() < LEAST_LOOKUPS || judged() < LEAST_JUDGED) {
      return start;
    }
    Risk[] risks = risks();
    // Per hit, the surest bins alone may be too few to be sure of, and all together enough.
    int loosest = 0;
    while (loosest < ConfidenceBins.COUNT
        && risks[loosest].upper(held.kind(), ONE_SIDED_95) > held.rate()) {
      loosest++;
    }
    double least =
        loosest == ConfidenceBins.COUNT ? OperatingPoint.NOTHING : ConfidenceBins.least(loosest);
    if (least < start.leastConfidence()) {
      return new OperatingPoint(least, Origin.LOOSENED);
    }
    int now = Math.max(0, ConfidenceBins.of(start.leastConfidence()));
    boolean isBroken =
        risks[now].lower(held.kind(), ONE_SIDED_95) > held.rate() && hasWrongFrom(now);
    return isBroken && least > start.leastConfidence()
        ? new OperatingPoint(least, Origin.TIGHTENED)
        : start;
  }

  private boolean hasWrongFrom(int bin) {
    return Arrays.stream(different, bin, ConfidenceBins.COUNT).sum() > 0;
  }

  synchronized RiskReport report() {
    double least = point.leastConfidence();
    Risk risk =
        least > 1
            ? new Risk(0, 0, 0, traffic.total())
            : risks()[Math.max(0, ConfidenceBins.of(least))];
    return new RiskReport(
        bound,
        point,
        calibrated,
        Math.round(traffic.total()),
        Math.round(judged()),
        estimate(risk, Kind.PER_LOOKUP),
        estimate(risk, Kind.PER_HIT),
        Math.round(servedJudged),
        Math.round(servedWrong),
        Math.round(foregone));
  }

  private static RiskReport.Estimate estimate(Risk risk, Kind kind) {
    return new RiskReport.Estimate(
        risk.lower(kind, TWO_SIDED_95), risk.mean(kind), risk.upper(kind, TWO_SIDED_95));
  }

  // --- what is kept -----------------------------------------------------------------------------

  /** Returns what was learnt, as JSON. */
  synchronized String write() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("verifier", verifier);
    json.put("bias", calibration.bias());
    json.put("scale", calibration.scale());
    json.put("crowding", calibration.crowding());
    json.put("servedJudged", servedJudged);
    json.put("servedWrong", servedWrong);
    json.put("foregone", foregone);
    traffic.write(json, FINE);
    write(json, "same", same);
    write(json, "different", different);
    return json.toString();
  }

  private static void write(ObjectNode json, String name, double[] counts) {
    for (double count : counts) {
      json.withArray(name).add(count);
    }
  }

  /**
   * Takes over what {@link #write} returned, in place of what was learnt here; empty for nothing.
   *
   * @return false, and nothing is known any more, if it is of another calibration or format
   */
  synchronized boolean read(String written) {
    forget();
    if (written.isEmpty()) {
      return true;
    }
    try {
      JsonNode json = JSON.readTree(written);
      boolean isOurs =
          json.path("format").asInt() == FORMAT
              && json.path("verifier").asText().equals(verifier)
              && json.path("bias").asDouble(Double.NaN) == calibration.bias()
              && json.path("scale").asDouble(Double.NaN) == calibration.scale()
              && json.path("crowding").asDouble(Double.NaN) == calibration.crowding();
      if (!isOurs
          || !traffic.read(json, FINE)
          || !read(json, "same", same)
          || !read(json, "different", different)) {
        forget();
        return false;
      }
      servedJudged = count(json.path("servedJudged"));
      servedWrong = count(json.path("servedWrong"));
      foregone = count(json.path("foregone"));
      point = choose(bound, start(bound));
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean read(JsonNode json, String name, double[] counts) {
    JsonNode written = json.path(name);
    for (int i = 0; i < counts.length; i++) {
      counts[i] = count(written.path(i));
    }
    return written.size() == counts.length;
  }

  static double count(JsonNode json) {
    double count = json.asDouble();
    return count >= 0 && count <= 1e9 ? count : 0;
  }

  private void forget() {
    traffic.forget();
    recent.forget();
    Arrays.fill(same, 0);
    Arrays.fill(different, 0);
    servedJudged = 0;
    servedWrong = 0;
    foregone = 0;
    sinceLook.set(0);
    point = calibrated;
  }
}
