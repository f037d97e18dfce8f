package dev.reprise.embedded;

import dev.reprise.testing.ExactTierContract;
import dev.reprise.testing.FakeClock;
import dev.reprise.tier.ExactTier;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryExactTierTest extends ExactTierContract {
  @TempDir Path folder;

  @Override
  protected ExactTier createTier(FakeClock clock) {
    return DataDirectory.builder(folder).clock(clock).open().exactTier();
  }
}
