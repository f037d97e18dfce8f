package dev.reprise.embedded;

import dev.reprise.tier.CaffeineExactTier;

/*
 * A row is of use only while its answer is held. So both are bounded by one number: as many rows as answers of a usual size fit. An
 * answer of 2,000 characters, kept as text and as a provider's JSON, takes about 4 KiB; a row with its vector and graph about 1.2 kB.
 */
/**
 * How much of the heap the default tiers take: an eighth for answers, and rows for as many answers
 * as fit there.
 *
 * @param heapBytes the largest heap
 */
record HeapShare(long heapBytes) {
  /** The heap that one answer of a usual size takes, in bytes: {@value}. */
  static final int BYTES_PER_ANSWER = 4096;

  private static final int SHARE = 8;
  private static final int FEWEST = 1000;

  /** Returns the share of this process. */
  static HeapShare ofThisProcess() {
    return new HeapShare(Runtime.getRuntime().maxMemory());
  }

  /** Returns how many rows the semantic tier holds at most. */
  int rows() {
    long fitting = heapBytes / SHARE / BYTES_PER_ANSWER;
    return (int) Math.max(FEWEST, Math.min(HnswSemanticTier.DEFAULT_MAXIMUM_ENTRIES, fitting));
  }

  /** Returns how many bytes the answers may take. */
  long answerBytes() {
    return Math.max(CaffeineExactTier.SMALLEST_MAXIMUM_BYTES, (long) rows() * BYTES_PER_ANSWER);
  }
}
