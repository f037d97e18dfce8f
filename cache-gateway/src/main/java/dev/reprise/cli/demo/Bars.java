package dev.reprise.cli.demo;

/** Draws bars out of characters. */
final class Bars {
  private static final int EIGHTHS = 8;
  private static final String PARTS = " \u258F\u258E\u258D\u258C\u258B\u258A\u2589";
  private static final String FULL = "\u2588";

  private Bars() {}

  /**
   * Returns a bar of {@code share} of {@code width} characters; what is more than nothing is
   * visible.
   *
   * @param share 0 to 1
   * @param unicode whether block elements may be used; otherwise number signs
   */
  static String bar(double share, int width, boolean unicode) {
    if (!(share > 0)) {
      return "";
    }
    double length = Math.min(1, share) * width;
    if (!unicode) {
      return "#".repeat((int) Math.max(1, Math.round(length)));
    }
    int eighths = (int) Math.max(1, Math.round(length * EIGHTHS));
    String whole = FULL.repeat(eighths / EIGHTHS);
    return eighths % EIGHTHS == 0 ? whole : whole + PARTS.charAt(eighths % EIGHTHS);
  }
}
