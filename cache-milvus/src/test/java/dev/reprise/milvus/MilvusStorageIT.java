package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.embed.Vector;
import dev.reprise.key.Fingerprint;
import dev.reprise.milvus.MilvusStorage.Index;
import dev.reprise.milvus.MilvusStorage.Memory;
import dev.reprise.milvus.MilvusStorage.Partitions;
import dev.reprise.testing.FakeClock;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.TierException;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Collections of the second schema, and the way to them from the first. */
@Execution(ExecutionMode.CONCURRENT)
class MilvusStorageIT {
  private static final Fingerprint ONE = Rows.fingerprint("one");
  private static final Fingerprint OTHER = Rows.fingerprint("other");
  private static final MilvusStorage PARTITIONED =
      MilvusStorage.builder().partitions(Partitions.BY_FINGERPRINT).build();

  private final FakeClock clock = new FakeClock();
  private final String collection = Server.newCollection();
  private final String newer = Server.newCollection();

  @AfterEach
  void drop() {
    Server.drop(collection);
    Server.drop(newer);
  }

  private MilvusSemanticTier.Builder builder(String name) {
    return Server.builder(Rows.EMBEDDER, Rows.DIMENSION)
        .collection(name)
        .clock(clock)
        .deadline(Duration.ofSeconds(20))
        .writeDeadline(Duration.ofSeconds(20));
  }

  private SettledTier ready(String name, MilvusSemanticTier.Builder builder) {
    SettledTier tier = new SettledTier(builder.build(), name);
    tier.ensureReady();
    return tier;
  }

  private SemanticRow row(String name, Fingerprint fingerprint, Vector vector) {
    return new SemanticRow(
        Rows.pointer(name), fingerprint, vector, clock.now().plus(Duration.ofHours(1)));
  }

  private boolean isLite() {
    return ServerVersion.of(Server.client().getServerVersion()).isLite();
  }

  @Test
  void aPartitionedCollectionKeepsReplacesAndRemovesRows() {
    try (SettledTier tier = ready(collection, builder(collection).storage(PARTITIONED))) {
      var found =
          Server.client()
              .describeCollection(
                  DescribeCollectionReq.builder().collectionName(collection).build());
      assertThat(found.getCollectionSchema().getField("fingerprint").getIsPartitionKey()).isTrue();
      assertThat(found.getProperties()).containsEntry("reprise", "reprise/2 " + Rows.EMBEDDER);

      for (int i = 0; i < 5; i++) {
        tier.store(row("same", ONE, Rows.axis(i)));
        List<Neighbour> now = tier.search(ONE, Rows.axis(i), 10);
        assertThat(now).hasSize(1);
        assertThat(now.get(0).similarity().cosine()).isCloseTo(1, within(1e-5));
      }
      tier.store(row("same", OTHER, Rows.axis(1)));
      assertThat(tier.search(ONE, Rows.axis(4), 10)).isEmpty();
      assertThat(tier.search(OTHER, Rows.axis(1), 10)).hasSize(1);
      assertThat(Server.count(collection)).isEqualTo(1);

      for (int scope = 0; scope < 40; scope++) {
        tier.store(row("of " + scope, Rows.fingerprint("scope " + scope), Rows.axis(0)));
      }
      for (int scope = 0; scope < 40; scope++) {
        assertThat(tier.search(Rows.fingerprint("scope " + scope), Rows.axis(0), 10))
            .extracting(Neighbour::pointer)
            .containsExactly(Rows.pointer("of " + scope));
      }
      tier.remove(Rows.pointer("of 7"));
      assertThat(tier.search(Rows.fingerprint("scope 7"), Rows.axis(0), 10)).isEmpty();
      clock.advance(Duration.ofHours(1));
      tier.sweep();
      assertThat(Server.count(collection)).isZero();
    }
  }

  @Test
  void aPointerTwiceInOneRequestIsOneRow() {
    try (MilvusSemanticTier tier = builder(collection).storage(PARTITIONED).build()) {
      tier.ensureReady();
      tier.storeAll(List.of(row("same", ONE, Rows.axis(0)), row("same", ONE, Rows.axis(1))));
      assertThat(Server.count(collection)).isEqualTo(1);
      List<Neighbour> found = tier.search(ONE, Rows.axis(1), 10);
      assertThat(found).hasSize(1);
      assertThat(found.get(0).similarity().cosine()).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void anIndexThatApproximatesStillTellsExactCosines() throws Exception {
    Index index = isLite() ? Index.HNSW_SQ : Index.AUTOINDEX;
    MilvusStorage storage = MilvusStorage.builder().index(index).build();
    try (MilvusSemanticTier tier = builder(collection).storage(storage).build()) {
      tier.ensureReady();
      List<SemanticRow> rows = new ArrayList<>();
      for (int i = 0; i < 1_500; i++) {
        rows.add(row("row " + i, ONE, Rows.at(Math.cos(i / 1_500.0 * Math.PI))));
      }
      tier.storeAll(rows);
      assertThat(Server.count(collection)).isEqualTo(1_500);
      Server.index(collection);

      List<Neighbour> found = tier.search(ONE, Rows.axis(0), 5);

      assertThat(found).hasSize(5);
      assertThat(found.get(0).pointer()).isEqualTo(Rows.pointer("row 0"));
      for (Neighbour neighbour : found) {
        SemanticRow stored =
            rows.stream()
                .filter(row -> row.pointer().equals(neighbour.pointer()))
                .findFirst()
                .orElseThrow();
        assertThat(neighbour.similarity().cosine())
            .isCloseTo(stored.vector().similarity(Rows.axis(0)).cosine(), within(1e-5));
      }
    }
  }

  @Test
  void whatTheServerLacksIsRefusedAndNothingIsCreated() {
    Memory wanted = Memory.MAPPED;
    MilvusStorage storage = MilvusStorage.builder().memory(wanted).build();
    try (MilvusSemanticTier tier = builder(collection).storage(storage).build()) {
      assertThatThrownBy(tier::ensureReady)
          .isInstanceOf(TierException.class)
          .hasMessageContaining("mmap");
      assertThat(
              Server.client()
                  .hasCollection(HasCollectionReq.builder().collectionName(collection).build()))
          .isFalse();
    }
  }

  @Test
  void aCollectionOfTheFirstSchemaIsServedUntilItsRowsExpired() {
    SemanticRow old = row("old", ONE, Rows.at(0.9));
    SemanticRow both = row("both", ONE, Rows.at(0.7));
    try (SettledTier before = ready(collection, builder(collection))) {
      before.store(old);
      before.store(both);
      assertThat(before.search(ONE, Rows.axis(0), 10)).hasSize(2);
      try (MilvusSemanticTier wrong = builder(collection).storage(PARTITIONED).build()) {
        assertThatThrownBy(wrong::ensureReady)
            .hasMessageContaining("schema version 1")
            .hasMessageContaining("this one as the previous one");
      }
      try (SettledTier after =
          ready(newer, builder(newer).storage(PARTITIONED).previousCollection(collection))) {
        after.store(row("new", ONE, Rows.at(0.8)));
        after.store(both);
        assertThat(after.search(ONE, Rows.axis(0), 10))
            .extracting(Neighbour::pointer)
            .containsExactly(old.pointer(), Rows.pointer("new"), both.pointer());
        assertThat(after.search(ONE, Rows.axis(0), 1))
            .extracting(Neighbour::pointer)
            .containsExactly(old.pointer());
        // The instance of the release before goes on beside it.
        before.store(row("late", OTHER, Rows.axis(0)));
        Server.count(collection);
        assertThat(after.search(OTHER, Rows.axis(0), 10)).hasSize(1);

        after.remove(old.pointer());
        Server.count(collection);
        assertThat(after.search(ONE, Rows.axis(0), 10)).hasSize(2);
        assertThat(Server.count(newer)).isEqualTo(2);
        clock.advance(Duration.ofHours(1));
        after.sweep();
        assertThat(Server.count(collection)).isZero();
      }
    }
  }

  @Test
  void aPreviousCollectionThatIsNotThereIsPassedOver() {
    try (SettledTier tier =
        ready(newer, builder(newer).storage(PARTITIONED).previousCollection(collection))) {
      tier.store(row("new", ONE, Rows.axis(0)));
      assertThat(tier.search(ONE, Rows.axis(0), 10)).hasSize(1);
      tier.remove(Rows.pointer("new"));
      tier.sweep();
      assertThat(
              Server.client()
                  .hasCollection(HasCollectionReq.builder().collectionName(collection).build()))
          .isFalse();
    }
  }

  @Test
  void aCollectionOfTheSecondSchemaIsRefusedWithOtherOptions() {
    try (MilvusSemanticTier tier = builder(collection).storage(PARTITIONED).build()) {
      tier.ensureReady();
    }
    try (MilvusSemanticTier plain = builder(collection).build()) {
      assertThatThrownBy(plain::ensureReady)
          .hasMessageContaining("schema version 2")
          .hasMessageContaining("set the same ones");
    }
    try (MilvusSemanticTier other =
        builder(collection)
            .storage(MilvusStorage.builder().index(Index.AUTOINDEX).build())
            .build()) {
      assertThatThrownBy(other::ensureReady).hasMessageContaining("partitioned by fingerprint");
    }
  }
}
