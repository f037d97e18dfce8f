package dev.reprise.milvus;

import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a collection is stored: its index, its partitions, and memory or disk. Applies when the
 * collection is created. A server that does not support an option is rejected, with the reason.
 *
 * <p>With every default a collection has schema 1, like releases before 0.2. Any other setting
 * makes schema 2. A collection keeps its schema. To change it, name a new collection and read the
 * old one beside it ({@link MilvusSemanticTier.Builder#previousCollection}).
 *
 * <pre>{@code
 * MilvusStorage storage =
 *     MilvusStorage.builder()
 *         .index(MilvusStorage.Index.HNSW_SQ)
 *         .indexParameter("sq_type", "SQ8")
 *         .partitions(MilvusStorage.Partitions.BY_FINGERPRINT)
 *         .build();
 * }</pre>
 */
public final class MilvusStorage {
  /** The default of {@link Builder#index}: {@link Index#HNSW}. */
  public static final Index DEFAULT_INDEX = Index.HNSW;

  /** The default of {@link Builder#partitions}: {@link Partitions#NONE}. */
  public static final Partitions DEFAULT_PARTITIONS = Partitions.NONE;

  /** The default of {@link Builder#memory}: {@link Memory#SERVER_DEFAULT}. */
  public static final Memory DEFAULT_MEMORY = Memory.SERVER_DEFAULT;

  private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
  private static final Duration LONGEST_TTL = Duration.ofDays(3650);

  private final Index index;
  private final Map<String, String> indexParameters;
  private final Map<String, String> searchParameters;
  private final Partitions partitions;
  private final Memory memory;
  private final Optional<Duration> timeToLive;

  private MilvusStorage(Builder builder) {
    index = builder.index;
    indexParameters = checked("indexParameter", index, index.indexForms, builder.indexParameters);
    searchParameters =
        checked("searchParameter", index, index.searchForms, builder.searchParameters);
    partitions = builder.partitions;
    memory = builder.memory;
    timeToLive = builder.timeToLive;
  }

  /** Returns a builder with every default. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The index over the vectors. Similarities are exact with each of them: where an index
   * approximates them, the tier computes them again from the vectors.
   */
  @SuppressWarnings("ImmutableEnumChecker") // Its maps are made by Map.of.
  public enum Index {
    /** A graph over whole vectors: the quickest, and the largest in memory. */
    HNSW(
        Map.of("M", Forms.NUMBER, "efConstruction", Forms.NUMBER),
        Map.of(),
        Map.of("ef", Forms.NUMBER),
        Map.of()),
    /** A graph over quantised vectors: a quarter of the memory with {@code sq_type} SQ8. */
    HNSW_SQ(
        Map.of(
            "M", Forms.NUMBER,
            "efConstruction", Forms.NUMBER,
            "sq_type", Pattern.compile("SQ6|SQ8|BF16|FP16"),
            "refine", Forms.TRUTH,
            "refine_type", Forms.REFINED),
        Map.of("sq_type", "SQ8"),
        Map.of("ef", Forms.NUMBER, "refine_k", Forms.DECIMAL),
        Map.of()),
    /** Clusters of vectors with one bit for each component: a thirtieth of the memory. */
    IVF_RABITQ(
        Map.of("nlist", Forms.NUMBER, "refine", Forms.TRUTH, "refine_type", Forms.REFINED),
        Map.of("nlist", "1024", "refine", "true", "refine_type", "SQ8"),
        Map.of(
            "nprobe", Forms.NUMBER,
            "rbq_query_bits", Pattern.compile("[0-8]"),
            "refine_k", Forms.DECIMAL),
        Map.of("nprobe", "64", "refine_k", "2")),
    /** A graph on the query nodes' disks, which must be NVMe. */
    DISKANN(Map.of(), Map.of(), Map.of("search_list", Forms.NUMBER), Map.of("search_list", "100")),
    /** The server chooses the index. */
    AUTOINDEX(Map.of(), Map.of(), Map.of("level", Pattern.compile("[1-9]|10")), Map.of());

    private final Map<String, Pattern> indexForms;
    private final Map<String, String> indexDefaults;
    private final Map<String, Pattern> searchForms;
    private final Map<String, String> searchDefaults;

    Index(
        Map<String, Pattern> indexForms,
        Map<String, String> indexDefaults,
        Map<String, Pattern> searchForms,
        Map<String, String> searchDefaults) {
      this.indexForms = indexForms;
      this.indexDefaults = indexDefaults;
      this.searchForms = searchForms;
      this.searchDefaults = searchDefaults;
    }

    boolean isGraphInMemory() {
      return this == HNSW || this == HNSW_SQ;
    }

    /** Returns whether the server's score is the cosine of the whole vectors. */
    boolean isExact() {
      return this == HNSW;
    }

    Map<String, String> searchDefaults() {
      return searchDefaults;
    }
  }

  /** The forms of parameters' values. */
  private static final class Forms {
    static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,5}");
    static final Pattern DECIMAL = Pattern.compile("[1-9][0-9]{0,2}(\\.[0-9]{1,2})?");
    static final Pattern TRUTH = Pattern.compile("true|false");
    static final Pattern REFINED = Pattern.compile("SQ6|SQ8|BF16|FP16|FP32");

    private Forms() {}
  }

  /** Into which partitions the server sorts rows. */
  public enum Partitions {
    /** One partition, searched with a filter. */
    NONE,
    /**
     * The fingerprint is the partition key: a hash over the scope, the model and everything else
     * but the question, which every search names. With the index HNSW, on Milvus 2.5 and newer, it
     * is isolated as well ({@code partitionkey.isolation}): each fingerprint has a graph of its
     * own.
     */
    BY_FINGERPRINT
  }

  /** Where the server keeps vectors and index. */
  public enum Memory {
    /** As the server is configured. */
    SERVER_DEFAULT,
    /** In files that are mapped into memory ({@code mmap.enabled}). Needs Milvus 2.5. */
    MAPPED,
    /** In memory. Needs Milvus 2.5. */
    LOADED
  }

  Index index() {
    return index;
  }

  Partitions partitions() {
    return partitions;
  }

  Memory memory() {
    return memory;
  }

  Optional<Duration> timeToLive() {
    return timeToLive;
  }

  /**
   * Returns the parameters for the creation of the index.
   *
   * @param m of a graph where no parameter says otherwise
   * @param efConstruction the same
   */
  Map<String, Object> indexParameters(int m, int efConstruction) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (index.isGraphInMemory()) {
      all.put("M", m);
      all.put("efConstruction", efConstruction);
    }
    all.putAll(index.indexDefaults);
    all.putAll(indexParameters);
    return all;
  }

  /** Returns the parameters that were set for searches. */
  Map<String, String> searchParameters() {
    return searchParameters;
  }

  /** Returns whether the first schema has all of this. */
  boolean fitsSchema1() {
    return index == Index.HNSW
        && partitions == Partitions.NONE
        && memory == Memory.SERVER_DEFAULT
        && timeToLive.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MilvusStorage that
        && index == that.index
        && indexParameters.equals(that.indexParameters)
        && searchParameters.equals(that.searchParameters)
        && partitions == that.partitions
        && memory == that.memory
        && timeToLive.equals(that.timeToLive);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, indexParameters, searchParameters, partitions, memory, timeToLive);
  }

  /** Collects how a collection is stored. Each method fails if its value is out of range. */
  public static final class Builder {
    private Index index = DEFAULT_INDEX;
    private final Map<String, String> indexParameters = new LinkedHashMap<>();
    private final Map<String, String> searchParameters = new LinkedHashMap<>();
    private Partitions partitions = DEFAULT_PARTITIONS;
    private Memory memory = DEFAULT_MEMORY;
    private Optional<Duration> timeToLive = Optional.empty();

    private Builder() {}

    /** Sets the index over the vectors. Default: {@link #DEFAULT_INDEX}. */
    public Builder index(Index index) {
      this.index = Objects.requireNonNull(index, "index");
      return this;
    }

    /**
     * Sets a parameter of the new index. Default: none, and for a graph {@link
     * MilvusSemanticTier.Builder#m} and {@link MilvusSemanticTier.Builder#efConstruction}.
     *
     * @param name HNSW: M, efConstruction. HNSW_SQ: also sq_type, refine, refine_type. IVF_RABITQ:
     *     nlist, refine, refine_type. The others have none. In any case, with or without
     *     underscores
     */
    public Builder indexParameter(String name, String value) {
      indexParameters.put(Checks.notBlank("name", name), Checks.notBlank("value", value));
      return this;
    }

    /**
     * Sets a parameter of each search. Default: none, and for a graph {@link
     * MilvusSemanticTier.Builder#ef}.
     *
     * @param name HNSW: ef. HNSW_SQ: also refine_k. IVF_RABITQ: nprobe, rbq_query_bits, refine_k.
     *     DISKANN: search_list. AUTOINDEX: level. In any case, with or without underscores
     */
    public Builder searchParameter(String name, String value) {
      searchParameters.put(Checks.notBlank("name", name), Checks.notBlank("value", value));
      return this;
    }

    /** Sets the partitions. Default: {@link #DEFAULT_PARTITIONS}. */
    public Builder partitions(Partitions partitions) {
      this.partitions = Objects.requireNonNull(partitions, "partitions");
      return this;
    }

    /** Sets where vectors and index are kept. Default: {@link #DEFAULT_MEMORY}. */
    public Builder memory(Memory memory) {
      this.memory = Objects.requireNonNull(memory, "memory");
      return this;
    }

    /**
     * Sets the time after which the server drops a row by itself, whatever its expiry and without a
     * sweep ({@code collection.ttl.seconds}). Make it longer than answers live. Default: not set.
     *
     * @param timeToLive 1 second to 3650 days; rounded up to seconds
     */
    public Builder timeToLive(Duration timeToLive) {
      this.timeToLive =
          Optional.of(Checks.inRange("timeToLive", timeToLive, SHORTEST_TTL, LONGEST_TTL));
      return this;
    }

    /**
     * Returns the storage.
     *
     * @throws IllegalArgumentException if the index has no parameter of that name, or not that
     *     value
     */
    public MilvusStorage build() {
      return new MilvusStorage(this);
    }
  }

  /** Returns names and values as Milvus spells them. */
  private static Map<String, String> checked(
      String option, Index index, Map<String, Pattern> forms, Map<String, String> set) {
    Map<String, String> spelled = new LinkedHashMap<>();
    set.forEach(
        (given, value) -> {
          String name =
              forms.keySet().stream()
                  .filter(known -> bare(known).equals(bare(given)))
                  .findFirst()
                  .orElseThrow(() -> unknown(option + " " + given, index, forms));
          Pattern form = forms.get(name);
          spelled.put(
              name,
              Stream.of(value, value.toUpperCase(Locale.ROOT), value.toLowerCase(Locale.ROOT))
                  .filter(each -> form != null && form.matcher(each).matches())
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              option + " " + name + " is " + value + ", but must match " + form)));
        });
    return Map.copyOf(spelled);
  }

  /** An environment variable has no case, and a property may lose its underscores. */
  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
  }

  private static IllegalArgumentException unknown(
      String parameter, Index index, Map<String, Pattern> forms) {
    String known =
        forms.isEmpty()
            ? " has none"
            : " has " + String.join(", ", forms.keySet().stream().sorted().toList());
    return new IllegalArgumentException(parameter + ": the index " + index + known);
  }
}
