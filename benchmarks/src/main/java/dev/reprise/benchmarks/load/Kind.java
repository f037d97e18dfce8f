package dev.reprise.benchmarks.load;

/** What sort of request the soak makes. */
enum Kind {
  /** A question in words that were asked before. */
  REPEAT(620),
  /** One of the same questions in other words. */
  PARAPHRASE(120),
  /** A question that nobody asked before. */
  FRESH(100),
  /** A temperature that is not cached. */
  BYPASS(30),
  /** An embedding. */
  EMBEDDING(80),
  /** One that the upstream answers with an error. */
  FAILING(30),
  /** A client that hangs up. */
  HANG_UP(20);

  private final int share;

  Kind(int share) {
    this.share = share;
  }

  /** Returns the kind of a number from 0 to 999. */
  static Kind of(int number) {
    int left = number;
    for (Kind kind : values()) {
      left -= kind.share;
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalArgumentException(number + " is not from 0 to 999");
  }
}
