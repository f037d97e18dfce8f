package dev.reprise.integration.internal;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text from the cache into the chunks of a stream. */
public final class TextChunks {
  /** The longest chunk of a text without spaces, in characters: {@value}. */
  public static final int LONGEST = 64;

  private TextChunks() {}

  /** Cuts a text before each space that follows a word; joined, the chunks are the text. */
  public static List<String> of(String text) {
    List<String> chunks = new ArrayList<>();
    int start = 0;
    for (int i = 1; i < text.length(); i++) {
      boolean nextWord =
          Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1));
      boolean tooLong = i - start >= LONGEST && !Character.isLowSurrogate(text.charAt(i));
      if (nextWord || tooLong) {
        chunks.add(text.substring(start, i));
        start = i;
      }
    }
    if (start < text.length()) {
      chunks.add(text.substring(start));
    }
    return chunks;
  }
}
