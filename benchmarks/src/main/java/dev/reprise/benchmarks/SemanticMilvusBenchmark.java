package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.model.CacheRequest;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A semantic hit on Milvus. Floor: the embedding, and a search of the same collection by the SDK.
 */
@State(Scope.Benchmark)
public class SemanticMilvusBenchmark {
  private static final int CANDIDATES = 5;

  /** How many entries are cached. */
  @Param({"1000", "10000", "100000"})
  public int entries;

  private SemanticCache cache;
  private Hits hits;
  private MilvusClientV2 client;
  private String collection = "";
  private String filter = "";

  /** Fills the exact tier; the collection is there. */
  @Setup(Level.Trial)
  public void fill() {
    collection = MilvusCollections.name(entries);
    client =
        new MilvusClientV2(
            ConnectConfig.builder()
                .uri(Servers.milvusUri())
                .rpcDeadlineMs(Servers.PATIENCE.toMillis())
                .build());
    MiniLmEmbedder embedder = MiniLmEmbedder.load();
    MilvusSemanticTier tier =
        MilvusSemanticTier.builder(Servers.milvusUri(), embedder)
            .collection(collection)
            .deadline(Servers.PATIENCE)
            .build();
    tier.ensureReady();
    cache = new SemanticCache(embedder, tier, entries, SemanticCache.THRESHOLD, rows -> {});
    hits = Hits.of(cache.engine, Workload::paraphrase);
    CacheRequest any = hits.anyRequest();
    String fingerprint = ((Question.Semantic) Canonicalizer.question(any)).fingerprint().hex();
    filter =
        "fingerprint == \"" + fingerprint + "\" and expires_at > " + System.currentTimeMillis();
    if (floor().getSearchResults().get(0).size() != CANDIDATES) {
      throw new IllegalStateException("the floor does not find what the cache has written");
    }
  }

  /** Closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    cache.engine.close();
    client.close();
  }

  private SearchResp floor() {
    Embedder.Embedding.Embedded embedded =
        (Embedder.Embedding.Embedded) cache.embedder.embed(hits.anyText());
    return client.search(
        SearchReq.builder()
            .collectionName(collection)
            .annsField("vector")
            .data(List.of(new FloatVec(embedded.vector().toArray())))
            .filter(filter)
            .limit(CANDIDATES)
            .outputFields(List.of("fingerprint"))
            .consistencyLevel(ConsistencyLevel.EVENTUALLY)
            .searchParams(Map.of("ef", MilvusSemanticTier.DEFAULT_EF))
            .build());
  }

  /** The floor and the cache in turn. */
  @Benchmark
  public Object reprise(Turn turn) {
    return turn.isFloors() ? floor() : cache.engine.getOrCompute(hits.anyRequest(), Expect.HIT);
  }
}
