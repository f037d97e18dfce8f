package dev.reprise.match;

import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.verify.ReadLookups.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** To how many right and to how many wrong read pairs each guard objects. */
final class ReadGuardCounts {
  /** Names the pairs that any guard objects to. */
  static final String ANY = "all";

  private static final Scope SCOPE = Scope.of("guards");

  /** Writes questions as the matcher compares them. */
  private static final VerifiedMatcher MATCHER =
      VerifiedMatcher.builder(
              new Verifier() {
                @Override
                public Verdict verify(String asked, String cached, Similarity similarity) {
                  return new Verdict.Unreadable("no verifier is asked");
                }

                @Override
                public Calibration calibration() {
                  return new Calibration(0, 1, 0, List.of());
                }
              })
          .build();

  private final int[] pairs = new int[2];
  private final Map<String, int[]> objections = new LinkedHashMap<>();

  /** Counts a pair that was read. */
  void add(Row row) {
    QuestionPair pair = pair(row);
    int polarity = row.isSame() ? 1 : 0;
    pairs[polarity]++;
    boolean isAny = false;
    for (Guard guard : Guard.all()) {
      boolean objects = guard.objection(pair).isPresent();
      of(guard.label())[polarity] += objects ? 1 : 0;
      isAny |= objects;
    }
    of(ANY)[polarity] += isAny ? 1 : 0;
  }

  /** Returns a pair as the matcher shows it to its guards. */
  static QuestionPair pair(Row row) {
    return QuestionPair.of(
        MATCHER.comparable(SCOPE, row.asked()),
        MATCHER.comparable(SCOPE, row.cached()),
        row.asked(),
        row.cached());
  }

  private int[] of(String guard) {
    return objections.computeIfAbsent(guard, unused -> new int[2]);
  }

  int right() {
    return pairs[1];
  }

  int wrong() {
    return pairs[0];
  }

  /** Returns the share of the right pairs that {@code guard} refuses. */
  double refused(String guard) {
    return (double) of(guard)[1] / right();
  }

  /** Returns the share of the wrong pairs that {@code guard} stops. */
  double stopped(String guard) {
    return (double) of(guard)[0] / wrong();
  }

  /** Returns what {@code guard} refuses and stops, in cells of a table, in %. */
  String cells(String guard) {
    return String.format(Locale.ROOT, "%.2f | %.2f", 100 * refused(guard), 100 * stopped(guard));
  }
}
