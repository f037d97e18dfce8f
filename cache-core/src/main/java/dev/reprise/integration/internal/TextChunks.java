package dev.reprise.door.internal;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text from the cache into the pieces of a stream. */
public final class TextPieces {
  /** The longest piece of a text without spaces, in characters: {@value}. */
  public static final int LONGEST = 64;

  private TextPieces() {}

  /** Cuts a text before each space that follows a word; together the pieces are the text. */
  public static List<String> of(String text) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 1; i < text.length(); i++) {
      boolean nextWord =
          Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1));
      boolean tooLong = i - start >= LONGEST && !Character.isLowSurrogate(text.charAt(i));
      if (nextWord || tooLong) {
        pieces.add(text.substring(start, i));
        start = i;
      }
    }
    if (start < text.length()) {
      pieces.add(text.substring(start));
    }
    return pieces;
  }
}
