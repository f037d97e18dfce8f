package dev.reprise.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromiumBrowserTest {
  private static final Path FETCHED = Path.of("fetched");

  @TempDir private Path folder;

  private Path executable(String name) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return file;
  }

  private Path find(Optional<String> named) {
    String path = folder.resolve("none") + File.pathSeparator + folder.resolve("bin");
    return ChromiumBrowser.executable(named, path, () -> FETCHED);
  }

  @Test
  void theNamedOneGoesBeforeTheSystems() throws IOException {
    Path named = executable("mine");
    executable("chromium");
    assertThat(find(Optional.of(named.toString()))).isEqualTo(named);
  }

  @Test
  void theSystemsIsTakenWhereThereIsOne() throws IOException {
    Path chrome = executable("google-chrome");
    assertThat(find(Optional.empty())).isEqualTo(chrome);
    assertThat(find(Optional.empty())).isNotEqualTo(executable("chromium"));
    assertThat(find(Optional.empty())).isEqualTo(folder.resolve("bin").resolve("chromium"));
  }

  @Test
  void oneIsFetchedWhereTheSystemHasNone() {
    assertThat(find(Optional.empty())).isEqualTo(FETCHED);
  }

  @Test
  void aNamedFileThatIsNoExecutableIsRefused() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> find(Optional.of(missing.toString())))
        .isInstanceOf(TestServerException.class)
        .hasMessageContaining("REPRISE_CHROMIUM is " + missing);
  }
}
