package dev.reprise.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.ContentHash;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SemanticTier} promises, as tests. A subclass builds the tier; each test gets an
 * empty one.
 */
public abstract class SemanticTierContract {
  /** The dimension of the vectors that the tier is built for. */
  protected static final int DIMENSION = 384;

  public static final Fingerprint FINGERPRINT = fingerprint("one");
  protected static final Fingerprint OTHER = fingerprint("other");

  private static final Duration LIFE = Duration.ofHours(1);

  /** The clock that the tier must go by. */
  protected final FakeClock clock = new FakeClock();

  private SemanticTier tier;

  /** Returns a new, empty tier for vectors of {@link #DIMENSION}, going by {@link #clock}. */
  protected abstract SemanticTier create() throws Exception;

  /**
   * Waits until searches see what was written. A tier whose writes can be seen at once need not
   * override this.
   */
  protected void settle(SemanticTier tier) throws Exception {}

  /**
   * Whether a search that begins after a write has returned finds what was written. Where not,
   * {@link #settle} waits for it.
   */
  protected boolean seesWritesAtOnce() {
    return true;
  }

  /** Stores many rows, one by one where a tier has no quicker way. */
  protected void storeAll(SemanticTier tier, List<SemanticRow> rows) {
    rows.forEach(tier::store);
  }

  /** Returns how many vectors the recall test stores. */
  protected int recallSize() {
    return 10_000;
  }

  /** Called after each test on the tier that is still open, for invariants of its own. */
  protected void audit(SemanticTier tier) {}

  @BeforeEach
  void open() throws Exception {
    tier = create();
    tier.ensureReady();
  }

  @AfterEach
  void auditAndClose() {
    try {
      audit(tier);
    } finally {
      tier.close();
    }
  }

  @Test
  void nothingIsFoundWhereNothingIs() {
    assertThat(search(FINGERPRINT, axis(0), 10)).isEmpty();
  }

  @Test
  void readyTwiceIsReady() throws Exception {
    store("a", FINGERPRINT, axis(0));
    tier.ensureReady();
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 1)).hasSize(1);
  }

  @Test
  void theNearestComesFirst() throws Exception {
    double[] cosines = {0.2, 0.95, -0.5, 0.7, 0.99};
    for (double cosine : cosines) {
      store("cosine " + cosine, FINGERPRINT, Vectors.withCosine(DIMENSION, cosine));
    }
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 10))
        .extracting(Neighbour::pointer)
        .containsExactly(
            key("cosine 0.99"),
            key("cosine 0.95"),
            key("cosine 0.7"),
            key("cosine 0.2"),
            key("cosine -0.5"));
  }

  @Test
  void noMoreThanTheLimitIsFound() throws Exception {
    for (int i = 0; i < 8; i++) {
      store("row " + i, FINGERPRINT, Vectors.withCosine(DIMENSION, 0.9 - i * 0.1));
    }
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 3))
        .extracting(Neighbour::pointer)
        .containsExactly(key("row 0"), key("row 1"), key("row 2"));
    assertThat(search(FINGERPRINT, axis(0), 1)).hasSize(1);
    assertThat(search(FINGERPRINT, axis(0), 100)).hasSize(8);
  }

  @Test
  void aLimitOutsideItsRangeIsRefused() {
    assertThatThrownBy(() -> tier.search(FINGERPRINT, axis(0), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("limit");
    assertThatThrownBy(() -> tier.search(FINGERPRINT, axis(0), 101))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("limit");
  }

  @Test
  void similarityIsTheRawCosine() throws Exception {
    store("same", FINGERPRINT, axis(0));
    store("orthogonal", FINGERPRINT, axis(1));
    float[] components = new float[DIMENSION];
    components[0] = -1;
    store("opposite", FINGERPRINT, Vector.normalized(components));
    settle(tier);
    List<Neighbour> neighbours = search(FINGERPRINT, axis(0), 3);
    assertThat(neighbours)
        .extracting(Neighbour::pointer)
        .containsExactly(key("same"), key("orthogonal"), key("opposite"));
    assertThat(cosine(neighbours, 0)).isCloseTo(1, within(1e-4));
    assertThat(cosine(neighbours, 1)).isCloseTo(0, within(1e-4));
    assertThat(cosine(neighbours, 2)).isCloseTo(-1, within(1e-4));
  }

  @Test
  void onlyRowsWithTheFingerprintAreFound() throws Exception {
    store("here", FINGERPRINT, Vectors.withCosine(DIMENSION, 0.1));
    store("there", OTHER, axis(0));
    settle(tier);
    List<Neighbour> here = search(FINGERPRINT, axis(0), 10);
    assertThat(here).extracting(Neighbour::pointer).containsExactly(key("here"));
    assertThat(here).extracting(Neighbour::fingerprint).containsExactly(FINGERPRINT);
    assertThat(search(OTHER, axis(0), 10))
        .extracting(Neighbour::pointer)
        .containsExactly(key("there"));
    assertThat(search(fingerprint("third"), axis(0), 10)).isEmpty();
  }

  @Test
  void aRowTakesThePlaceOfTheOneWithItsPointer() throws Exception {
    store("a", FINGERPRINT, axis(1));
    settle(tier);
    store("a", FINGERPRINT, axis(0));
    store("b", FINGERPRINT, Vectors.withCosine(DIMENSION, 0.5));
    settle(tier);
    List<Neighbour> neighbours = search(FINGERPRINT, axis(0), 10);
    assertThat(neighbours).extracting(Neighbour::pointer).containsExactly(key("a"), key("b"));
    assertThat(cosine(neighbours, 0)).isCloseTo(1, within(1e-4));
  }

  @Test
  void aRowMayTakeAPlaceUnderAnotherFingerprint() throws Exception {
    store("a", FINGERPRINT, axis(0));
    settle(tier);
    store("a", OTHER, axis(0));
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 10)).isEmpty();
    assertThat(search(OTHER, axis(0), 10)).hasSize(1);
  }

  @Test
  void eachPointerIsFoundOnce() throws Exception {
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 10; i++) {
        store("row " + i, FINGERPRINT, Vectors.withCosine(DIMENSION, 0.5 + 0.04 * i));
      }
    }
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 100))
        .extracting(Neighbour::pointer)
        .hasSize(10)
        .doesNotHaveDuplicates();
  }

  @Test
  void equalVectorsAreDifferentRows() throws Exception {
    for (int i = 0; i < 30; i++) {
      store("row " + i, FINGERPRINT, axis(0));
    }
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 100))
        .extracting(Neighbour::pointer)
        .hasSize(30)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsRemovedIsNotFound() throws Exception {
    store("a", FINGERPRINT, axis(0));
    store("b", FINGERPRINT, Vectors.withCosine(DIMENSION, 0.5));
    settle(tier);
    tier.remove(key("a"));
    tier.remove(key("never there"));
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 10))
        .extracting(Neighbour::pointer)
        .containsExactly(key("b"));
  }

  @Test
  void whatIsRemovedCanBeStoredAgain() throws Exception {
    store("a", FINGERPRINT, axis(0));
    settle(tier);
    tier.remove(key("a"));
    settle(tier);
    store("a", FINGERPRINT, axis(0));
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 10)).hasSize(1);
  }

  @Test
  void anExpiredRowIsNotFound() throws Exception {
    store("short", FINGERPRINT, axis(0), clock.now().plus(Duration.ofMinutes(1)));
    store("long", FINGERPRINT, Vectors.withCosine(DIMENSION, 0.5), clock.now().plus(LIFE));
    settle(tier);
    clock.advance(Duration.ofMinutes(1).minusMillis(1));
    assertThat(search(FINGERPRINT, axis(0), 10)).hasSize(2);
    clock.advance(Duration.ofMillis(1));
    assertThat(search(FINGERPRINT, axis(0), 1))
        .extracting(Neighbour::pointer)
        .containsExactly(key("long"));
  }

  @Test
  void anExpiredRowIsNotStored() throws Exception {
    store("a", FINGERPRINT, axis(0), clock.now());
    store("b", FINGERPRINT, axis(0), clock.now().minus(LIFE));
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 10)).isEmpty();
  }

  @Test
  void aRowMayOutliveEveryone() throws Exception {
    store("a", FINGERPRINT, axis(0), clock.now().plus(Duration.ofDays(36_500)));
    settle(tier);
    clock.advance(Duration.ofDays(3_650));
    assertThat(search(FINGERPRINT, axis(0), 10)).hasSize(1);
  }

  @Test
  void aSweepTakesTheExpiredOnly() throws Exception {
    for (int i = 0; i < 20; i++) {
      store("short " + i, FINGERPRINT, axis(i), clock.now().plus(Duration.ofMinutes(1)));
      store("long " + i, FINGERPRINT, axis(i), clock.now().plus(LIFE));
    }
    settle(tier);
    clock.advance(Duration.ofMinutes(30));
    tier.sweep();
    settle(tier);
    assertThat(search(FINGERPRINT, axis(0), 100)).hasSize(20);
    clock.advance(Duration.ofMinutes(-30));
    assertThat(search(FINGERPRINT, axis(0), 100))
        .as("swept, not only hidden")
        .extracting(Neighbour::pointer)
        .hasSize(20)
        .doesNotContain(key("short 0"));
  }

  @Test
  void aVectorOfAnotherDimensionIsRefused() {
    Vector stranger = Vectors.axis(DIMENSION + 1, 0);
    assertThatThrownBy(() -> store("a", FINGERPRINT, stranger))
        .isInstanceOf(TierException.class)
        .hasMessageContaining("384")
        .hasMessageContaining("385");
    assertThatThrownBy(() -> tier.search(FINGERPRINT, stranger, 1))
        .isInstanceOf(TierException.class)
        .hasMessageContaining("384")
        .hasMessageContaining("385");
  }

  @Test
  void recallIsThatOfTheFlatScan() throws Exception {
    SemanticTier oracle = new FlatSemanticTier(DIMENSION, clock);
    List<Vector> vectors = Vectors.clustered(recallSize(), DIMENSION, 42);
    List<SemanticRow> rows = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      rows.add(row("row " + i, FINGERPRINT, vectors.get(i), clock.now().plus(LIFE)));
    }
    storeAll(tier, rows);
    rows.forEach(oracle::store);
    settle(tier);
    Random random = new Random(43);
    int queries = 200;
    int right = 0;
    for (int i = 0; i < queries; i++) {
      Vector query = Vectors.near(vectors.get(random.nextInt(vectors.size())), 0.5, random);
      double best = cosine(oracle.search(FINGERPRINT, query, 1), 0);
      List<Neighbour> found = tier.search(FINGERPRINT, query, 1);
      // Two rows may be equally near to the last digit that a server keeps.
      if (!found.isEmpty() && cosine(found, 0) >= best - 1e-5) {
        right++;
      }
    }
    assertThat((double) right / queries).as("recall@1").isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void rowsAreStoredAndFoundByManyThreadsAtOnce() throws Exception {
    int threads = 6;
    int each = 60;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int own = thread;
        tasks.add(
            () -> {
              Random random = new Random(own);
              for (int i = 0; i < each; i++) {
                Fingerprint fingerprint = i % 2 == 0 ? FINGERPRINT : OTHER;
                Vector vector = Vectors.random(DIMENSION, random);
                store(own + "/" + i, fingerprint, vector);
                List<Neighbour> found = search(fingerprint, vector, 5);
                if (seesWritesAtOnce()) {
                  assertThat(found).extracting(Neighbour::pointer).startsWith(key(own + "/" + i));
                }
                assertThat(found)
                    .allSatisfy(row -> assertThat(row.fingerprint()).isEqualTo(fingerprint));
                assertThat(found).extracting(Neighbour::pointer).doesNotHaveDuplicates();
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
    settle(tier);
    for (int thread = 0; thread < threads; thread++) {
      Random random = new Random(thread);
      for (int i = 0; i < each; i++) {
        Vector vector = Vectors.random(DIMENSION, random);
        assertThat(search(i % 2 == 0 ? FINGERPRINT : OTHER, vector, 1))
            .extracting(Neighbour::pointer)
            .containsExactly(key(thread + "/" + i));
      }
    }
  }

  @Test
  void theNameIsForCounters() {
    assertThat(tier.name()).matches("[a-z]+");
  }

  @Test
  void closingTwiceIsHarmless() throws Exception {
    SemanticTier closed = create();
    closed.ensureReady();
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.search(FINGERPRINT, axis(0), 1))
        .isInstanceOf(TierException.class);
    assertThatThrownBy(() -> closed.store(row("a", FINGERPRINT, axis(0), clock.now().plus(LIFE))))
        .isInstanceOf(TierException.class);
  }

  /** Stores a row for an hour. */
  protected final void store(String name, Fingerprint fingerprint, Vector vector) {
    store(name, fingerprint, vector, clock.now().plus(LIFE));
  }

  protected final void store(
      String name, Fingerprint fingerprint, Vector vector, Instant expiresAt) {
    tier.store(row(name, fingerprint, vector, expiresAt));
  }

  protected static SemanticRow row(
      String name, Fingerprint fingerprint, Vector vector, Instant expiresAt) {
    return new SemanticRow(key(name), fingerprint, vector, expiresAt);
  }

  public static ExactKey key(String name) {
    return new ExactKey(hash("key of " + name));
  }

  public static Fingerprint fingerprint(String name) {
    return new Fingerprint(hash("fingerprint of " + name));
  }

  /** Searches, and checks what holds for every search. */
  private List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    List<Neighbour> found = tier.search(fingerprint, query, limit);
    assertThat(found).hasSizeLessThanOrEqualTo(limit);
    assertThat(new HashSet<>(found)).hasSameSizeAs(found);
    assertThat(found)
        .isSortedAccordingTo((one, other) -> other.similarity().compareTo(one.similarity()));
    return found;
  }

  private static double cosine(List<Neighbour> neighbours, int place) {
    return neighbours.get(place).similarity().cosine();
  }

  private static Vector axis(int axis) {
    return Vectors.axis(DIMENSION, axis);
  }

  private static ContentHash hash(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
