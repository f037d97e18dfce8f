package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.match.Matcher;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.NativeImageMetadata;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The artifact tells native-image what is loaded by name. */
class NativeImageTest {
  private static final NativeImageMetadata METADATA = NativeImageMetadata.of("reprise-core");

  @Test
  void whatIsNamedExists() {
    assertThat(METADATA.classes()).isNotEmpty();
    assertThat(METADATA.missing()).isEmpty();
  }

  @Test
  void everyResourceIsNamedAndEveryPatternIsOfOne() throws Exception {
    String known = "dev/reprise/engine/prices.properties";
    URL url = CacheEngine.class.getClassLoader().getResource(known);
    Path file = Path.of(url.toURI());
    Path root = file.getParent().getParent().getParent().getParent();
    List<String> resources;
    try (Stream<Path> files = Files.walk(root.resolve("dev/reprise"))) {
      resources =
          files
              .filter(Files::isRegularFile)
              .map(path -> root.relativize(path).toString().replace('\\', '/'))
              .filter(path -> !path.endsWith(".class"))
              .toList();
    }
    assertThat(resources).contains(known).allMatch(METADATA::includes);
    assertThat(METADATA.resources())
        .allMatch(pattern -> resources.stream().anyMatch(path -> pattern.matcher(path).matches()));
  }

  @Test
  void theClassesOfTheCachesAreNamed() {
    Embedder embedder = new HashEmbedder();
    try (CacheEngine engine =
        CacheEngine.builder()
            .semanticTier(
                new FlatSemanticTier(embedder.dimension(), InstantSource.system()), embedder)
            .matcher(Matcher.threshold(0.9))
            .build()) {
      assertThat(NativeImageMetadata.caffeineClasses(engine))
          .isNotEmpty()
          .isSubsetOf(METADATA.classes());
    }
  }
}
