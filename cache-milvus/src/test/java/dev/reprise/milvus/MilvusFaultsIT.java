package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.key.Fingerprint;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.FakeClock;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.MilvusServer;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.TierException;
import io.milvus.v2.service.collection.request.ReleaseCollectionReq;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tier does when the server is down, slow, silent, wiped, or talks nonsense. */
class MilvusFaultsIT {
  private static final Fingerprint ONE = Rows.fingerprint("one");
  private static final Duration DEADLINE = MilvusSemanticTier.DEFAULT_DEADLINE;
  // A second attempt would not fit into the median. The slowest may have waited for a processor,
  // too.
  private static final Duration MEDIAN_BOUND = DEADLINE.multipliedBy(2);
  private static final Duration SLOWEST_BOUND = Duration.ofSeconds(1);
  private static final Duration RECOVERY = Duration.ofMinutes(1);

  private final FakeClock clock = new FakeClock();
  private final String collection = Server.newCollection();
  private FaultProxy proxy;
  private MilvusSemanticTier tier;

  @BeforeEach
  void start() {
    proxy = FaultProxy.start(Server.shared().host(), Server.shared().port());
    tier = builder().build();
    tier.ensureReady();
    store(tier);
    recovered(tier);
  }

  @AfterEach
  void stop() {
    tier.close();
    proxy.close();
    Server.drop(collection);
  }

  /** Starts a tier on the shared server, by way of the proxy. */
  private MilvusSemanticTier.Builder builder() {
    return tuned(Server.builder("http://127.0.0.1:" + proxy.port(), Rows.EMBEDDER, Rows.DIMENSION));
  }

  private MilvusSemanticTier.Builder tuned(MilvusSemanticTier.Builder builder) {
    return builder
        .collection(collection)
        .writeDeadline(Duration.ofSeconds(2))
        .connectDeadline(Duration.ofSeconds(1))
        .clock(clock);
  }

  private void store(MilvusSemanticTier into) {
    into.store(
        new SemanticRow(
            Rows.pointer("row"), ONE, Rows.axis(0), clock.now().plus(Duration.ofHours(1))));
  }

  @Test
  void aSilentServerCostsOneDeadline() {
    proxy.hang();
    failsInTime();
    proxy.heal();
    proxy.dropConnections();
    recovered(tier);
  }

  @Test
  void aSlowServerCostsOneDeadline() {
    proxy.delay(Duration.ofSeconds(1));
    failsInTime();
    proxy.heal();
    recovered(tier);
  }

  @Test
  void aServerThatTricklesCostsOneDeadline() {
    proxy.trickle(Duration.ofMillis(20));
    failsInTime();
    proxy.heal();
    proxy.dropConnections();
    recovered(tier);
  }

  @Test
  void aServerThatIsCutOffCostsOneDeadline() {
    proxy.cut();
    failsInTime();
    proxy.heal();
    recovered(tier);
  }

  @Test
  void nonsenseIsATierException() {
    proxy.answer("HTTP/1.1 200 OK\r\n\r\nnonsense".getBytes(StandardCharsets.US_ASCII));
    failsInTime();
    proxy.heal();
    proxy.dropConnections();
    recovered(tier);
  }

  @Test
  void aWriteEndsByItsDeadline() {
    proxy.hang();
    long start = System.nanoTime();
    assertThatThrownBy(() -> store(tier))
        .isInstanceOf(TierException.class)
        .hasMessageContaining("tier milvus: store failed");
    assertThat(since(start)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void beingReadyEndsByItsDeadline() {
    proxy.hang();
    try (MilvusSemanticTier fresh = builder().build()) {
      long start = System.nanoTime();
      assertThatThrownBy(fresh::ensureReady)
          .isInstanceOf(TierException.class)
          .hasMessageContaining("check that Milvus runs at http://127.0.0.1:" + proxy.port());
      assertThat(since(start)).isLessThan(Duration.ofSeconds(4));
      failsInTime(fresh);
      proxy.heal();
      proxy.dropConnections();
      recovered(fresh);
    }
  }

  @Test
  void aDroppedCollectionIsMadeAgainEmpty() {
    Server.drop(collection);
    Eventually.that(
        "the collection is made again",
        RECOVERY,
        () -> {
          try {
            return tier.search(ONE, Rows.axis(0), 1).isEmpty();
          } catch (TierException e) {
            return false;
          }
        });
    Eventually.that(
        "a row is stored",
        RECOVERY,
        () -> {
          try {
            store(tier);
            return true;
          } catch (TierException e) {
            return false;
          }
        });
    recovered(tier);
  }

  @Test
  void aReleasedCollectionIsLoadedAgain() {
    Server.client()
        .releaseCollection(ReleaseCollectionReq.builder().collectionName(collection).build());
    recovered(tier);
  }

  @Test
  void aKilledServerIsFoundAgainWithItsRows() {
    try (MilvusServer own = MilvusServer.startOwn();
        MilvusSemanticTier there =
            tuned(MilvusSemanticTier.builder(own.uri(), Rows.EMBEDDER, Rows.DIMENSION)).build()) {
      there.ensureReady();
      store(there);
      recovered(there);

      own.kill();
      failsInTime(there);

      own.restart();
      recovered(there);
    }
  }

  private void failsInTime() {
    failsInTime(tier);
  }

  private static void failsInTime(MilvusSemanticTier tier) {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> tier.search(ONE, Rows.axis(0), 1))
          .isInstanceOf(TierException.class)
          .hasMessageStartingWith("tier milvus: ");
      times.add(since(start));
    }
    Collections.sort(times);
    assertThat(times.get(times.size() / 2)).isLessThan(MEDIAN_BOUND);
    assertThat(times.get(times.size() - 1)).isLessThan(SLOWEST_BOUND);
  }

  /** Waits until the row is found again; only failures of the tier may come before. */
  private static void recovered(MilvusSemanticTier tier) {
    Eventually.that(
        "the row is found",
        RECOVERY,
        () -> {
          try {
            List<Neighbour> found = tier.search(ONE, Rows.axis(0), 1);
            return found.size() == 1 && found.get(0).pointer().equals(Rows.pointer("row"));
          } catch (TierException e) {
            return false;
          }
        });
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
