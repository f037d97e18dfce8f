package dev.reprise.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Python with the official SDK, made once under target/. */
final class PythonEnvironment {
  private static final Path FOLDER = Path.of("target", "python-sdk").toAbsolutePath();

  private final Path python;

  private PythonEnvironment(Path python) {
    this.python = python;
  }

  /** What a script did. */
  record Run(int status, String output) {}

  /**
   * Returns the environment.
   *
   * @throws IllegalStateException if it cannot be made; the message says how to mend it
   */
  static PythonEnvironment sdk() throws IOException, InterruptedException {
    String requirements = resource("sdk-requirements.txt");
    Path python = FOLDER.resolve("bin").resolve("python3");
    Path marker = FOLDER.resolve("complete.txt");
    if (!Files.exists(marker) || !Files.readString(marker).equals(requirements)) {
      make(List.of("python3", "-m", "venv", "--clear", FOLDER.toString()));
      Path list = FOLDER.resolve("requirements.txt");
      Files.writeString(list, requirements);
      make(
          List.of(
              python.toString(),
              "-m",
              "pip",
              "install",
              "--quiet",
              "--disable-pip-version-check",
              "--no-input",
              "--requirement",
              list.toString()));
      Files.writeString(marker, requirements);
    }
    return new PythonEnvironment(python);
  }

  private static void make(List<String> command) throws IOException, InterruptedException {
    Run run = run(command, 600);
    if (run.status() != 0) {
      throw new IllegalStateException(
          "the tests with the official SDK need Python 3 with its venv module (Debian: apt-get"
              + " install python3-venv) that reaches PyPI; "
              + String.join(" ", command)
              + " failed:\n"
              + run.output());
    }
  }

  /** Runs a script that is a resource. */
  Run run(String script, String... arguments) throws IOException, InterruptedException {
    Path file = FOLDER.resolve(script);
    Files.writeString(file, resource(script));
    List<String> command = new ArrayList<>(List.of(python.toString(), file.toString()));
    command.addAll(List.of(arguments));
    return run(command, 120);
  }

  private static Run run(List<String> command, int seconds)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("reprise-python", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
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

  private static String resource(String name) throws IOException {
    try (InputStream in = PythonEnvironment.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
