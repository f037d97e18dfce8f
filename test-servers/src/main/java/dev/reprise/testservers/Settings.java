package dev.reprise.testservers;

import java.util.Optional;

/** Reads what the environment says about servers, and tells the user what was made of it. */
final class Settings {
  private Settings() {}

  /** Returns the value of the system property or environment variable, if it is not blank. */
  static Optional<String> find(String name) {
    return Optional.ofNullable(System.getProperty(name, System.getenv(name)))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Prints a line: which server a build took must be seen, whatever the logging is set to. */
  static void say(String line) {
    System.err.println("[test-servers] " + line);
  }
}
