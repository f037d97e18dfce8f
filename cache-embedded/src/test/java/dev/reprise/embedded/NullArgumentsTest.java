package dev.reprise.embedded;

import dev.reprise.engine.CacheEngine;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.NullArguments;
import dev.reprise.verify.CalibrationJson;
import dev.reprise.verify.OnnxVerifier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Null is refused at once, and the parameter is named. */
class NullArgumentsTest {
  @Test
  void theIndexRefusesIt() {
    NullArguments.areRefusedBy(HnswSemanticTier.builder(3));
    NullArguments.areRefusedBy(EmbeddedCache.class, "builder");
    NullArguments.areRefusedBy(EmbeddedCache.class, "semanticTier");
  }

  @Test
  void theDirectoryRefusesIt(@TempDir Path directory) {
    NullArguments.areRefusedBy(DataDirectory.class, "builder");
    NullArguments.areRefusedBy(DataDirectory.class, "open");
    NullArguments.areRefusedBy(DataDirectory.builder(directory));
    try (DataDirectory data = DataDirectory.open(directory);
        HnswSemanticTier index = HnswSemanticTier.builder(3).build()) {
      NullArguments.areRefusedBy(data, index, new HashEmbedder(), CacheEngine.builder());
    }
  }

  @Test
  void theVerifierRefusesIt(@TempDir Path directory) {
    NullArguments.areRefusedBy(
        OnnxVerifier.class,
        "load",
        directory.resolve("model.onnx"),
        OnnxVerifier.load().calibration());
    NullArguments.areRefusedBy(CalibrationJson.class, "read");
    NullArguments.areRefusedBy(CalibrationJson.class, "write");
  }
}
