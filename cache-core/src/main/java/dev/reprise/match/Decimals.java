package dev.reprise.match;

/*
 * A Formatter takes longer than a guard: where a lookup embeds between two of them, its code is cold each time. docs/BENCHMARKS.md
 * says what that was worth.
 */
/** Writes the figures in the words of a stage: rounded, with a point, in any locale. */
final class Decimals {
  private static final long[] POWERS = {1, 10, 100, 1_000};

  /** From here on a double has no digits behind the point that would be worth writing. */
  private static final double LARGE = 1e12;

  private Decimals() {}

  /**
   * Returns {@code value} with so many digits behind the point, half rounded away from zero.
   *
   * @param digits from 1 to 3
   */
  static String of(double value, int digits) {
    if (!(Math.abs(value) < LARGE)) {
      return String.valueOf(value);
    }
    long power = POWERS[digits];
    long scaled = Math.round(Math.abs(value) * power);
    String fraction = String.valueOf(power + scaled % power).substring(1);
    return (value < 0 && scaled > 0 ? "-" : "") + scaled / power + "." + fraction;
  }
}
