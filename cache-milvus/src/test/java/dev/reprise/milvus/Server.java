package dev.reprise.milvus;

import dev.reprise.testing.Eventually;
import dev.reprise.testservers.MilvusServer;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.IndexBuildState;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.response.DescribeIndexResp;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.QueryReq;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The Milvus that the integration tests share, and a plain client of it. */
final class Server {
  private static final AtomicInteger COLLECTIONS = new AtomicInteger();

  /** A busy machine needs more than a minute for the contract's ten thousand rows. */
  private static final Duration INDEX_PATIENCE = Duration.ofMinutes(5);

  private Server() {}

  private static final class Holder {
    static final MilvusServer SERVER = MilvusServer.shared();
    static final MilvusClientV2 CLIENT = client();

    private static MilvusClientV2 client() {
      ConnectConfig.ConnectConfigBuilder config =
          ConnectConfig.builder().uri(SERVER.uri()).keepAliveWithoutCalls(false);
      SERVER.token().ifPresent(config::token);
      return new MilvusClientV2(config.build());
    }
  }

  static MilvusServer shared() {
    return Holder.SERVER;
  }

  static String uri() {
    return Holder.SERVER.uri();
  }

  static MilvusClientV2 client() {
    return Holder.CLIENT;
  }

  /** Starts a tier on the shared server, with the token that it asks for. */
  static MilvusSemanticTier.Builder builder(String embedderId, int dimension) {
    return builder(uri(), embedderId, dimension);
  }

  /** Starts a tier on a way to the shared server. */
  static MilvusSemanticTier.Builder builder(String uri, String embedderId, int dimension) {
    MilvusSemanticTier.Builder builder = MilvusSemanticTier.builder(uri, embedderId, dimension);
    shared().token().ifPresent(builder::token);
    return builder;
  }

  /** Returns a name that no collection has, also on a server that outlives this JVM. */
  static String newCollection() {
    return "reprise_test_"
        + ProcessHandle.current().pid()
        + "_"
        + System.nanoTime()
        + "_"
        + COLLECTIONS.incrementAndGet();
  }

  static void drop(String collection) {
    client().dropCollection(DropCollectionReq.builder().collectionName(collection).build());
  }

  /** Returns how many rows there are, once the server has taken in all that was written. */
  static long count(String collection) {
    Object count =
        client()
            .query(
                QueryReq.builder()
                    .collectionName(collection)
                    .filter("")
                    .outputFields(List.of("count(*)"))
                    .consistencyLevel(ConsistencyLevel.STRONG)
                    .build())
            .getQueryResults()
            .get(0)
            .getEntity()
            .get("count(*)");
    return ((Number) count).longValue();
  }

  /**
   * Has the rows put into the HNSW index, which a server does by itself only when they are many.
   */
  static void index(String collection) {
    client().flush(FlushReq.builder().collectionNames(List.of(collection)).build());
    Eventually.that(
        "all rows are indexed",
        INDEX_PATIENCE,
        () -> {
          DescribeIndexResp.IndexDesc index = describe(collection);
          return index.getIndexState() == IndexBuildState.Finished
              && index.getPendingIndexRows() == 0;
        });
  }

  private static DescribeIndexResp.IndexDesc describe(String collection) {
    return client()
        .describeIndex(
            DescribeIndexReq.builder().collectionName(collection).fieldName(Schema.VECTOR).build())
        .getIndexDescByFieldName(Schema.VECTOR);
  }
}
