package dev.reprise.tier;

/**
 * Records that every process which shares a tier reads, whoever wrote them. They outlive the
 * processes. The oldest are dropped when there are too many: {@link Topic#mostRecords}.
 */
public interface SharedLog {
  /** What a log's records are about. A tier has one log for each. */
  enum Topic {
    /** What was reported as wrong. */
    REPORTS(10_000),
    /** What became known about lookups, many in one record. */
    OBSERVATIONS(2_000),
    /** What the answers define. */
    DEFINITIONS(10_000),
    /** Which turns of conversations were answered by which entries. */
    CONVERSATIONS(2_000);

    private final int mostRecords;

    Topic(int mostRecords) {
      this.mostRecords = mostRecords;
    }

    /** Returns about how many records are kept. */
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
  }

  /**
   * Appends a record. When it returns, the server has it, and every other process reads it within a
   * second.
   *
   * @throws TierException if the server did not take it
   */
  void append(String record);

  /**
   * Gives {@code reader} every record that there is, the oldest first, and then each one that is
   * appended, by whomever; each record once. What is there already is read before this returns,
   * where the server answers; else as soon as it does.
   */
  void follow(Reader reader);
}
