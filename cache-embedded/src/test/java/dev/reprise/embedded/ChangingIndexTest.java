package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.SemanticTierContract;
import dev.reprise.testing.Vectors;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches while rows come and go: what stays is found all the time. */
@Timeout(120)
class ChangingIndexTest {
  private static final Fingerprint FINGERPRINT = SemanticTierContract.FINGERPRINT;
  private static final int DIMENSION = 160;

  private static final HnswGraphSettings SETTINGS =
      new HnswGraphSettings(DIMENSION, 16, 100, 400, 20, RowStore.codec(DIMENSION));

  @TempDir Path folder;

  private final FakeClock clock = new FakeClock();

  /** The graph is mended all the time, and the slots of removed rows are used again. */
  @Test
  void rowsThatStayAreFoundWhileOthersComeAndGo() throws Exception {
    int stable = 200;
    int changing = 200;
    int rounds = 60;
    List<Vector> vectors = Vectors.clustered(stable + changing * 4, DIMENSION, 41);
    try (HnswSemanticTier tier = tier().flatLimit(20).ef(500).build()) {
      for (int i = 0; i < stable + changing; i++) {
        tier.store(row(i, vectors.get(i)));
      }
      AtomicInteger missed = new AtomicInteger();
      Callable<Integer> writing =
          () -> {
            for (int round = 1; round <= rounds; round++) {
              for (int i = 0; i < changing; i++) {
                tier.remove(key(stable + i));
                tier.store(row(stable + i, vectors.get(stable + (round % 4) * changing + i)));
              }
            }
            return 0;
          };
      ExecutorService pool = Executors.newFixedThreadPool(3);
      try {
        Future<Integer> writer = pool.submit(writing);
        Callable<Integer> searching =
            () -> {
              int searches = 0;
              for (int i = 0; !writer.isDone(); i = (i + 1) % stable) {
                List<Neighbour> found = tier.search(FINGERPRINT, vectors.get(i), 1);
                if (found.isEmpty() || !found.get(0).pointer().equals(key(i))) {
                  missed.incrementAndGet();
                }
                searches++;
              }
              return searches;
            };
        List<Future<Integer>> searchers = List.of(pool.submit(searching), pool.submit(searching));
        for (Future<Integer> searcher : searchers) {
          assertThat(searcher.get()).isPositive();
        }
        writer.get();
      } finally {
        pool.shutdownNow();
      }
      assertThat(missed.get()).as("searches that missed a row that stayed").isZero();
    }
  }

  /** Too few are retired for the graph to be mended; they are all nearer than what is left. */
  @Test
  void rowsBehindManyRemovedOnesAreFound() {
    try (HnswSemanticTier tier = tier().build()) {
      FlatSemanticTier oracle = new FlatSemanticTier(DIMENSION, clock);
      Vector query = Vectors.axis(DIMENSION, 0);
      List<Vector> vectors = byDistance(query, 2_000);
      for (int i = 0; i < vectors.size(); i++) {
        tier.store(row(i, vectors.get(i)));
        oracle.store(row(i, vectors.get(i)));
      }
      for (int i = 0; i < 390; i++) {
        tier.remove(key(i));
        oracle.remove(key(i));
      }
      assertThat(pointers(tier, query)).isEqualTo(pointers(oracle, query));
    }
  }

  /** All but one in twenty rows expire, and nothing was swept yet. */
  @Test
  void rowsBehindManyExpiredOnesAreFound() {
    try (HnswSemanticTier tier = tier().build()) {
      FlatSemanticTier oracle = new FlatSemanticTier(DIMENSION, clock);
      Vector query = Vectors.axis(DIMENSION, 0);
      List<Vector> vectors = byDistance(query, 2_000);
      for (int i = 0; i < vectors.size(); i++) {
        Duration life = Duration.ofMinutes(i < 1_900 ? 1 : 60);
        SemanticRow row =
            new SemanticRow(key(i), FINGERPRINT, vectors.get(i), clock.now().plus(life));
        tier.store(row);
        oracle.store(row);
      }
      clock.advance(Duration.ofMinutes(2));
      assertThat(pointers(tier, query)).isEqualTo(pointers(oracle, query));
    }
  }

  /**
   * Rows are replaced, the graph is compacted, and others arrive, while one search is under way.
   */
  @Test
  void aSearchFindsWhatWasThereWhenItBegan() {
    HnswPartition partition = partition();
    List<Vector> vectors = Vectors.clustered(161, DIMENSION, 43);
    List<HnswRow> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(published(partition, i, vectors.get(i)));
    }
    HnswRow.Moment moment = new HnswRow.Moment(HnswRow.nanoseconds(clock.now()), 0);
    SearchedIndex search = partition.enterIndex();
    retire(partition, rows.subList(0, 60));
    for (int i = 100; i < 160; i++) {
      published(partition, i, vectors.get(i));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(search.index().nearest(vectors.get(i).toArray(), 1, moment))
          .containsExactly(rows.get(i));
    }
    assertThat(partition.size()).isEqualTo(160);
    search.leave();
    published(partition, 160, vectors.get(160));
    assertThat(partition.size()).as("the slots of those 60 are used again").isEqualTo(101);
  }

  @Test
  void rowsThatAreRetiredWhileTheirGraphIsBuiltGoWithIt() {
    HnswPartition partition = partition();
    List<Vector> vectors = Vectors.clustered(400, DIMENSION, 44);
    List<HnswRow> rows = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      rows.add(loaded(partition, i, vectors.get(i)));
    }
    AtomicInteger asked = new AtomicInteger();
    partition.buildGraph(
        1,
        null,
        () -> {
          if (asked.incrementAndGet() == 200) {
            retire(partition, rows.subList(0, 350));
          }
          return false;
        });
    assertThat(partition.isGraph()).isTrue();
    assertThat(partition.size()).isEqualTo(50);
    HnswRow.Moment moment = new HnswRow.Moment(HnswRow.nanoseconds(clock.now()), 350);
    for (int i = 350; i < 400; i++) {
      assertThat(partition.nearest(vectors.get(i).toArray(), 1, moment))
          .containsExactly(rows.get(i));
    }
  }

  /** Two of them would put two graphs in place, the second without what the first got since. */
  @Test
  void oneThreadBuildsAGraph() {
    HnswPartition partition = partition();
    List<Vector> vectors = Vectors.clustered(100, DIMENSION, 45);
    for (int i = 0; i < vectors.size(); i++) {
      loaded(partition, i, vectors.get(i));
    }
    AtomicInteger others = new AtomicInteger();
    partition.buildGraph(
        1,
        null,
        () -> {
          partition.buildGraph(1, null, () -> others.incrementAndGet() > 0);
          return false;
        });
    assertThat(others).hasValue(0);
    assertThat(partition.isGraph()).isTrue();
    assertThat(partition.isLoading()).isFalse();
  }

  /** Some rows have gone since the graph was saved, and others have come. */
  @Test
  void aSavedGraphFindsTheRowsThatThereAre() throws Exception {
    List<Vector> vectors = Vectors.clustered(900, DIMENSION, 46);
    HnswPartition before = partition();
    for (int i = 0; i < 700; i++) {
      published(before, i, vectors.get(i));
    }
    retire(before, List.of());
    GraphFile file = new GraphFile(folder.resolve("graphs"), "embedder");
    SavedGraph graph = before.saved();
    assertThat(file.write(SETTINGS, Map.of(FINGERPRINT, graph))).isTrue();
    SavedGraph saved = file.read(SETTINGS).get(FINGERPRINT);
    assertThat(saved.size()).isEqualTo(700);

    RowStore store = new RowStore(DIMENSION, SETTINGS.codec());
    HnswPartition after = partition();
    List<HnswRow> rows = new ArrayList<>();
    for (int i = 200; i < 900; i++) {
      rows.add(loaded(after, i, vectors.get(i)));
      store.add(new HnswRow(row(i, vectors.get(i)), FINGERPRINT), vectors.get(i).toArray(), 900);
    }
    BitSet linked = new BitSet();
    GraphIndex.of(SETTINGS, store, saved, linked);
    assertThat(linked.cardinality()).as("rows that need not be added").isEqualTo(500);
    after.buildGraph(1, saved, () -> false);
    assertThat(after.isGraph()).isTrue();
    HnswRow.Moment moment = new HnswRow.Moment(HnswRow.nanoseconds(clock.now()), 0);
    for (int i = 200; i < 900; i++) {
      assertThat(after.nearest(vectors.get(i).toArray(), 1, moment))
          .containsExactly(rows.get(i - 200));
    }
  }

  @Test
  void aGraphFileThatIsDamagedOrOfAnotherIsIgnored() throws Exception {
    HnswPartition partition = partition();
    List<Vector> vectors = Vectors.clustered(50, DIMENSION, 47);
    for (int i = 0; i < vectors.size(); i++) {
      published(partition, i, vectors.get(i));
    }
    Path path = folder.resolve("graphs");
    GraphFile file = new GraphFile(path, "embedder");
    assertThat(file.read(SETTINGS)).isEmpty();
    assertThat(file.write(SETTINGS, Map.of(FINGERPRINT, partition.saved()))).isTrue();
    assertThat(file.read(SETTINGS)).hasSize(1);
    assertThat(new GraphFile(path, "another embedder").read(SETTINGS)).isEmpty();
    assertThat(file.read(new HnswGraphSettings(DIMENSION, 8, 100, 400, 20, null))).isEmpty();
    byte[] whole = Files.readAllBytes(path);
    for (int at = 0; at < whole.length; at += 97) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 1;
      Files.write(path, bytes);
      assertThat(file.read(SETTINGS)).as("byte %d", at).isEmpty();
      Files.write(path, Arrays.copyOf(whole, at));
      assertThat(file.read(SETTINGS)).as("cut at %d", at).isEmpty();
    }
  }

  @Test
  void aGraphFileThatCannotBeWrittenStaysAsItWas() throws Exception {
    Path path = folder.resolve("graphs");
    GraphFile file = new GraphFile(path, "embedder");
    assertThat(file.write(SETTINGS, Map.of(FINGERPRINT, new SavedGraph()))).isTrue();
    // In the place of the file that is written beside it.
    Path blocked = Files.createDirectory(folder.resolve("graphs.new"));
    Path inside = Files.createFile(blocked.resolve("file"));
    assertThat(file.write(SETTINGS, Map.of())).isFalse();
    assertThat(file.read(SETTINGS)).hasSize(1);
    Files.delete(inside);
    Files.delete(blocked);
    assertThat(file.write(SETTINGS, Map.of())).isTrue();
    assertThat(file.read(SETTINGS)).isEmpty();
  }

  private HnswPartition partition() {
    return new HnswPartition(FINGERPRINT, SETTINGS);
  }

  private HnswRow published(HnswPartition partition, int number, Vector vector) {
    HnswRow row = new HnswRow(row(number, vector), FINGERPRINT);
    partition.add(row, vector.toArray());
    row.publish();
    return row;
  }

  private HnswRow loaded(HnswPartition partition, int number, Vector vector) {
    HnswRow row = new HnswRow(row(number, vector), FINGERPRINT);
    partition.load(row, vector.toArray());
    row.publish();
    return row;
  }

  private static void retire(HnswPartition partition, List<HnswRow> rows) {
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).retire(i + 1)).isTrue();
      partition.retired();
    }
    partition.compactIfDue();
  }

  /** Returns vectors all around {@code query}, the nearest first. */
  private static List<Vector> byDistance(Vector query, int count) {
    Random random = new Random(42);
    List<Vector> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      vectors.add(Vectors.near(query, 0.2 + random.nextDouble(), random));
    }
    vectors.sort(Comparator.comparingDouble(each -> -each.toArray()[0]));
    return vectors;
  }

  private HnswSemanticTier.Builder tier() {
    return HnswSemanticTier.builder(DIMENSION).clock(clock);
  }

  private SemanticRow row(int number, Vector vector) {
    return new SemanticRow(key(number), FINGERPRINT, vector, clock.now().plus(Duration.ofHours(1)));
  }

  private static ExactKey key(int number) {
    return SemanticTierContract.key(Integer.toString(number));
  }

  private static List<ExactKey> pointers(SemanticTier tier, Vector query) {
    return tier.search(FINGERPRINT, query, 5).stream().map(Neighbour::pointer).toList();
  }
}
