package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.NativeImageMetadata;
import org.junit.jupiter.api.Test;

/** The artifact tells native-image what is called by name. */
class NativeImageTest {
  @Test
  void whatIsNamedExists() {
    NativeImageMetadata metadata = NativeImageMetadata.of("reprise-redis");
    assertThat(metadata.classes()).hasSize(2);
    assertThat(metadata.missing()).isEmpty();
  }
}
