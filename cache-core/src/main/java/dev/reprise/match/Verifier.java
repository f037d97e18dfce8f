package dev.reprise.match;

import dev.reprise.model.Similarity;

/**
 * Reads two questions together and returns how likely they have the same answer. Safe for use by
 * several threads.
 */
@FunctionalInterface
public interface Verifier {
  /**
   * Reads the pair. Takes milliseconds of processor time, or longer if it calls a server.
   *
   * @param asked the asked question, in its {@linkplain Matcher#comparable comparable} form
   * @param cached the cached question, in the same form
   * @param similarity the similarity of their embeddings
   */
  Verdict verify(String asked, String cached, Similarity similarity);

  /**
   * Returns the calibration that belongs to its verdicts. Default: {@link Calibration#none}, with
   * which nothing is accepted but the same words.
   */
  default Calibration calibration() {
    return Calibration.none();
  }

  /** A verifier's result for a pair. */
  sealed interface Verdict {
    /**
     * How likely both questions have the same answer.
     *
     * @param value the natural logarithm of the odds, uncalibrated: a {@link Calibration} turns it
     *     into a probability
     */
    record LogOdds(double value) implements Verdict {
      /**
       * @throws IllegalArgumentException if it is not a number
       */
      public LogOdds {
        if (Double.isNaN(value)) {
          throw new IllegalArgumentException("log-odds are not a number");
        }
      }
    }

    /**
     * The model cannot read the pair, since it is too long.
     *
     * @param why for people
     */
    record Unreadable(String why) implements Verdict {}
  }
}
