package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.testing.NativeImageMetadata;
import org.junit.jupiter.api.Test;

/** Keys stay complete in a native image, where a class may hide its fields. */
class NativeImageTest {
  @Test
  void aClassWhoseFieldsCannotBeSeenIsNotMapped() {
    assertThat(Fields.read(Hidden.class, false)).isEmpty();
    assertThatThrownBy(() -> Fields.read(Hidden.class, true))
        .isInstanceOf(UnmappableException.class)
        .hasMessageContaining("register");
  }

  @Test
  void whatIsNamedExists() {
    NativeImageMetadata metadata = NativeImageMetadata.of("reprise-spring-ai");
    assertThat(metadata.classes()).isNotEmpty();
    assertThat(metadata.missing()).isEmpty();
  }

  /** As every class is in a native image that does not name it. */
  static final class Hidden {}
}
