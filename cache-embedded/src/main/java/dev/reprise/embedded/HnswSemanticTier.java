package dev.reprise.embedded;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.Similarity;
import dev.reprise.model.internal.Checks;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A semantic tier in the process. Each fingerprint has its own index: a few rows are all compared,
 * more of them are found through an HNSW graph; so a fingerprint with few questions costs the same
 * whatever else is stored. The number of rows is bounded: beyond it, rows that are seldom found
 * make way. Safe for use by several threads; searches take no lock and wait for nothing.
 *
 * <p>Storing into a graph takes about as long as several searches, and now and then as long as
 * tidying the graph up. Several threads may store at once.
 *
 * <p>Vectors are held with 16 bits a component, so that a cosine is off by a few millionths. A row
 * of 384 dimensions takes about 1.2 kB.
 *
 * <pre>{@code
 * SemanticTier tier = HnswSemanticTier.builder(embedder.dimension()).maximumEntries(20_000).build();
 * }</pre>
 */
public final class HnswSemanticTier implements SemanticTier {
  /** Its {@link #name}: {@value}. */
  public static final String NAME = "hnsw";

  /**
   * The default of {@link Builder#maximumEntries}: {@value}. A row of 384 dimensions takes about
   * 1.2 kB.
   */
  public static final int DEFAULT_MAXIMUM_ENTRIES = 100_000;

  /** The default of {@link Builder#m}: {@value}. */
  public static final int DEFAULT_M = 16;

  /** The default of {@link Builder#efConstruction}: {@value}. */
  public static final int DEFAULT_EF_CONSTRUCTION = 100;

  /** The default of {@link Builder#ef}: {@value}. */
  public static final int DEFAULT_EF = 100;

  /** The default of {@link Builder#flatLimit}: {@value}. */
  public static final int DEFAULT_FLAT_LIMIT = 256;

  private static final Logger LOG = LoggerFactory.getLogger(HnswSemanticTier.class);
  private static final int MAXIMUM_LIMIT = 100;
  private static final int ATTEMPTS = 8;
  private static final double NONE = Double.NEGATIVE_INFINITY;

  private final int dimension;
  private final HnswGraphSettings settings;
  private final InstantSource clock;
  private final int maximumEntries;

  /** Says which rows there are; the partitions only find them. */
  private final Cache<RowKey, HnswRow> rows;

  private final ConcurrentMap<Fingerprint, HnswPartition> partitions = new ConcurrentHashMap<>();
  private final AtomicLong retirements = new AtomicLong();
  private volatile boolean closed;

  private HnswSemanticTier(Builder builder) {
    dimension = builder.dimension;
    settings =
        new HnswGraphSettings(
            builder.dimension,
            builder.m,
            builder.efConstruction,
            builder.ef,
            builder.flatLimit,
            RowStore.codec(builder.dimension));
    clock = builder.clock;
    maximumEntries = builder.maximumEntries;
    rows =
        Caffeine.newBuilder()
            .maximumSize(builder.maximumEntries)
            .expireAfter(
                Expiry.<RowKey, HnswRow>writing(
                    (key, row) -> Duration.ofNanos(row.expiresAt() - nanoseconds())))
            .ticker(this::nanoseconds)
            // On the calling thread, so that what is removed is gone when the call returns.
            .executor(Runnable::run)
            .removalListener(this::onRemoval)
            .build();
  }

  /**
   * Returns a builder of tiers for vectors of that dimension.
   *
   * @throws IllegalArgumentException if {@code dimension} is not from 1 to 65,536
   */
  public static Builder builder(int dimension) {
    return new Builder(dimension);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** {@inheritDoc} It does no I/O. */
  @Override
  public DeadlineOwner deadlineOwner() {
    return DeadlineOwner.TIER;
  }

  /** Does nothing: there is no server. */
  @Override
  public OptionalInt dimension() {
    return OptionalInt.of(dimension);
  }

  @Override
  public void ensureReady() {
    requireOpen();
  }

  @Override
  public void store(SemanticRow row) {
    requireOpen();
    if (clock.instant().isBefore(row.expiresAt())) {
      add(row, HnswPartition::add).compactIfDue();
    }
  }

  /**
   * Stores a row in no more time than it takes to write it down: {@link #buildGraphs} makes up for
   * it. An expired one is not stored.
   */
  void load(SemanticRow row) {
    if (clock.instant().isBefore(row.expiresAt())) {
      add(row, HnswPartition::load);
    }
  }

  /**
   * Builds the graphs that {@link #load} left out, in the background, one after the other. Searches
   * compare all rows until then.
   *
   * @param saved what they begin with; called in the background
   */
  void buildGraphs(Supplier<Map<Fingerprint, SavedGraph>> saved) {
    List<HnswPartition> waiting =
        partitions.values().stream().filter(HnswPartition::isLoading).toList();
    if (waiting.isEmpty()) {
      return;
    }
    // The others answer calls meanwhile.
    int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    Thread builder =
        new Thread(
            () -> {
              Map<Fingerprint, SavedGraph> graphs = savedOrNone(saved);
              waiting.forEach(each -> build(each, workers, graphs.get(each.fingerprint())));
            },
            "reprise-graph-builder");
    builder.setDaemon(true);
    builder.start();
  }

  private static Map<Fingerprint, SavedGraph> savedOrNone(
      Supplier<Map<Fingerprint, SavedGraph>> saved) {
    try {
      return saved.get();
    } catch (RuntimeException e) {
      LOG.warn("The saved graphs cannot be read: they are built anew", e);
      return Map.of();
    }
  }

  private void build(HnswPartition partition, int workers, @Nullable SavedGraph saved) {
    try {
      partition.buildGraph(workers, saved, () -> closed);
    } catch (RuntimeException e) {
      LOG.warn("The graph over {} rows could not be built", partition.size(), e);
    }
  }

  /** Returns how many rows are found through graphs; 0 while such a graph is being built. */
  int linkedRows() {
    int sum = 0;
    for (HnswPartition partition : partitions.values()) {
      if (partition.isLoading()) {
        return 0;
      }
      sum += partition.isGraph() ? partition.size() : 0;
    }
    return sum;
  }

  /** Returns the graphs as they are now. */
  Map<Fingerprint, SavedGraph> savedGraphs() {
    Map<Fingerprint, SavedGraph> graphs = new HashMap<>();
    partitions.forEach(
        (fingerprint, partition) -> {
          SavedGraph graph = partition.saved();
          if (graph != null) {
            graphs.put(fingerprint, graph);
          }
        });
    return graphs;
  }

  HnswGraphSettings settings() {
    return settings;
  }

  /** Returns how many rows it holds at most. */
  int maximumEntries() {
    return maximumEntries;
  }

  private HnswPartition add(SemanticRow row, Addition how) {
    requireOpen();
    requireDimension("a row", row.vector());
    HnswPartition partition = enter(row.fingerprint());
    HnswRow arriving = new HnswRow(row, partition.fingerprint());
    try {
      how.add(partition, arriving, row.vector().toArray());
    } catch (RuntimeException e) {
      retire(arriving);
      throw new TierException(NAME, "cannot add a row to the index", e);
    }
    HnswRow replaced = rows.asMap().put(arriving, arriving);
    // The old row goes after the new one can be found, so that there is always one to find.
    arriving.publish();
    if (replaced != null) {
      retire(replaced);
    }
    return partition;
  }

  /** A way to add a row to a partition. */
  private interface Addition {
    void add(HnswPartition partition, HnswRow row, float[] vector);
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    requireOpen();
    requireDimension("a query", query);
    Checks.inRange("limit", limit, 1, MAXIMUM_LIMIT);
    HnswPartition partition = partitions.get(fingerprint);
    if (partition == null) {
      return List.of();
    }
    float[] components = query.toArray();
    HnswRow.Moment moment = new HnswRow.Moment(nanoseconds(), retirements.get());
    List<HnswRow> nearest;
    try {
      nearest = partition.nearest(components, limit, moment);
    } catch (RuntimeException e) {
      throw new TierException(NAME, "cannot search the index", e);
    }
    List<Neighbour> neighbours = new ArrayList<>(nearest.size());
    Set<HnswRow> seen = new HashSet<>();
    for (HnswRow found : nearest) {
      // While a row is replaced both are found; the cache says which one counts. To ask it also
      // tells it that the row is of use. It may be replaced and freed again before it is read.
      HnswRow row = rows.getIfPresent(found);
      double cosine = NONE;
      for (int attempt = 0;
          attempt < ATTEMPTS
              && cosine == NONE
              && row != null
              && row.fingerprint().equals(fingerprint);
          attempt++) {
        cosine = partition.cosine(row, components);
        row = cosine == NONE ? rows.getIfPresent(found) : row;
      }
      if (row != null && cosine != NONE && moment.now() < row.expiresAt() && seen.add(row)) {
        neighbours.add(new Neighbour(row.pointer(), fingerprint, new Similarity(cosine)));
      }
    }
    neighbours.sort(Comparator.comparing(Neighbour::similarity).reversed());
    return List.copyOf(neighbours);
  }

  @Override
  public void remove(ExactKey pointer) {
    requireOpen();
    HnswRow row = rows.asMap().remove(new RowKey(pointer));
    if (row != null) {
      HnswPartition partition = partitions.get(row.fingerprint());
      if (partition != null) {
        partition.compactIfDue();
      }
    }
  }

  @Override
  public void sweep() {
    requireOpen();
    rows.cleanUp();
    partitions.values().forEach(HnswPartition::compactIfDue);
  }

  @Override
  public void close() {
    closed = true;
    rows.invalidateAll();
    rows.cleanUp();
  }

  /** Returns how many rows there are, expired ones that were not swept included. */
  long size() {
    return rows.estimatedSize();
  }

  /** Returns how many fingerprints have rows. */
  int partitions() {
    return partitions.size();
  }

  /** Returns how many rows the partitions count; as many as there are, when nobody writes. */
  long occupants() {
    return partitions.values().stream().mapToLong(HnswPartition::occupants).sum();
  }

  /** Returns the partition of that fingerprint, or null if it has no rows. */
  @Nullable HnswPartition partition(Fingerprint fingerprint) {
    return partitions.get(fingerprint);
  }

  private HnswPartition enter(Fingerprint fingerprint) {
    HnswPartition entered =
        partitions.compute(
            fingerprint,
            (key, present) -> {
              HnswPartition partition =
                  present == null ? new HnswPartition(key, settings) : present;
              partition.enter();
              return partition;
            });
    return Objects.requireNonNull(entered);
  }

  /** Called by the cache, perhaps under its lock: must not wait. */
  private void onRemoval(@Nullable RowKey key, @Nullable HnswRow row, RemovalCause cause) {
    // A row that is replaced is retired by who replaces it, when the new one can be found.
    if (row != null && cause != RemovalCause.REPLACED) {
      retire(row);
    }
  }

  private void retire(HnswRow row) {
    if (row.retire(retirements.incrementAndGet())) {
      partitions.computeIfPresent(
          row.fingerprint(),
          (key, partition) -> {
            partition.retired();
            return partition.leave() ? null : partition;
          });
    }
  }

  private long nanoseconds() {
    return HnswRow.nanoseconds(clock.instant());
  }

  private void requireOpen() {
    if (closed) {
      throw new TierException(NAME, "is closed");
    }
  }

  private void requireDimension(String what, Vector vector) {
    if (vector.dimension() != dimension) {
      throw new TierException(
          NAME,
          what
              + " has a vector of dimension "
              + vector.dimension()
              + ", but the tier was built for "
              + dimension
              + ": use the same embedder for both");
    }
  }

  /** Builds {@link HnswSemanticTier}s. Not safe for use by several threads. */
  public static final class Builder {
    private final int dimension;
    private int maximumEntries = DEFAULT_MAXIMUM_ENTRIES;
    private int m = DEFAULT_M;
    private int efConstruction = DEFAULT_EF_CONSTRUCTION;
    private int ef = DEFAULT_EF;
    private int flatLimit = DEFAULT_FLAT_LIMIT;
    private InstantSource clock = InstantSource.system();

    private Builder(int dimension) {
      this.dimension = Checks.inRange("dimension", dimension, 1, 65_536);
    }

    /**
     * Sets the most rows, over all fingerprints. Default: {@value
     * HnswSemanticTier#DEFAULT_MAXIMUM_ENTRIES}.
     *
     * @throws IllegalArgumentException if it is not from 1 to 10,000,000
     */
    public Builder maximumEntries(int maximumEntries) {
      this.maximumEntries = Checks.inRange("maximumEntries", maximumEntries, 1, 10_000_000);
      return this;
    }

    /**
     * Sets the graph's M: the number of links of a node, and twice as many in the lowest layer.
     * More links improve recall and take more memory. Default: {@value HnswSemanticTier#DEFAULT_M}.
     *
     * @throws IllegalArgumentException if it is not from 4 to 64
     */
    public Builder m(int m) {
      this.m = Checks.inRange("m", m, 4, 64);
      return this;
    }

    /**
     * Sets the graph's efConstruction: the number of candidates considered when a row is stored.
     * More candidates improve the graph and take more time. Default: {@value
     * HnswSemanticTier#DEFAULT_EF_CONSTRUCTION}.
     *
     * @throws IllegalArgumentException if it is not from 8 to 512
     */
    public Builder efConstruction(int efConstruction) {
      this.efConstruction = Checks.inRange("efConstruction", efConstruction, 8, 512);
      return this;
    }

    /**
     * Sets the graph's ef: the number of candidates that a search considers among up to 10,000 rows
     * of a fingerprint. The same number is added for each factor of ten beyond that. More
     * candidates improve recall and take more time. Default: {@value HnswSemanticTier#DEFAULT_EF}.
     *
     * @throws IllegalArgumentException if it is not from 1 to 1,000
     */
    public Builder ef(int ef) {
      this.ef = Checks.inRange("ef", ef, 1, 1_000);
      return this;
    }

    /**
     * Sets up to how many rows of a fingerprint a search compares all, which is exact. Beyond that
     * a graph is built. Default: {@value HnswSemanticTier#DEFAULT_FLAT_LIMIT}.
     *
     * @throws IllegalArgumentException if it is not from 2 to 1,000,000
     */
    public Builder flatLimit(int flatLimit) {
      this.flatLimit = Checks.inRange("flatLimit", flatLimit, 2, 1_000_000);
      return this;
    }

    /** Sets the clock by which rows expire. Default: the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Returns a new tier. */
    public HnswSemanticTier build() {
      return new HnswSemanticTier(this);
    }
  }
}
