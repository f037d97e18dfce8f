package dev.reprise.milvus;

import dev.reprise.testing.SemanticTierContract;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract on a real server, with the default consistency. */
@Execution(ExecutionMode.CONCURRENT)
class MilvusSemanticTierContractIT extends SemanticTierContract {
  /** What a server indexes by itself. Fewer rows it scans. */
  private static final int INDEXED_FROM = 1_000;

  private static final int BATCH = 1_000;

  private final IdentityHashMap<SemanticTier, String> collections = new IdentityHashMap<>();

  @Override
  protected SemanticTier create() {
    String collection = Server.newCollection();
    MilvusSemanticTier tier =
        Server.builder(Rows.EMBEDDER, DIMENSION)
            .collection(collection)
            .clock(clock)
            // What is tested here is what is found; how long it takes is MilvusFaultsIT's matter.
            .deadline(Duration.ofSeconds(20))
            .writeDeadline(Duration.ofSeconds(20))
            .build();
    collections.put(tier, collection);
    return tier;
  }

  @Override
  protected boolean seesWritesAtOnce() {
    return false;
  }

  @Override
  protected void storeAll(SemanticTier tier, List<SemanticRow> rows) {
    for (int from = 0; from < rows.size(); from += BATCH) {
      ((MilvusSemanticTier) tier).storeAll(rows.subList(from, Math.min(from + BATCH, rows.size())));
    }
  }

  @Override
  protected void settle(SemanticTier tier) throws Exception {
    String collection = collections.get(tier);
    // The count waits for all that was written before it. The searches of the contract do not.
    if (Server.count(collection) >= INDEXED_FROM) {
      Server.index(collection);
    }
  }

  @AfterEach
  void drop() {
    collections.values().forEach(Server::drop);
  }
}
