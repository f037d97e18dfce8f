package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/** Counts entries by a number that each has: its age in seconds, its size in bytes. */
final class EntryHistogram {
  private final List<Bin> bins;
  private final long[] entries;
  private final long[] bytes;

  /**
   * A class of entries.
   *
   * @param below their numbers are less than this, and not less than the bin's before
   */
  record Bin(String label, long below) {}

  /**
   * @param bins in ascending order; the last takes what is left
   */
  EntryHistogram(List<Bin> bins) {
    this.bins = List.copyOf(bins);
    this.entries = new long[bins.size()];
    this.bytes = new long[bins.size()];
  }

  /** Returns one for ages. */
  static EntryHistogram ofAges() {
    return new EntryHistogram(
        List.of(
            new Bin("< 1 min", 60),
            new Bin("< 10 min", 600),
            new Bin("< 1 h", 3_600),
            new Bin("< 6 h", 21_600),
            new Bin("< 1 day", 86_400),
            new Bin("< 3 days", 259_200),
            new Bin("< 1 week", 604_800),
            new Bin("older", Long.MAX_VALUE)));
  }

  /** Returns one for sizes. */
  static EntryHistogram ofSizes() {
    return new EntryHistogram(
        List.of(
            new Bin("< 512 B", 512),
            new Bin("< 1 KiB", 1L << 10),
            new Bin("< 2 KiB", 1L << 11),
            new Bin("< 4 KiB", 1L << 12),
            new Bin("< 16 KiB", 1L << 14),
            new Bin("< 64 KiB", 1L << 16),
            new Bin("< 1 MiB", 1L << 20),
            new Bin("larger", Long.MAX_VALUE)));
  }

  /** Counts an entry of that number. */
  void add(long number, long size) {
    int bin = 0;
    while (bin < bins.size() - 1 && number >= bins.get(bin).below()) {
      bin++;
    }
    entries[bin]++;
    bytes[bin] += size;
  }

  /** Writes the bins into {@code json}. */
  void write(ArrayNode json) {
    for (int i = 0; i < entries.length; i++) {
      json.addObject()
          .put("label", bins.get(i).label())
          .put("entries", entries[i])
          .put("bytes", bytes[i]);
    }
  }
}
