package dev.reprise.tier;

/**
 * A log that all processes with the same tier append to and read. It outlives the processes. The
 * oldest records are dropped beyond {@link Topic#mostRecords}.
 */
public interface SharedLog {
  /** The topic of a log. A tier has one log per topic. */
  enum Topic {
    /** What was reported as wrong. */
    REPORTS(10_000),
    /** What became known about lookups, many in one record. */
    OBSERVATIONS(2_000),
    /** Definitions from answers, such as acronyms. */
    DEFINITIONS(10_000),
    /** Which turns of conversations were answered by which entries. */
    CONVERSATIONS(2_000),
    /** The versions of the curated entries, a whole one in each record. */
    CURATED(20),
    /** Which wordings were approved for curated entries, and which were taken back. */
    CURATED_ALIASES(10_000),
    /** Which questions a judge proposed for curated entries, and what became of them. */
    CURATED_PROPOSALS(2_000),
    /** Which answers contributors and administrators vouched for, many in one record. */
    PROMOTIONS(20_000);

    private final int mostRecords;

    Topic(int mostRecords) {
      this.mostRecords = mostRecords;
    }

    /** Returns the approximate maximum of records. */
    public int mostRecords() {
      return mostRecords;
    }
  }

  /** Who wrote a record. */
  enum Writer {
    /** This process, since it was started. */
    THIS,
    /** Another process, or an earlier one. */
    ANOTHER
  }

  /** Takes records. */
  @FunctionalInterface
  interface Reader {
    /** Takes a record. Called by one thread at a time. */
    void read(String record, Writer writer);

    /**
     * Called where the server has lost the log: what this process still knows of it may be appended
     * once more. Called by the thread that reads. Default: does nothing.
     */
    default void lost() {}
  }

  /**
   * Appends a record. When it returns, the server has it, and every other process reads it within a
   * second.
   *
   * @throws TierException if the server did not take it
   */
  void append(String record);

  /**
   * Passes each record to {@code reader} once: the existing ones, oldest first, then each appended
   * one. Existing records are read before this method returns, or later if the server does not
   * answer.
   */
  void follow(Reader reader);
}
