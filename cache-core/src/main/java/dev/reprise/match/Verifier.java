package dev.reprise.match;

import dev.reprise.model.Similarity;

/**
 * Reads two questions together and returns how likely they have the same answer. Safe for use by
 * several threads.
 */
@FunctionalInterface
public interface Verifier {
  /**
   * Returns what it reads in the pair. Takes milliseconds of processor time, or more where it asks
   * a server.
   *
   * @param asked the question that is asked, in its {@linkplain Matcher#comparable comparable} form
   * @param cached the question that was answered, likewise
   * @param similarity how near their embeddings are
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
     * How likely the two have the same answer.
     *
     * @param value natural logarithm of the odds, as the model gives it: what it is worth, a {@link
     *     Calibration} says
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
     * The pair cannot be read, as it is too long for the model.
     *
     * @param why for people
     */
    record Unreadable(String why) implements Verdict {}
  }
}
