package dev.reprise.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Python with what a resource lists, made once under target/. */
final class PythonEnvironment {
  private static final String NEED =
      "the tests with official SDKs need Python 3 with its venv module (Debian: apt-get install"
          + " python3-venv) that reaches PyPI";

  private final Path folder;

  private PythonEnvironment(Path folder) {
    this.folder = folder;
  }

  /** Returns the environment with the official SDK. */
  static PythonEnvironment sdk() throws IOException, InterruptedException {
    return of("python-sdk");
  }

  /**
   * Returns the environment of this name, with what the resource {@code NAME-requirements.txt}
   * lists.
   *
   * @throws IllegalStateException if it cannot be made; the message says how to mend it
   */
  static PythonEnvironment of(String name) throws IOException, InterruptedException {
    PythonEnvironment made = new PythonEnvironment(Path.of("target", name).toAbsolutePath());
    made.make(SdkCommand.resource(name + "-requirements.txt"));
    return made;
  }

  private void make(String requirements) throws IOException, InterruptedException {
    Path marker = folder.resolve("complete.txt");
    if (Files.exists(marker) && Files.readString(marker).equals(requirements)) {
      return;
    }
    Files.createDirectories(folder);
    SdkCommand.make(folder, List.of("python3", "-m", "venv", "--clear", folder.toString()), NEED);
    Path list = folder.resolve("requirements.txt");
    Files.writeString(list, requirements);
    List<String> install = new ArrayList<>(List.of(program("python3").toString()));
    install.addAll(List.of("-m", "pip", "install", "--quiet", "--disable-pip-version-check"));
    install.addAll(List.of("--no-input", "--requirement", list.toString()));
    SdkCommand.make(folder, install, NEED);
    Files.writeString(marker, requirements);
  }

  /** Returns the folder that holds it. */
  Path folder() {
    return folder;
  }

  /** Returns a program of it. */
  Path program(String name) {
    return folder.resolve("bin").resolve(name);
  }

  /** Runs a script that is a resource. */
  SdkCommand.Run run(String script, String... arguments) throws IOException, InterruptedException {
    Path file = folder.resolve(script);
    Files.writeString(file, SdkCommand.resource(script));
    List<String> command = new ArrayList<>(List.of(program("python3").toString(), file.toString()));
    command.addAll(List.of(arguments));
    return SdkCommand.run(folder, command, 120);
  }
}
