package dev.reprise.benchmarks.scale;

import java.util.List;
import java.util.Locale;

/**
 * What was measured of one tier at one size.
 *
 * @param insertsPerSecond of the rows since the size before
 * @param bytesPerRow in this process; 0 where the rows are a server's
 * @param paraphraseRecall how often the nearest row was found, of stored questions in other words
 * @param newRecall the same, of new questions
 * @param p50Processor microseconds of processor time in the thread that searches
 */
record Point(
    String tier,
    int rows,
    int scopes,
    double p50Microseconds,
    double p99Microseconds,
    double paraphraseRecall,
    double newRecall,
    double insertsPerSecond,
    double bytesPerRow,
    double p50Processor,
    double p99Processor) {

  private static final String HEADER =
      """
      | tier | rows | scopes | p50 µs | p99 µs | p50 processor µs | p99 processor µs | recall@1, other words | recall@1, new | rows a second | bytes a row |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      """;

  static String table(List<Point> points) {
    StringBuilder out = new StringBuilder(HEADER);
    for (Point point : points) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %,d | %,.0f | %,.0f | %,.0f | %,.0f | %.4f | %.4f | %,.0f | %s |%n",
              point.tier,
              point.rows,
              point.scopes,
              point.p50Microseconds,
              point.p99Microseconds,
              point.p50Processor,
              point.p99Processor,
              point.paraphraseRecall,
              point.newRecall,
              point.insertsPerSecond,
              point.bytesPerRow == 0
                  ? "on the server"
                  : String.format(Locale.ROOT, "%,.0f", point.bytesPerRow)));
    }
    return out.toString();
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%.1f,%.1f,%.4f,%.4f,%.0f,%.0f,%.1f,%.1f",
        tier,
        rows,
        scopes,
        p50Microseconds,
        p99Microseconds,
        paraphraseRecall,
        newRecall,
        insertsPerSecond,
        bytesPerRow,
        p50Processor,
        p99Processor);
  }

  static Point ofLine(String line) {
    String[] parts = line.split(",", -1);
    return new Point(
        parts[0],
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Double.parseDouble(parts[3]),
        Double.parseDouble(parts[4]),
        Double.parseDouble(parts[5]),
        Double.parseDouble(parts[6]),
        Double.parseDouble(parts[7]),
        Double.parseDouble(parts[8]),
        Double.parseDouble(parts[9]),
        Double.parseDouble(parts[10]));
  }

  /** Returns whether it is a newer figure of the same thing. */
  boolean replaces(Point other) {
    return tier.equals(other.tier) && rows == other.rows && scopes == other.scopes;
  }
}
