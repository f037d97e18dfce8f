package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which tiers the cache has.
 *
 * @param exact at least one; two are stacked, the process before the server
 * @param semantic one, or none
 */
public record Tiers(Set<Exact> exact, Semantic semantic) {
  /** What the demo runs on if nothing is said: everything in this process. */
  static final String DEFAULT = "memory,hnsw";

  private static final String HELP =
      "name one or both of memory, redis, and hnsw or milvus where questions are compared by"
          + " meaning, with commas: memory or memory,hnsw or redis,milvus or memory,redis,milvus";

  public Tiers {
    exact = Set.copyOf(exact);
  }

  /** An exact tier. */
  public enum Exact {
    MEMORY,
    REDIS
  }

  /** A semantic tier. */
  public enum Semantic {
    HNSW,
    MILVUS,
    /** None: only equal requests are hits. */
    NONE
  }

  /** Returns whether everything is in this process. */
  boolean isInProcess() {
    return !exact.contains(Exact.REDIS) && semantic != Semantic.MILVUS;
  }

  /** Returns what {@code text} names: "memory,hnsw", "redis,milvus", "memory,redis,milvus". */
  public static Tiers parse(String text) {
    Set<Exact> exact = new LinkedHashSet<>();
    List<Semantic> semantic = new ArrayList<>();
    for (String word : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      switch (word.strip()) {
        case "memory" -> exact.add(Exact.MEMORY);
        case "redis" -> exact.add(Exact.REDIS);
        case "hnsw" -> semantic.add(Semantic.HNSW);
        case "milvus" -> semantic.add(Semantic.MILVUS);
        default ->
            throw new InputException(
                "--tiers " + text + ": there is no tier \"" + word.strip() + "\"; " + HELP);
      }
    }
    if (exact.isEmpty()) {
      throw new InputException("--tiers " + text + ": no exact tier; " + HELP);
    }
    if (semantic.isEmpty()) {
      return new Tiers(exact, Semantic.NONE);
    }
    if (semantic.size() > 1) {
      throw new InputException(
          "--tiers " + text + ": " + semantic.size() + " semantic tiers; " + HELP);
    }
    return new Tiers(exact, semantic.get(0));
  }
}
