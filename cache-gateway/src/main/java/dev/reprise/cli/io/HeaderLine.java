package dev.reprise.cli.io;

/**
 * One line of what a command says of itself before its results.
 *
 * @param name a word
 * @param value what it is
 */
public record HeaderLine(String name, String value) {
  private static final int NAME_WIDTH = 12;

  /** Returns the line, wrapped behind its name. */
  public String wrapped() {
    StringBuilder wrapped = new StringBuilder();
    wrap(wrapped, "  " + pad(name, NAME_WIDTH), 2 + NAME_WIDTH, value);
    return wrapped.toString();
  }

  private static String pad(String word, int width) {
    return word + " ".repeat(Math.max(1, width - word.length()));
  }

  private static void wrap(StringBuilder out, String start, int indent, String value) {
    StringBuilder line = new StringBuilder(start);
    boolean empty = true;
    for (String word : value.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > Terminal.WIDTH) {
        out.append(line).append('\n');
        line = new StringBuilder(" ".repeat(indent));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    out.append(line).append('\n');
  }
}
