package dev.reprise.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/*
 * Node comes as a Python wheel: the SDK wants a newer one than Debian has, and Python is needed by the build anyway.
 */
/** A Node with the official SDK, made once under target/. */
final class NodeEnvironment {
  private static final String NEED =
      "the tests with the official JavaScript SDK need npm that reaches its registry";

  private final Path node;
  private final Path folder;

  private NodeEnvironment(Path node, Path folder) {
    this.node = node;
    this.folder = folder;
  }

  /**
   * Returns the environment with the official SDK.
   *
   * @throws IllegalStateException if it cannot be made; the message says how to mend it
   */
  static NodeEnvironment sdk() throws IOException, InterruptedException {
    PythonEnvironment python = PythonEnvironment.of("node-sdk");
    NodeEnvironment made =
        new NodeEnvironment(python.program("node"), python.folder().resolve("package"));
    made.make(python.program("npm"), SdkCommand.resource("node-sdk-package.json"));
    return made;
  }

  private void make(Path npm, String wanted) throws IOException, InterruptedException {
    Path marker = folder.resolve("complete.txt");
    if (Files.exists(marker) && Files.readString(marker).equals(wanted)) {
      return;
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("package.json"), wanted);
    List<String> install = new ArrayList<>(List.of(npm.toString(), "install", "--no-audit"));
    install.addAll(List.of("--no-fund", "--no-package-lock", "--ignore-scripts"));
    SdkCommand.make(folder, install, NEED);
    Files.writeString(marker, wanted);
  }

  /** Runs a script that is a resource. */
  SdkCommand.Run run(String script, String... arguments) throws IOException, InterruptedException {
    Path file = folder.resolve(script);
    Files.writeString(file, SdkCommand.resource(script));
    List<String> command = new ArrayList<>(List.of(node.toString(), file.toString()));
    command.addAll(List.of(arguments));
    return SdkCommand.run(folder, command, 120);
  }
}
