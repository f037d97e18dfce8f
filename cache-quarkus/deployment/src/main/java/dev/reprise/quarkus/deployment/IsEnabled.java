package dev.reprise.quarkus.deployment;

import dev.reprise.quarkus.runtime.RepriseBuildConfig;
import java.util.function.BooleanSupplier;

/** Whether {@code quarkus.reprise.enabled} is true. */
final class IsEnabled implements BooleanSupplier {
  private final RepriseBuildConfig config;

  IsEnabled(RepriseBuildConfig config) {
    this.config = config;
  }

  @Override
  public boolean getAsBoolean() {
    return config.enabled();
  }
}
