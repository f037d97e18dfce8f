package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.milvus.MilvusStorage.Index;
import dev.reprise.milvus.MilvusStorage.Memory;
import dev.reprise.milvus.MilvusStorage.Partitions;
import dev.reprise.tier.SemanticRow;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.UpsertRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is asked of servers that cannot be had for the tests. That they do it is not tested here.
 */
class NewerServerTest {
  private final SemanticRow row =
      new SemanticRow(
          Rows.pointer("one"),
          Rows.fingerprint("scope"),
          Rows.axis(0),
          Instant.now().plus(Duration.ofHours(1)));

  private static MilvusSemanticTier tier(FakeMilvus server, MilvusStorage storage) {
    MilvusSemanticTier tier =
        MilvusSemanticTier.builder(server.uri(), Rows.EMBEDDER, Rows.DIMENSION)
            .storage(storage)
            .deadline(Duration.ofSeconds(10))
            .build();
    tier.ensureReady();
    return tier;
  }

  @Test
  void aPartitionKeyIsIsolatedWhereTheServerCan() throws Exception {
    MilvusStorage storage =
        MilvusStorage.builder()
            .partitions(Partitions.BY_FINGERPRINT)
            .memory(Memory.MAPPED)
            .timeToLive(Duration.ofDays(2))
            .build();
    try (FakeMilvus server = new FakeMilvus("v2.6.16");
        MilvusSemanticTier tier = tier(server, storage)) {
      CreateCollectionRequest created = server.requests(CreateCollectionRequest.class).get(0);
      assertThat(FakeMilvus.pairs(created.getPropertiesList()))
          .containsEntry("partitionkey.isolation", "true")
          .containsEntry("mmap.enabled", "true")
          .containsEntry("collection.ttl.seconds", "172800")
          .containsEntry("reprise", "reprise/2 " + Rows.EMBEDDER);
      assertThat(created.getNumPartitions()).isEqualTo(16);
      assertThat(CollectionSchema.parseFrom(created.getSchema()).getFieldsList())
          .filteredOn(FieldSchema::getIsPartitionKey)
          .extracting(FieldSchema::getName)
          .containsExactly("fingerprint");
      assertThat(index(server))
          .containsEntry("index_type", "HNSW")
          .containsEntry("mmap.enabled", "true");

      tier.store(row);
      tier.search(row.fingerprint(), Rows.axis(0), 3);

      assertThat(server.requests(UpsertRequest.class)).hasSize(1);
      assertThat(server.requests(InsertRequest.class)).isEmpty();
      // An isolated collection refuses every search that does not name one partition key.
      assertThat(server.requests(SearchRequest.class))
          .allSatisfy(
              search ->
                  assertThat(search.getDsl())
                      .matches("fingerprint == \"[0-9a-f]{64}\" and expires_at > \\d+"));
    }
  }

  @Test
  void milvus2_4HasPartitionsWithoutIsolation() throws Exception {
    MilvusStorage storage = MilvusStorage.builder().partitions(Partitions.BY_FINGERPRINT).build();
    try (FakeMilvus server = new FakeMilvus("v2.4.23");
        MilvusSemanticTier tier = tier(server, storage)) {
      tier.store(row);
      assertThat(
              FakeMilvus.pairs(
                  server.requests(CreateCollectionRequest.class).get(0).getPropertiesList()))
          .doesNotContainKey("partitionkey.isolation");
      assertThat(server.requests(UpsertRequest.class)).hasSize(1);
    }
  }

  @Test
  void milvus2_3IsNeverAskedToUpsertIntoPartitions() throws Exception {
    MilvusStorage storage = MilvusStorage.builder().partitions(Partitions.BY_FINGERPRINT).build();
    try (FakeMilvus server = new FakeMilvus("v2.3.5");
        MilvusSemanticTier tier = tier(server, storage)) {
      tier.store(row);
      assertThat(server.requests(UpsertRequest.class)).isEmpty();
      assertThat(server.requests(DeleteRequest.class))
          .extracting(DeleteRequest::getExpr)
          .containsExactly("pointer in [\"" + row.pointer().hex() + "\"]");
      assertThat(server.requests(InsertRequest.class)).hasSize(1);
    }
  }

  @Test
  void aQuantisedIndexIsMadeAndSearchedWithItsParameters() throws Exception {
    MilvusStorage storage =
        MilvusStorage.builder()
            .index(Index.IVF_RABITQ)
            .indexParameter("nlist", "2048")
            .searchParameter("nprobe", "32")
            .build();
    try (FakeMilvus server = new FakeMilvus("v2.6.16");
        MilvusSemanticTier tier = tier(server, storage)) {
      assertThat(index(server))
          .containsEntry("index_type", "IVF_RABITQ")
          .containsEntry("metric_type", "COSINE");
      assertThat(index(server).toString()).contains("2048", "SQ8");

      tier.search(row.fingerprint(), Rows.axis(0), 3);

      List<SearchRequest> searches = server.requests(SearchRequest.class);
      SearchRequest last = searches.get(searches.size() - 1);
      assertThat(last.getOutputFieldsList()).containsExactly("fingerprint", "vector");
      String parameters = FakeMilvus.pairs(last.getSearchParamsList()).toString();
      assertThat(parameters).contains("\"nprobe\":32", "\"refine_k\":2", "topk=6");
      assertThat(parameters).doesNotContain("\"ef\"");
    }
  }

  @Test
  void anOlderServerIsRefusedBeforeAnythingIsCreated() throws Exception {
    MilvusStorage storage = MilvusStorage.builder().index(Index.IVF_RABITQ).build();
    try (FakeMilvus server = new FakeMilvus("v2.5.27")) {
      assertThatThrownBy(() -> tier(server, storage))
          .hasMessageContaining("2.5.27")
          .hasMessageContaining("IVF_RABITQ needs 2.6 or newer");
      assertThat(server.requests(CreateCollectionRequest.class)).isEmpty();
    }
  }

  private static Map<String, String> index(FakeMilvus server) {
    return server.requests(CreateIndexRequest.class).stream()
        .filter(request -> request.getFieldName().equals("vector"))
        .map(request -> FakeMilvus.pairs(request.getExtraParamsList()))
        .findFirst()
        .orElseThrow();
  }
}
