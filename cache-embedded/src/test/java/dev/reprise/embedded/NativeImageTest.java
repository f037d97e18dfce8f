package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.testing.NativeImageMetadata;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The artifacts tell native-image what native code and Caffeine load by name. */
class NativeImageTest {
  private static final NativeImageMetadata METADATA = NativeImageMetadata.of("reprise-embedded");

  @Test
  void whatIsNamedExists() {
    assertThat(METADATA.classes()).contains("ai.onnxruntime.TensorInfo");
    assertThat(METADATA.missing()).isEmpty();
  }

  @Test
  void theModelsAndTheLibrariesAreNamed() {
    ClassLoader loader = NativeImageTest.class.getClassLoader();
    for (String path :
        List.of(
            "all-minilm-l6-v2-q.onnx",
            "all-minilm-l6-v2-q-tokenizer.json",
            "ai/onnxruntime/native/linux-x64/libonnxruntime.so",
            "ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so",
            "ai/onnxruntime/native/osx-aarch64/libonnxruntime.dylib",
            "native/lib/tokenizers.properties",
            "native/lib/linux-x86_64/cpu/libtokenizers.so")) {
      assertThat(loader.getResource(path)).as(path).isNotNull();
      assertThat(METADATA.includes(path)).as(path).isTrue();
    }
    NativeImageMetadata verifier = NativeImageMetadata.of("reprise-verifier-model");
    for (String name : List.of("verifier.onnx", "verifier.json", "calibration.json")) {
      String path = "dev/reprise/verifier/" + name;
      assertThat(loader.getResource(path)).as(path).isNotNull();
      assertThat(verifier.includes(path)).as(path).isTrue();
    }
  }

  @Test
  void theClassesOfTheCachesAreNamed() {
    Set<String> named = new TreeSet<>(METADATA.classes());
    named.addAll(NativeImageMetadata.of("reprise-core").classes());
    try (CacheEngine engine = EmbeddedCache.builder().build()) {
      assertThat(NativeImageMetadata.caffeineClasses(engine)).isNotEmpty().isSubsetOf(named);
    }
  }
}
