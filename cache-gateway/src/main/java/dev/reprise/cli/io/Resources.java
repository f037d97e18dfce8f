package dev.reprise.cli.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads the texts that the command line brings along. */
public final class Resources {
  private static final String FOLDER = "/dev/reprise/cli/";

  private Resources() {}

  /** Returns the text of a resource of the command line. */
  public static String text(String name) {
    try (InputStream stream = Resources.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + name + " is missing from the build");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
