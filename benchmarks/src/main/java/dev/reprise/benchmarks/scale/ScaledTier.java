package dev.reprise.benchmarks.scale;

import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.response.DescribeIndexResp;
import io.milvus.v2.service.utility.request.FlushReq;
import java.time.Duration;
import java.util.List;

/** A tier that is filled and measured. */
interface ScaledTier extends AutoCloseable {
  int DIMENSION = 384;

  SemanticTier tier();

  void store(List<SemanticRow> rows);

  /** Waits until what was stored is searched as it will be from then on. */
  void settle(int rows) throws InterruptedException;

  @Override
  void close();

  static ScaledTier embedded(int maximumEntries) {
    SemanticTier tier =
        HnswSemanticTier.builder(DIMENSION).maximumEntries(2 * maximumEntries).build();
    return new ScaledTier() {
      @Override
      public SemanticTier tier() {
        return tier;
      }

      @Override
      public void store(List<SemanticRow> rows) {
        // By as many threads as there are processors.
        rows.parallelStream().forEach(tier::store);
      }

      @Override
      public void settle(int rows) {}

      @Override
      public void close() {
        tier.close();
      }
    };
  }

  static ScaledTier milvus(String uri) {
    return new OnMilvus(uri);
  }

  /** A collection that is dropped at the end. */
  final class OnMilvus implements ScaledTier {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration INDEX_PATIENCE = Duration.ofMinutes(30);
    private static final String COLLECTION = "bench_scale";

    private final MilvusSemanticTier tier;
    private final MilvusClientV2 client;

    private OnMilvus(String uri) {
      client =
          new MilvusClientV2(
              ConnectConfig.builder().uri(uri).rpcDeadlineMs(PATIENCE.toMillis()).build());
      tier =
          MilvusSemanticTier.builder(uri, "synthetic", DIMENSION)
              .collection(COLLECTION)
              // What is slow is to be measured, not cut off.
              .deadline(PATIENCE)
              .writeDeadline(PATIENCE)
              .build();
      tier.ensureReady();
    }

    @Override
    public SemanticTier tier() {
      return tier;
    }

    @Override
    public void store(List<SemanticRow> rows) {
      tier.storeAll(rows);
    }

    @Override
    public void settle(int rows) throws InterruptedException {
      client.flush(
          FlushReq.builder()
              .collectionNames(List.of(COLLECTION))
              .waitFlushedTimeoutMs(PATIENCE.toMillis())
              .build());
      DescribeIndexReq request =
          DescribeIndexReq.builder().collectionName(COLLECTION).fieldName("vector").build();
      long end = System.nanoTime() + INDEX_PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        DescribeIndexResp.IndexDesc index =
            client.describeIndex(request).getIndexDescByFieldName("vector");
        if (index.getIndexedRows() >= rows && index.getPendingIndexRows() == 0) {
          return;
        }
        Thread.sleep(500);
      }
      throw new IllegalStateException("Milvus has not indexed " + rows + " rows in 30 minutes");
    }

    @Override
    public void close() {
      client.dropCollection(DropCollectionReq.builder().collectionName(COLLECTION).build());
      client.close();
      tier.close();
    }
  }
}
