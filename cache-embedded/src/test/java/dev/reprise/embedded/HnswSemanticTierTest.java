package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.SemanticTierContract;
import dev.reprise.testing.Vectors;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HnswSemanticTierTest {
  private static final Fingerprint FINGERPRINT = SemanticTierContract.FINGERPRINT;
  private static final int DIMENSION = 32;

  private final FakeClock clock = new FakeClock();

  /** With the limits as they are: the recall test's rows get a graph, the others' do not. */
  @Nested
  class WithItsDefaults extends SemanticTierContract {
    @Override
    protected SemanticTier create() {
      return HnswSemanticTier.builder(DIMENSION).clock(clock).build();
    }

    @Override
    protected void audit(SemanticTier tier) {
      auditCounts((HnswSemanticTier) tier);
    }
  }

  /** Every partition of more than two rows is a graph. */
  @Nested
  class WithGraphsOnly extends SemanticTierContract {
    @Override
    protected SemanticTier create() {
      return HnswSemanticTier.builder(DIMENSION).clock(clock).flatLimit(2).build();
    }

    @Override
    protected int recallSize() {
      return 2_000;
    }

    @Override
    protected void audit(SemanticTier tier) {
      auditCounts((HnswSemanticTier) tier);
    }
  }

  @Nested
  class WithoutGraphs extends SemanticTierContract {
    @Override
    protected SemanticTier create() {
      return HnswSemanticTier.builder(DIMENSION).clock(clock).flatLimit(1_000_000).build();
    }

    @Override
    protected int recallSize() {
      return 2_000;
    }

    @Override
    protected void audit(SemanticTier tier) {
      auditCounts((HnswSemanticTier) tier);
    }
  }

  /** The oracle must pass what it judges, too. */
  @Nested
  class TheOracle extends SemanticTierContract {
    @Override
    protected SemanticTier create() {
      return new FlatSemanticTier(DIMENSION, clock);
    }

    @Override
    protected int recallSize() {
      return 500;
    }
  }

  @Test
  void defaultsAreWhatTheyAre() {
    assertThat(HnswSemanticTier.NAME).isEqualTo("hnsw");
    assertThat(HnswSemanticTier.DEFAULT_MAXIMUM_ENTRIES).isEqualTo(100_000);
    assertThat(HnswSemanticTier.DEFAULT_M).isEqualTo(16);
    assertThat(HnswSemanticTier.DEFAULT_EF_CONSTRUCTION).isEqualTo(100);
    assertThat(HnswSemanticTier.DEFAULT_EF).isEqualTo(100);
    assertThat(HnswSemanticTier.DEFAULT_FLAT_LIMIT).isEqualTo(256);
    try (HnswSemanticTier tier = HnswSemanticTier.builder(3).build()) {
      assertThat(tier.name()).isEqualTo("hnsw");
      assertThat(tier.deadlineOwner()).isEqualTo(DeadlineOwner.TIER);
    }
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    HnswSemanticTier.Builder builder = HnswSemanticTier.builder(3);
    assertRefused(() -> HnswSemanticTier.builder(0), "dimension is 0");
    assertRefused(() -> builder.maximumEntries(0), "maximumEntries is 0");
    assertRefused(() -> builder.m(3), "m is 3");
    assertRefused(() -> builder.m(65), "m is 65");
    assertRefused(() -> builder.efConstruction(7), "efConstruction is 7");
    assertRefused(() -> builder.ef(0), "ef is 0");
    assertRefused(() -> builder.flatLimit(1), "flatLimit is 1");
  }

  @Test
  void aPartitionTurnsIntoAGraphAndBack() {
    try (HnswSemanticTier tier = tier().flatLimit(50).build()) {
      List<Vector> vectors = Vectors.clustered(300, DIMENSION, 1);
      for (int i = 0; i < 50; i++) {
        store(tier, i, vectors.get(i));
      }
      assertThat(partition(tier).isGraph()).isFalse();
      for (int i = 50; i < 300; i++) {
        store(tier, i, vectors.get(i));
      }
      assertThat(partition(tier).isGraph()).isTrue();
      for (int i = 8; i < 300; i++) {
        tier.remove(key(i));
      }
      assertThat(partition(tier).isGraph()).isFalse();
      for (int i = 0; i < 8; i++) {
        assertThat(nearest(tier, vectors.get(i))).isEqualTo(key(i));
      }
      auditCounts(tier);
    }
  }

  @Test
  void theNumberOfRowsIsBounded() {
    try (HnswSemanticTier tier = tier().maximumEntries(200).flatLimit(50).build()) {
      Random random = new Random(2);
      for (int i = 0; i < 2_000; i++) {
        store(tier, i, Vectors.random(DIMENSION, random));
        assertThat(tier.size()).isLessThanOrEqualTo(200);
      }
      assertThat(tier.size()).isEqualTo(200);
      auditCounts(tier);
    }
  }

  @Test
  void aGraphThatIsAlwaysFullStillFindsTheNearest() {
    int bound = 400;
    try (HnswSemanticTier tier = tier().maximumEntries(bound).flatLimit(20).build()) {
      FlatSemanticTier oracle = new FlatSemanticTier(DIMENSION, clock);
      List<Vector> vectors = Vectors.clustered(6 * bound, DIMENSION, 3);
      for (int i = 0; i < vectors.size(); i++) {
        if (i >= bound) {
          tier.remove(key(i - bound));
          oracle.remove(key(i - bound));
        }
        store(tier, i, vectors.get(i));
        oracle.store(row(i, vectors.get(i)));
      }
      assertThat(partition(tier).isGraph()).isTrue();
      int right = 0;
      Random random = new Random(4);
      for (int i = 0; i < 200; i++) {
        Vector query = Vectors.near(vectors.get(random.nextInt(vectors.size())), 0.3, random);
        if (nearest(tier, query).equals(nearest(oracle, query))) {
          right++;
        }
      }
      assertThat(right).isGreaterThanOrEqualTo(198);
      auditCounts(tier);
    }
  }

  /** Eight in ten rows are replaced, in several rounds; each row that is left is found. */
  @Test
  void aGraphThatWasMendedAgainAndAgainFindsEveryRow() {
    int dimension = 160;
    List<Vector> vectors = Vectors.clustered(3_000, dimension, 31);
    try (HnswSemanticTier tier =
        HnswSemanticTier.builder(dimension).clock(clock).flatLimit(20).build()) {
      for (int i = 0; i < 1_000; i++) {
        store(tier, i, vectors.get(i));
      }
      for (int i = 1_000; i < vectors.size(); i++) {
        tier.remove(key(i - 1_000));
        store(tier, i, vectors.get(i));
      }
      assertThat(partition(tier).isGraph()).isTrue();
      int missed = 0;
      for (int i = vectors.size() - 1_000; i < vectors.size(); i++) {
        missed += nearest(tier, vectors.get(i)).equals(key(i)) ? 0 : 1;
      }
      assertThat(missed).isLessThanOrEqualTo(2);
      auditCounts(tier);
    }
  }

  @Test
  void rowsThatSeveralThreadsStoreAtOnceAreAllFound() throws Exception {
    int dimension = 384;
    int threads = 4;
    List<Vector> vectors = Vectors.clustered(2_000, dimension, 32);
    try (HnswSemanticTier tier = HnswSemanticTier.builder(dimension).clock(clock).build()) {
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          int first = thread;
          tasks.add(
              () -> {
                for (int i = first; i < vectors.size(); i += threads) {
                  store(tier, i, vectors.get(i));
                }
                return null;
              });
        }
        for (Future<Void> done : pool.invokeAll(tasks)) {
          done.get();
        }
      } finally {
        pool.shutdownNow();
      }
      int missed = 0;
      for (int i = 0; i < vectors.size(); i++) {
        missed += nearest(tier, vectors.get(i)).equals(key(i)) ? 0 : 1;
      }
      assertThat(missed).isLessThanOrEqualTo(2);
      auditCounts(tier);
    }
  }

  /** What is served is the cosine of the vectors, whatever stands for them in memory. */
  @Test
  void servedCosinesAreThoseOfTheVectors() {
    int dimension = 384;
    List<Vector> vectors = Vectors.clustered(600, dimension, 33);
    FlatSemanticTier oracle = new FlatSemanticTier(dimension, clock);
    try (HnswSemanticTier tier = HnswSemanticTier.builder(dimension).clock(clock).build()) {
      for (int i = 0; i < vectors.size(); i++) {
        store(tier, i, vectors.get(i));
        oracle.store(row(i, vectors.get(i)));
      }
      Random random = new Random(34);
      for (int i = 0; i < 200; i++) {
        Vector query = Vectors.near(vectors.get(i), 0.1 * (i % 10), random);
        List<Neighbour> found = tier.search(FINGERPRINT, query, 5);
        List<Neighbour> expected = oracle.search(FINGERPRINT, query, 100);
        for (Neighbour neighbour : found) {
          double exact =
              expected.stream()
                  .filter(other -> other.pointer().equals(neighbour.pointer()))
                  .findFirst()
                  .orElseThrow()
                  .similarity()
                  .cosine();
          assertThat(neighbour.similarity().cosine()).isCloseTo(exact, within(1e-5));
        }
        assertThat(found.get(0).pointer()).isEqualTo(expected.get(0).pointer());
      }
    }
  }

  @Test
  void aRowThatIsFoundOftenOutlivesRowsThatAreNot() {
    try (HnswSemanticTier tier = tier().maximumEntries(100).build()) {
      Vector popular = Vectors.axis(DIMENSION, 0);
      store(tier, -1, popular);
      Random random = new Random(5);
      for (int i = 0; i < 1_000; i++) {
        assertThat(nearest(tier, popular)).isEqualTo(key(-1));
        store(tier, i, Vectors.random(DIMENSION, random));
      }
    }
  }

  @Test
  void expiryFreesMemory() {
    try (HnswSemanticTier tier = tier().flatLimit(20).build()) {
      Random random = new Random(6);
      for (int i = 0; i < 500; i++) {
        Instant expiresAt = clock.now().plus(Duration.ofMinutes(i < 100 ? 60 : 1));
        tier.store(
            new SemanticRow(key(i), FINGERPRINT, Vectors.random(DIMENSION, random), expiresAt));
      }
      clock.advance(Duration.ofMinutes(5));
      tier.sweep();
      assertThat(tier.size()).isEqualTo(100);
      assertThat(partition(tier).size()).isEqualTo(100);
      clock.advance(Duration.ofHours(2));
      tier.sweep();
      assertThat(tier.size()).isZero();
      assertThat(tier.partitions()).isZero();
    }
  }

  @Test
  void emptyPartitionsAreDropped() {
    try (HnswSemanticTier tier = tier().build()) {
      for (int i = 0; i < 100; i++) {
        Fingerprint fingerprint = SemanticTierContract.fingerprint("tenant " + i);
        tier.store(
            new SemanticRow(
                key(i),
                fingerprint,
                Vectors.axis(DIMENSION, 0),
                clock.now().plus(Duration.ofHours(1))));
      }
      assertThat(tier.partitions()).isEqualTo(100);
      for (int i = 0; i < 100; i++) {
        tier.remove(key(i));
      }
      assertThat(tier.partitions()).isZero();
    }
  }

  @Test
  void aRowCanBeFoundAllTheTimeItIsReplaced() throws Exception {
    try (HnswSemanticTier tier = tier().flatLimit(20).build()) {
      Vector vector = Vectors.axis(DIMENSION, 0);
      store(tier, 1, vector);
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        Future<?> writer =
            pool.submit(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    store(tier, 1, vector);
                  }
                });
        int searches = 0;
        while (!writer.isDone()) {
          assertThat(tier.search(FINGERPRINT, vector, 1)).hasSize(1);
          searches++;
        }
        writer.get();
        assertThat(searches).isPositive();
      } finally {
        pool.shutdownNow();
      }
      auditCounts(tier);
    }
  }

  /** Everything at once; what must hold in the end is looked at in the end. */
  @Test
  void theCountsAddUpAfterEverythingAtOnce() throws Exception {
    int threads = 6;
    try (HnswSemanticTier tier = tier().maximumEntries(300).flatLimit(30).build()) {
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          int seed = thread;
          tasks.add(
              () -> {
                hammer(tier, new Random(seed));
                return null;
              });
        }
        for (Future<Void> done : pool.invokeAll(tasks)) {
          done.get();
        }
      } finally {
        pool.shutdownNow();
      }
      tier.sweep();
      assertThat(tier.size()).isLessThanOrEqualTo(300);
      auditCounts(tier);
      clock.advance(Duration.ofDays(1));
      tier.sweep();
      assertThat(tier.size()).isZero();
      assertThat(tier.partitions()).isZero();
    }
  }

  private void hammer(HnswSemanticTier tier, Random random) {
    for (int i = 0; i < 1_500; i++) {
      // Most go to the first partitions, so that some are graphs and some are often empty.
      int which = (int) (random.nextDouble() * random.nextDouble() * 8);
      Fingerprint fingerprint = SemanticTierContract.fingerprint("tenant " + which);
      int row = random.nextInt(600);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 ->
            tier.store(
                new SemanticRow(
                    key(row),
                    fingerprint,
                    Vectors.random(DIMENSION, random),
                    clock.now().plus(Duration.ofSeconds(1 + random.nextInt(300)))));
        case 4 -> tier.remove(key(row));
        case 5 -> clock.advance(Duration.ofMillis(50));
        case 6 -> {
          if (random.nextInt(20) == 0) {
            tier.sweep();
          }
        }
        default -> {
          List<Neighbour> found =
              tier.search(fingerprint, Vectors.random(DIMENSION, random), 1 + random.nextInt(20));
          assertThat(found).extracting(Neighbour::pointer).doesNotHaveDuplicates();
          assertThat(found).extracting(Neighbour::fingerprint).allMatch(fingerprint::equals);
        }
      }
    }
  }

  /**
   * What holds of a tier that nobody uses: its partitions have exactly its rows, and not many
   * retired ones.
   */
  private static void auditCounts(HnswSemanticTier tier) {
    tier.sweep();
    assertThat(tier.occupants()).as("rows in partitions").isEqualTo(tier.size());
  }

  private HnswSemanticTier.Builder tier() {
    return HnswSemanticTier.builder(DIMENSION).clock(clock);
  }

  private void store(SemanticTier tier, int number, Vector vector) {
    tier.store(row(number, vector));
  }

  private SemanticRow row(int number, Vector vector) {
    return new SemanticRow(key(number), FINGERPRINT, vector, clock.now().plus(Duration.ofHours(1)));
  }

  private static ExactKey key(int number) {
    return SemanticTierContract.key(Integer.toString(number));
  }

  private static ExactKey nearest(SemanticTier tier, Vector query) {
    return tier.search(FINGERPRINT, query, 1).get(0).pointer();
  }

  private static HnswPartition partition(HnswSemanticTier tier) {
    HnswPartition partition = tier.partition(FINGERPRINT);
    assertThat(partition).isNotNull();
    return partition;
  }

  private static void assertRefused(Runnable setting, String message) {
    assertThatThrownBy(setting::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
