package dev.reprise.milvus;

import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.SemanticTierContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real server, with the default consistency. */
class MilvusSemanticTierContractIT extends SemanticTierContract {
  private final List<String> collections = new ArrayList<>();

  @Override
  protected SemanticTier create() {
    String collection = Server.newCollection();
    collections.add(collection);
    MilvusSemanticTier tier =
        MilvusSemanticTier.builder(Server.uri(), Rows.EMBEDDER, DIMENSION)
            .collection(collection)
            .clock(clock)
            // What is tested here is what is found; how long it takes is MilvusFaultsIT's matter.
            .deadline(Duration.ofSeconds(20))
            .writeDeadline(Duration.ofSeconds(20))
            .build();
    return new SettledTier(tier, Server.client(), collection);
  }

  @Override
  protected void settle(SemanticTier tier) throws Exception {
    SettledTier settled = (SettledTier) tier;
    if (settled.stored() >= 1_000) {
      Server.index(settled.collection());
    }
    settled.settle();
  }

  @AfterEach
  void drop() {
    collections.forEach(Server::drop);
  }
}
