package dev.reprise.policy;

import java.text.Normalizer;

/**
 * Brings a text to the form that the rules of the resource files are written for: lower case,
 * without accents, one form of each quotation mark. "Où ça ?" becomes "ou ca ?".
 */
final class Folding {
  /** Latin letters with marks stand below it. */
  private static final int TABLE = 0x250;

  private static final char[] FOLDED = new char[TABLE];

  static {
    for (char c = 0; c < TABLE; c++) {
      FOLDED[c] = fold(c);
    }
  }

  private Folding() {}

  private static char fold(char c) {
    char base = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD).charAt(0);
    return switch (c) {
      case '\u00a0' -> ' ';
      case '\u00ab', '\u00bb' -> '"';
      case '\u00f8', '\u00d8' -> 'o';
      case '\u0142', '\u0141' -> 'l';
      default -> Character.toLowerCase(base);
    };
  }

  static String fold(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
      } else if (c < TABLE) {
        switch (c) {
          case '\u00df' -> out.append("ss");
          case '\u00e6', '\u00c6' -> out.append("ae");
          case '\u0153', '\u0152' -> out.append("oe");
          default -> out.append(FOLDED[c]);
        }
      } else {
        other(out, c);
      }
    }
    return out.toString();
  }

  private static void other(StringBuilder out, char c) {
    switch (c) {
      case '\u2018', '\u2019', '\u201b', '\u02bc', '\uff07' -> out.append('\'');
      case '\u201c',
          '\u201d',
          '\u201e',
          '\u201f',
          '\u300c',
          '\u300d',
          '\u300e',
          '\u300f',
          '\u300a',
          '\u300b',
          '\uff02' ->
          out.append('"');
      case '\u2010', '\u2011', '\u2013', '\u2014' -> out.append('-');
      case '\u2009', '\u202f', '\u3000' -> out.append(' ');
      case '\uff1a' -> out.append(": ");
      case '\uff0c', '\u3001' -> out.append(", ");
      case '\uff1f' -> out.append("? ");
      case '\uff01' -> out.append("! ");
      case '\u3002' -> out.append(". ");
      default -> {
        // The combining marks of a decomposed text.
        if (c < '\u0300' || c > '\u036f') {
          out.append(Character.toLowerCase(c));
        }
      }
    }
  }
}
