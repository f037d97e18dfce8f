package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import java.net.URI;
import java.util.Map;

/** Reads the values of options. A value that cannot be used is an {@link InputException}. */
final class OptionValues {
  private OptionValues() {}

  /** Runs {@code setter}; what it rejects is told as a mistake in {@code option}. */
  static void set(String option, Runnable setter) {
    try {
      setter.run();
    } catch (IllegalArgumentException e) {
      throw new InputException(option + ": " + e.getMessage(), e);
    }
  }

  /** Reads the URL that {@code option} was given. */
  static URI url(String option, String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new InputException(option + url + ": is no URL: " + e.getMessage(), e);
    }
  }

  /** Returns the value of the variable that {@code option} names. */
  static String variable(Map<String, String> environment, String option, String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new InputException(
          option + " " + name + ": the environment variable " + name + " is not set");
    }
    return value;
  }
}
