package dev.reprise.milvus;

import dev.reprise.milvus.MilvusStorage.Index;
import dev.reprise.milvus.MilvusStorage.Memory;
import dev.reprise.milvus.MilvusStorage.Partitions;
import dev.reprise.tier.TierException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server is, and what it can do. A version that cannot be read is taken for a new one: the
 * server's own refusal says what it lacks.
 *
 * @param text as the server says it
 * @param number major times 1,000, plus minor; unknown is the largest
 * @param isLite whether it is Milvus Lite, which numbers its versions its own way
 */
record ServerVersion(String text, int number, boolean isLite) {
  private static final Pattern FORM = Pattern.compile("v?(\\d{1,3})\\.(\\d{1,3})(?:\\D.*)?");
  private static final int UNKNOWN = Integer.MAX_VALUE;
  private static final int V2_4 = 2_004;
  private static final int V2_5 = 2_005;
  private static final int V2_6 = 2_006;

  static ServerVersion of(String text) {
    // "v2.3.5-lite" is a whole Milvus in a wheel; "milvus_lite-3.2.2" is another program.
    if (text.toLowerCase(Locale.ROOT).startsWith("milvus_lite")) {
      return new ServerVersion(text, UNKNOWN, true);
    }
    Matcher matcher = FORM.matcher(text.strip());
    int number =
        matcher.matches()
            ? Integer.parseInt(matcher.group(1)) * 1_000 + Integer.parseInt(matcher.group(2))
            : UNKNOWN;
    return new ServerVersion(text, number, false);
  }

  /** Milvus 2.3 writes upserted rows of a partitioned collection where no search looks. */
  boolean upsertsIntoPartitions() {
    return number >= V2_4;
  }

  boolean hasInvertedIndex() {
    return number >= V2_4;
  }

  /** Milvus isolates partition keys for the index HNSW only. */
  boolean isolates(Index index) {
    return !isLite && number >= V2_5 && index == Index.HNSW;
  }

  /**
   * @throws TierException if the server lacks what {@code storage} asks for
   */
  void check(MilvusStorage storage) {
    switch (storage.index()) {
      case HNSW_SQ -> require("the index HNSW_SQ", V2_5, true);
      case IVF_RABITQ -> require("the index IVF_RABITQ", V2_6, false);
      case DISKANN -> require("the index DISKANN", 0, false);
      case HNSW, AUTOINDEX -> {}
    }
    if (storage.memory() != Memory.SERVER_DEFAULT) {
      require("mmap", V2_5, false);
    }
    if (storage.timeToLive().isPresent()) {
      require("a time to live", 0, false);
    }
    if (storage.partitions() == Partitions.BY_FINGERPRINT) {
      require("a partition key", 0, true);
    }
  }

  private void require(String what, int since, boolean isOnLite) {
    if (isLite && !isOnLite) {
      throw new TierException(
          MilvusSemanticTier.NAME, "Milvus Lite (" + text + ") has no such thing as " + what);
    }
    if (!isLite && number < since) {
      throw new TierException(
          MilvusSemanticTier.NAME,
          String.format(
              Locale.ROOT,
              "the server is Milvus %s, but %s needs %d.%d or newer",
              text,
              what,
              since / 1_000,
              since % 1_000));
    }
  }
}
