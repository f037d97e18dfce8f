package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.embed.Vector;
import dev.reprise.key.Fingerprint;
import dev.reprise.testing.FakeClock;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.TierException;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.index.request.CreateIndexReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MilvusSemanticTierIT {
  private static final Fingerprint ONE = Rows.fingerprint("one");
  private static final Fingerprint OTHER = Rows.fingerprint("other");

  private final FakeClock clock = new FakeClock();
  private final String collection = Server.newCollection();
  private SettledTier tier;

  private MilvusSemanticTier.Builder builder() {
    return Server.builder(Rows.EMBEDDER, Rows.DIMENSION)
        .collection(collection)
        .clock(clock)
        // What is tested here is what is found; how long it takes is FaultsIT's matter.
        .deadline(Duration.ofSeconds(20));
  }

  @BeforeEach
  void start() {
    tier = new SettledTier(builder().build(), collection);
    tier.ensureReady();
  }

  @AfterEach
  void drop() {
    tier.close();
    Server.drop(collection);
  }

  private SemanticRow row(String name, Fingerprint fingerprint, Vector vector) {
    return new SemanticRow(
        Rows.pointer(name), fingerprint, vector, clock.now().plus(Duration.ofHours(1)));
  }

  @Test
  void theCollectionIsMadeAsItIsToldTo() {
    var found =
        Server.client()
            .describeCollection(DescribeCollectionReq.builder().collectionName(collection).build());
    assertThat(found.getFieldNames())
        .containsExactlyInAnyOrder("pointer", "fingerprint", "expires_at", "vector");
    assertThat(found.getPrimaryFieldName()).isEqualTo("pointer");
    assertThat(found.getProperties()).containsEntry("reprise", "reprise/1 " + Rows.EMBEDDER);
    var index =
        Server.client()
            .describeIndex(
                DescribeIndexReq.builder().collectionName(collection).fieldName("vector").build())
            .getIndexDescByFieldName("vector");
    assertThat(index.getIndexType()).isEqualTo(IndexParam.IndexType.HNSW);
    assertThat(index.getMetricType()).isEqualTo(IndexParam.MetricType.COSINE);
  }

  @Test
  void findsTheNearestFirstWithTheirRawCosines() {
    tier.store(row("opposite", ONE, Rows.at(-1)));
    tier.store(row("near", ONE, Rows.at(0.9)));
    tier.store(row("same", ONE, Rows.at(1)));
    tier.store(row("unrelated", ONE, Rows.at(0)));

    List<Neighbour> found = tier.search(ONE, Rows.axis(0), 10);

    assertThat(found)
        .extracting(Neighbour::pointer)
        .containsExactly(
            Rows.pointer("same"),
            Rows.pointer("near"),
            Rows.pointer("unrelated"),
            Rows.pointer("opposite"));
    double[] cosines = {1, 0.9, 0, -1};
    for (int i = 0; i < cosines.length; i++) {
      assertThat(found.get(i).similarity().cosine()).isCloseTo(cosines[i], within(1e-5));
      assertThat(found.get(i).fingerprint()).isEqualTo(ONE);
    }
    assertThat(tier.search(ONE, Rows.axis(0), 2)).hasSize(2);
  }

  @Test
  void findsNothingOfAnotherFingerprint() {
    tier.store(row("mine", ONE, Rows.axis(0)));
    tier.store(row("yours", OTHER, Rows.axis(0)));

    assertThat(tier.search(ONE, Rows.axis(0), 10))
        .extracting(Neighbour::pointer)
        .containsExactly(Rows.pointer("mine"));
    assertThat(tier.search(Rows.fingerprint("third"), Rows.axis(0), 10)).isEmpty();
  }

  @Test
  void aRowReplacesTheOneWithTheSamePointer() {
    tier.store(row("same", ONE, Rows.axis(0)));
    tier.store(row("same", OTHER, Rows.axis(1)));
    assertThat(tier.search(ONE, Rows.axis(0), 10)).isEmpty();
    assertThat(tier.search(OTHER, Rows.axis(1), 10)).hasSize(1);

    for (int i = 0; i < 5; i++) {
      tier.store(row("same", ONE, Rows.axis(i)));
      assertThat(tier.search(ONE, Rows.axis(i), 10)).hasSize(1);
    }
    assertThat(tier.search(OTHER, Rows.axis(1), 10)).isEmpty();
    assertThat(Server.count(collection)).isEqualTo(1);
  }

  @Test
  void anExpiredRowIsNeitherStoredNorFound() {
    tier.store(
        new SemanticRow(
            Rows.pointer("short"), ONE, Rows.at(1), clock.now().plus(Duration.ofSeconds(10))));
    tier.store(row("long", ONE, Rows.at(0.5)));
    tier.store(new SemanticRow(Rows.pointer("dead"), ONE, Rows.at(0.9), clock.now()));
    assertThat(tier.search(ONE, Rows.axis(0), 10)).hasSize(2);

    clock.advance(Duration.ofSeconds(10).minusMillis(1));
    assertThat(tier.search(ONE, Rows.axis(0), 10)).hasSize(2);
    clock.advance(Duration.ofMillis(1));
    assertThat(tier.search(ONE, Rows.axis(0), 10))
        .extracting(Neighbour::pointer)
        .containsExactly(Rows.pointer("long"));
  }

  @Test
  void sweepingRemovesTheExpiredRowsOnly() {
    tier.store(
        new SemanticRow(
            Rows.pointer("short"), ONE, Rows.at(1), clock.now().plus(Duration.ofSeconds(10))));
    tier.store(row("long", OTHER, Rows.at(0.5)));
    tier.settle();
    tier.sweep();
    assertThat(Server.count(collection)).isEqualTo(2);

    clock.advance(Duration.ofSeconds(10));
    tier.sweep();

    assertThat(Server.count(collection)).isEqualTo(1);
    assertThat(tier.search(OTHER, Rows.axis(0), 10)).hasSize(1);
  }

  @Test
  void removesOneRow() {
    tier.store(row("gone", ONE, Rows.at(1)));
    tier.store(row("kept", ONE, Rows.at(0.9)));
    tier.settle();

    tier.remove(Rows.pointer("gone"));
    tier.remove(Rows.pointer("was never there"));

    assertThat(tier.search(ONE, Rows.axis(0), 10))
        .extracting(Neighbour::pointer)
        .containsExactly(Rows.pointer("kept"));
  }

  @Test
  void manyRowsGoIntoOneRequest() {
    try (MilvusSemanticTier writer = builder().build()) {
      writer.ensureReady();
      writer.storeAll(List.of());
      writer.storeAll(
          List.of(
              row("first", ONE, Rows.at(1)),
              new SemanticRow(Rows.pointer("dead"), ONE, Rows.at(0.9), clock.now()),
              row("other", OTHER, Rows.at(1)),
              row("second", ONE, Rows.at(0.8))));
    }
    assertThat(Server.count(collection)).isEqualTo(3);
    assertThat(tier.search(ONE, Rows.axis(0), 10))
        .extracting(Neighbour::pointer)
        .containsExactly(Rows.pointer("first"), Rows.pointer("second"));
  }

  @Test
  void beingReadyTwiceChangesNothing() {
    tier.store(row("kept", ONE, Rows.axis(0)));
    tier.ensureReady();
    assertThat(tier.search(ONE, Rows.axis(0), 1)).hasSize(1);
  }

  @Test
  void manyMayMakeTheSameCollectionAtOnce() throws Exception {
    String contested = Server.newCollection();
    int count = 4;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(count);
    List<Future<?>> ready = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ready.add(
          threads.submit(
              () -> {
                try (MilvusSemanticTier one = builder().collection(contested).build()) {
                  start.await();
                  one.ensureReady();
                  one.search(ONE, Rows.axis(0), 1);
                }
                return null;
              }));
    }
    start.countDown();
    try {
      for (Future<?> future : ready) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
      Server.drop(contested);
    }
  }

  @Test
  void aCollectionOfAnotherDimensionIsRefused() {
    try (MilvusSemanticTier wrong =
        Server.builder(Rows.EMBEDDER, 3).collection(collection).build()) {
      refused(wrong, "dimension 64", "dimension 3");
      assertThatThrownBy(() -> wrong.search(ONE, Vector.normalized(new float[] {1, 2, 3}), 1))
          .isInstanceOf(TierException.class)
          .hasMessageContaining("dimension 64");
    }
  }

  @Test
  void aCollectionOfAnotherEmbedderIsRefused() {
    try (MilvusSemanticTier wrong =
        Server.builder("other/2", Rows.DIMENSION).collection(collection).build()) {
      refused(wrong, "embedder " + Rows.EMBEDDER, "other/2");
    }
  }

  @Test
  void aCollectionOfAnotherMetricOrIndexIsRefused() {
    refusedWithIndex(
        IndexParam.IndexType.HNSW, IndexParam.MetricType.IP, "metric IP", "needs COSINE");
    refusedWithIndex(
        IndexParam.IndexType.IVF_FLAT, IndexParam.MetricType.COSINE, "IVF_FLAT", "needs HNSW");
  }

  private void refusedWithIndex(
      IndexParam.IndexType type, IndexParam.MetricType metric, String... words) {
    String foreign = Server.newCollection();
    create(foreign, "reprise/1 " + Rows.EMBEDDER);
    Server.client()
        .createIndex(
            CreateIndexReq.builder()
                .collectionName(foreign)
                .sync(false)
                .indexParams(
                    List.of(
                        IndexParam.builder()
                            .fieldName("vector")
                            .indexName("vector")
                            .indexType(type)
                            .metricType(metric)
                            .extraParams(
                                java.util.Map.of("M", 16, "efConstruction", 200, "nlist", 16))
                            .build()))
                .build());
    try (MilvusSemanticTier wrong = builder().collection(foreign).build()) {
      refused(wrong, words);
    } finally {
      Server.drop(foreign);
    }
  }

  @Test
  void aCollectionThatIsNotOursIsRefused() {
    String foreign = Server.newCollection();
    create(foreign, "somebody's");
    try (MilvusSemanticTier wrong = builder().collection(foreign).build()) {
      refused(wrong, "not made by Reprise");
    } finally {
      Server.drop(foreign);
    }
  }

  @Test
  void aCollectionOfAnotherSchemaVersionIsRefused() {
    String newer = Server.newCollection();
    create(newer, "reprise/3 " + Rows.EMBEDDER);
    try (MilvusSemanticTier wrong = builder().collection(newer).build()) {
      refused(wrong, "schema version 3", "reads 1 and 2");
    } finally {
      Server.drop(newer);
    }
  }

  private static void create(String collection, String marker) {
    var schema = CreateCollectionReq.CollectionSchema.builder().build();
    schema.addField(
        AddFieldReq.builder()
            .fieldName("pointer")
            .dataType(DataType.VarChar)
            .maxLength(64)
            .isPrimaryKey(true)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("vector")
            .dataType(DataType.FloatVector)
            .dimension(Rows.DIMENSION)
            .build());
    Server.client()
        .createCollection(
            CreateCollectionReq.builder()
                .collectionName(collection)
                .description(marker)
                .property("reprise", marker)
                .collectionSchema(schema)
                .build());
  }

  private static void refused(MilvusSemanticTier tier, String... words) {
    assertThatThrownBy(tier::ensureReady)
        .isInstanceOf(TierException.class)
        .hasMessageContaining("tier milvus")
        .hasMessageContaining("use another collection name, or drop it")
        .hasMessageContainingAll(words);
  }
}
