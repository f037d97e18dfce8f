package dev.reprise.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A document with a place for the figures of a command. */
public final class MarkedDocument {
  private MarkedDocument() {}

  /**
   * Replaces what stands between the two marks of {@code command}.
   *
   * @throws IOException if the marks are not there
   */
  public static void replace(Path document, String command, String text) throws IOException {
    replace(
        document,
        "<!-- written by ./reprise bench " + command + " -->",
        "<!-- end of what ./reprise bench " + command + " wrote -->",
        text,
        "use --print");
  }

  /**
   * Replaces what stands between two marks.
   *
   * @param remedy what else can be done where the marks are not there
   * @throws IOException if they are not
   */
  static void replace(Path document, String begin, String end, String text, String remedy)
      throws IOException {
    String old = Files.readString(document, StandardCharsets.UTF_8);
    int from = old.indexOf(begin);
    int to = old.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(
          document + " lacks the marks '" + begin + "' and '" + end + "'; add them, or " + remedy);
    }
    Files.writeString(
        document,
        old.substring(0, from) + begin + "\n\n" + text.strip() + "\n\n" + old.substring(to),
        StandardCharsets.UTF_8);
  }

  /** Returns {@code picture} as a line of Markdown of {@code document}. */
  public static String image(String words, Path document, Path picture) {
    Path folder = document.toAbsolutePath().resolveSibling("");
    String relative = folder.relativize(picture.toAbsolutePath()).toString().replace('\\', '/');
    return "![" + words + "](" + relative + ")\n\n";
  }
}
