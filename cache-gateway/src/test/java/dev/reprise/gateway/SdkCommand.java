package dev.reprise.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the commands that the tests with official SDKs need. */
final class SdkCommand {
  private SdkCommand() {}

  /** What a command did. */
  record Run(int status, String output) {}

  /** Runs a command in {@code folder}, and ends it after so many seconds. */
  static Run run(Path folder, List<String> command, int seconds)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("reprise-sdk", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return new Run(ended ? process.exitValue() : -1, Files.readString(log));
    } finally {
      Files.deleteIfExists(log);
    }
  }

  /**
   * Runs a command that makes something.
   *
   * @param need what it needs, for people
   * @throws IllegalStateException if it fails
   */
  static void make(Path folder, List<String> command, String need)
      throws IOException, InterruptedException {
    Run run = run(folder, command, 600);
    if (run.status() != 0) {
      throw new IllegalStateException(
          need + "; " + String.join(" ", command) + " failed:\n" + run.output());
    }
  }

  /** Returns the text of a resource beside this class. */
  static String resource(String name) throws IOException {
    try (InputStream in = SdkCommand.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
