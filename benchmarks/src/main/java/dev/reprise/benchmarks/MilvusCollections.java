package dev.reprise.benchmarks;

import dev.reprise.embed.Vector;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.tier.SemanticRow;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.response.DescribeIndexResp;
import io.milvus.v2.service.utility.request.FlushReq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The collections that the benchmarks search: filled once, before the forks, flushed and indexed,
 * so that the floor and the cache meet the same graph.
 */
final class MilvusCollections implements AutoCloseable {
  private static final int BATCH = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int INDEX_CHECKS = 1_200;
  private static final long INDEX_CHECK_MILLISECONDS = 500;

  private final String uri;
  private final MilvusClientV2 client;
  private final List<String> collections = new ArrayList<>();

  MilvusCollections(String uri) {
    this.uri = uri;
    client =
        new MilvusClientV2(
            ConnectConfig.builder().uri(uri).rpcDeadlineMs(PATIENCE.toMillis()).build());
  }

  static String name(int entries) {
    return "benchmark_" + entries;
  }

  void fill(MiniLmEmbedder embedder, List<Vector> vectors, int entries)
      throws InterruptedException {
    String name = name(entries);
    drop(name);
    collections.add(name);
    try (MilvusSemanticTier tier =
        MilvusSemanticTier.builder(uri, embedder)
            .collection(name)
            .writeDeadline(PATIENCE)
            .build()) {
      tier.ensureReady();
      List<SemanticRow> batch = new ArrayList<>(BATCH);
      for (int i = 0; i < entries; i++) {
        batch.add(Workload.row(i, Workload.entry(i), vectors));
        if (batch.size() == BATCH || i == entries - 1) {
          tier.storeAll(batch);
          batch.clear();
        }
      }
    }
    client.flush(
        FlushReq.builder()
            .collectionNames(List.of(name))
            .waitFlushedTimeoutMs(PATIENCE.toMillis())
            .build());
    awaitIndex(name, entries);
  }

  private void awaitIndex(String name, int entries) throws InterruptedException {
    DescribeIndexReq request =
        DescribeIndexReq.builder().collectionName(name).fieldName("vector").build();
    for (int i = 0; i < INDEX_CHECKS; i++) {
      DescribeIndexResp.IndexDesc index =
          client.describeIndex(request).getIndexDescByFieldName("vector");
      if (index.getIndexedRows() >= entries && index.getPendingIndexRows() == 0) {
        return;
      }
      Thread.sleep(INDEX_CHECK_MILLISECONDS);
    }
    throw new IllegalStateException(
        "Milvus has not indexed the collection " + name + " in 10 minutes");
  }

  private void drop(String name) {
    if (client.hasCollection(HasCollectionReq.builder().collectionName(name).build())) {
      client.dropCollection(DropCollectionReq.builder().collectionName(name).build());
    }
  }

  /** Drops the collections. */
  @Override
  public void close() {
    collections.forEach(this::drop);
    client.close();
  }
}
