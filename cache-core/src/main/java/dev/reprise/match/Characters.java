package dev.reprise.match;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/*
 * MiniLM's tokenizer strips accents, drops controls, tags and zero-width characters, and turns a run of letters that its vocabulary
 * lacks into one unknown token. Embedder and verifier then read the same tokens for different texts. So what they may lose is
 * compared here, character by character, and does not depend on the tokenizer.
 */
/**
 * The characters of a question that a tokenizer may lose. Two questions whose lost characters
 * differ are different, whatever the models say. Linear in the text's length.
 */
final class Characters {
  /** Signs of typography that say nothing by themselves, besides those of ASCII. */
  private static final String TYPOGRAPHY =
      "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2010\u2011\u2012\u2013\u2014\u2015"
          + "\u2026\u00b7\u2022\u00b4\u02bc\u00a1\u00bf";

  /** Signs that are read as the words for them. */
  private static final String AS_WORDS = "\u00a3\u00a5\u20ac\u20b9\u00b0";

  /** Spaces that people and their programs write, besides those of ASCII. */
  private static final String SPACES = "\u00a0\u202f\u2009\u3000";

  /** Marks and letters that show nothing. */
  private static final String IGNORABLE = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0";

  private static final int LAST_EUROPEAN_LATIN = 0x24f;
  private static final int FIRST_ADDITIONAL_LATIN = 0x1e00;
  private static final int LAST_ADDITIONAL_LATIN = 0x1eff;

  private final String text;
  private final List<String> lost = new ArrayList<>();
  private final Map<String, Set<String>> writtenByPlain = new HashMap<>();
  private boolean isAccented;
  private int readable;
  private int unreadable;

  private final boolean isForeign;

  private Characters(String text, boolean isForeign) {
    this.text = text;
    this.isForeign = isForeign;
  }

  /** Returns the characters of {@code question} as it was written, in English. */
  static Characters of(String question) {
    return of(question, false);
  }

  /**
   * Returns the characters of {@code question} as it was written.
   *
   * @param isForeign whether the letters of all scripts, and accents, are compared otherwise
   */
  static Characters of(String question, boolean isForeign) {
    Characters characters =
        new Characters(Normalizer.normalize(question, Normalizer.Form.NFC), isForeign);
    if (!characters.text.equals(question)) {
      characters.readReplaced(question);
    }
    characters.read();
    return characters;
  }

  /** The Kelvin sign and its like: one Unicode form makes other characters of them. */
  private void readReplaced(String question) {
    question
        .codePoints()
        .filter(c -> c > 127)
        .mapToObj(Character::toString)
        .filter(c -> !Normalizer.isNormalized(c, Normalizer.Form.NFC))
        .forEach(lost::add);
  }

  /** Returns whether most of what the question says may be lost. */
  boolean isMostlyUnreadable() {
    return unreadable > readable;
  }

  /** Returns why two questions differ in what a tokenizer may lose, or empty where they do not. */
  static Optional<String> difference(Characters asked, Characters cached) {
    if (!asked.lost.equals(cached.lost)) {
      return Optional.of(
          "characters that the models cannot read differ: "
              + shown(asked.lost, cached.lost)
              + " / "
              + shown(cached.lost, asked.lost));
    }
    if (asked.isForeign || !asked.isAccented || !cached.isAccented) {
      // Typed without accents, as many do.
      return Optional.empty();
    }
    for (Map.Entry<String, Set<String>> word : asked.writtenByPlain.entrySet()) {
      Set<String> others = cached.writtenByPlain.get(word.getKey());
      if (others != null && !others.equals(word.getValue())) {
        return Optional.of(
            "words differ in their accents: "
                + String.join(", ", word.getValue())
                + " / "
                + String.join(", ", others));
      }
    }
    return Optional.empty();
  }

  /** Returns the first run that the other side does not have in its place, as code points. */
  private static String shown(List<String> here, List<String> there) {
    int at = 0;
    while (at < here.size() && at < there.size() && here.get(at).equals(there.get(at))) {
      at++;
    }
    if (at == here.size()) {
      return "none";
    }
    StringBuilder shown = new StringBuilder();
    here.get(at)
        .codePoints()
        .limit(4)
        .forEach(c -> shown.append(shown.isEmpty() ? "" : " ").append(String.format("U+%04X", c)));
    return here.get(at).codePointCount(0, here.get(at).length()) > 4
        ? shown.append(" ...").toString()
        : shown.toString();
  }

  private void read() {
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (isLatin(c)) {
        at = word(at);
      } else if (isReadable(c)) {
        readable += Character.isLetterOrDigit(c) ? 1 : 0;
        at += Character.charCount(c);
      } else {
        at = run(at);
      }
    }
  }

  private int word(int begin) {
    int at = begin;
    boolean isPlain = true;
    while (at < text.length() && isLatin(text.codePointAt(at))) {
      int c = text.codePointAt(at);
      isPlain &= c < 128;
      readable++;
      at += Character.charCount(c);
    }
    String written = text.substring(begin, at).toLowerCase(Locale.ROOT);
    isAccented |= !isPlain;
    writtenByPlain
        .computeIfAbsent(isPlain ? written : plain(written), unused -> new HashSet<>())
        .add(written);
    return at;
  }

  /** Returns a word as a tokenizer sees it that strips accents. */
  static String plain(String word) {
    String decomposed = Normalizer.normalize(word, Normalizer.Form.NFD);
    StringBuilder plain = new StringBuilder(decomposed.length());
    for (int i = 0; i < decomposed.length(); i++) {
      if (Character.getType(decomposed.charAt(i)) != Character.NON_SPACING_MARK) {
        plain.append(decomposed.charAt(i));
      }
    }
    return plain.toString();
  }

  private int run(int begin) {
    int at = begin;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (isLatin(c) || isReadable(c)) {
        break;
      }
      unreadable++;
      at += Character.charCount(c);
    }
    lost.add(text.substring(begin, at));
    return at;
  }

  private boolean isReadable(int c) {
    return (isForeign && isOfText(c))
        || (c >= ' ' && c < 127)
        || c == '\t'
        || c == '\n'
        || c == '\r'
        || SPACES.indexOf(c) >= 0
        || TYPOGRAPHY.indexOf(c) >= 0
        || AS_WORDS.indexOf(c) >= 0;
  }

  /** Returns whether it is a letter, mark, digit or punctuation of any script. */
  private static boolean isOfText(int c) {
    if (Character.isIdentifierIgnorable(c) || IGNORABLE.indexOf(c) >= 0 || c > 0xffff) {
      return Character.isLetter(c) && c > 0xffff;
    }
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isLatin(int c) {
    if (c < 128) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    return Character.isLetter(c)
        && Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN
        && (c <= LAST_EUROPEAN_LATIN
            || (c >= FIRST_ADDITIONAL_LATIN && c <= LAST_ADDITIONAL_LATIN));
  }
}
