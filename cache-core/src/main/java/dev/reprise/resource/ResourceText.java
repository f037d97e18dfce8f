package dev.reprise.resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads texts that stand beside classes of this module. Not for use outside it. */
public final class ResourceText {
  private ResourceText() {}

  /**
   * Returns whether there is such a resource.
   *
   * @param beside the class beside which it stands
   * @param path relative to the class
   */
  public static boolean exists(Class<?> beside, String path) {
    return beside.getResource(path) != null;
  }

  /**
   * Returns the text of a resource, in UTF-8.
   *
   * @param beside the class beside which it stands
   * @param path relative to the class
   * @throws IllegalStateException if there is none: the artifact is incomplete
   */
  public static String read(Class<?> beside, String path) {
    return new String(bytes(beside, path), StandardCharsets.UTF_8);
  }

  /**
   * Returns the bytes of a resource.
   *
   * @param beside the class beside which it stands
   * @param path relative to the class
   * @throws IllegalStateException if there is none: the artifact is incomplete
   */
  public static byte[] bytes(Class<?> beside, String path) {
    try (InputStream in = beside.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(
            "the resource " + path + " beside " + beside.getName() + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + path + " cannot be read", e);
    }
  }
}
