package dev.reprise.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts lookups, and their surest candidates by bins of confidence. Needs no judgement: it is this
 * deployment's traffic. Old lookups fade. Counting takes two atomic additions and no lock.
 */
final class Traffic {
  /** The width of a bin, in log-odds. */
  static final double WIDTH = 0.1;

  /** The lower edge of the first bin, in log-odds: less is never accepted. */
  static final double FIRST = -4;

  /** Bins of probabilities; the last ends where {@link Calibration} does. */
  static final int GRADED = 180;

  /** The bin of what is the same words. */
  static final int CERTAIN = GRADED;

  static final int BINS = GRADED + 1;

  /** What one lookup adds: fading leaves fractions. */
  private static final double UNIT = 1 << 10;

  private final AtomicLongArray bins = new AtomicLongArray(BINS);
  private final AtomicLong total = new AtomicLong();

  /** Counts a lookup. */
  void count(double confidence) {
    int bin = bin(confidence);
    if (bin >= 0) {
      bins.addAndGet(bin, (long) UNIT);
    }
    total.addAndGet((long) UNIT);
  }

  /** Returns the bin of {@code confidence}, or -1 where it is never accepted. */
  static int bin(double confidence) {
    if (confidence >= 1) {
      return CERTAIN;
    }
    if (confidence <= 0) {
      return -1;
    }
    double z = logOdds(confidence);
    return z < FIRST ? -1 : Math.min(GRADED - 1, (int) ((z - FIRST) / WIDTH));
  }

  static double logOdds(double confidence) {
    return Math.log(confidence) - Math.log1p(-confidence);
  }

  /** Returns the log-odds in the middle of a bin. */
  static double middle(int bin) {
    return FIRST + (bin + 0.5) * WIDTH;
  }

  /** Returns the least confidence of a bin. */
  static double least(int bin) {
    return bin == CERTAIN ? 1 : 1 / (1 + Math.exp(-FIRST - bin * WIDTH));
  }

  double total() {
    return total.get() / UNIT;
  }

  double lookups(int bin) {
    return bins.get(bin) / UNIT;
  }

  /** Halves all counts. */
  void fade() {
    for (int i = 0; i < BINS; i++) {
      bins.addAndGet(i, -(bins.get(i) / 2));
    }
    total.addAndGet(-(total.get() / 2));
  }

  void forget() {
    for (int i = 0; i < BINS; i++) {
      bins.set(i, 0);
    }
    total.set(0);
  }

  /**
   * Returns the lookups of a coarse bin.
   *
   * @param bin the last is what is the same words
   * @param fine how many bins are one
   */
  double lookups(int bin, int fine) {
    if (bin == GRADED / fine) {
      return lookups(CERTAIN);
    }
    double sum = 0;
    for (int i = bin * fine; i < (bin + 1) * fine; i++) {
      sum += lookups(i);
    }
    return sum;
  }

  /** Writes the counts, and coarse ones for earlier versions. */
  void write(ObjectNode json, int fine) {
    json.put("total", total());
    for (int i = 0; i <= GRADED / fine; i++) {
      json.withArray("lookups").add(lookups(i, fine));
    }
    for (int i = 0; i < BINS; i++) {
      json.withArray("traffic").add(lookups(i));
    }
  }

  /**
   * Replaces the counts by what was written; earlier versions wrote coarse ones only.
   *
   * @return false if it is of another format
   */
  boolean read(JsonNode json, int fine) {
    JsonNode all = json.path("traffic");
    JsonNode coarse = json.path("lookups");
    boolean isFine = all.size() == BINS;
    if (!isFine && (!all.isMissingNode() || coarse.size() != GRADED / fine + 1)) {
      return false;
    }
    for (int i = 0; i < GRADED; i++) {
      restore(i, isFine ? all.path(i) : coarse.path(i / fine), isFine ? 1 : fine);
    }
    restore(CERTAIN, isFine ? all.path(CERTAIN) : coarse.path(GRADED / fine), 1);
    total.set(Math.round(OnlineCalibration.count(json.path("total")) * UNIT));
    return true;
  }

  private void restore(int bin, JsonNode count, int parts) {
    bins.set(bin, Math.round(OnlineCalibration.count(count) / parts * UNIT));
  }
}
