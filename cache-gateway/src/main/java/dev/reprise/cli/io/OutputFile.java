package dev.reprise.cli.io;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checks, before the work, that what comes of it can be written. */
public final class OutputFile {
  private OutputFile() {}

  /** Fails where {@code file} cannot be created. */
  public static void require(String option, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new InputException(option + " " + file + ": there is no folder " + folder);
    }
    if (Files.isDirectory(file)) {
      throw new InputException(option + " " + file + " is a folder; name a file");
    }
  }
}
