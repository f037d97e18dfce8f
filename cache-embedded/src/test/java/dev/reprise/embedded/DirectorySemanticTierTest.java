package dev.reprise.embedded;

import dev.reprise.testing.SemanticTierContract;
import dev.reprise.tier.SemanticTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class DirectorySemanticTierTest extends SemanticTierContract {
  @TempDir Path folder;

  private final List<DataDirectory> directories = new ArrayList<>();

  @Override
  protected SemanticTier create() throws IOException {
    DataDirectory directory =
        DataDirectory.builder(Files.createTempDirectory(folder, "data")).clock(clock).open();
    directories.add(directory);
    return directory.semanticTier(
        HnswSemanticTier.builder(DIMENSION).clock(clock).build(), "embedder");
  }

  @AfterEach
  void closeDirectories() {
    directories.forEach(DataDirectory::close);
  }

  @Override
  protected int recallSize() {
    return 2_000;
  }
}
