package dev.reprise.milvus;

import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.NullArguments;
import org.junit.jupiter.api.Test;

/** Null is refused at once, and the parameter is named. */
class NullArgumentsTest {
  private static final String URI = "http://127.0.0.1:1";

  @Test
  void theTierRefusesIt() {
    NullArguments.areRefusedBy(MilvusSemanticTier.class, "builder", URI, new HashEmbedder(), 3);
    NullArguments.areRefusedBy(MilvusSemanticTier.builder(URI, new HashEmbedder()));
  }

  @Test
  void theStorageRefusesIt() {
    NullArguments.areRefusedBy(MilvusStorage.builder());
  }
}
