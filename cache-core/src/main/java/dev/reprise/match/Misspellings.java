package dev.reprise.match;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Typing mistakes: "adress" is read as "address", "chnage" as "change". A list has the frequent
 * mistakes. Any other word is read as another one where it is no known word and was most likely
 * meant to be one frequent word: see {@link FrequentWords#meant}. Names, code, quotes, questions
 * about spelling and questions in other languages than English are left alone.
 */
final class Misspellings {
  /** How many words of a text are corrected at most: {@value}. */
  private static final int CORRECTIONS = 8;

  /** How many characters of a text are read: {@value}. */
  private static final int CHARACTERS = 2_000;

  /** The shortest word that is corrected: that of the list. */
  private static final int SHORTEST = 3;

  /** The shortest word that is corrected where it is not in the list. */
  private static final int SHORTEST_UNLISTED = 4;

  private static final Map<String, String> LISTED = Language.ENGLISH.aliases("misspellings");

  private static final Pattern ABOUT_SPELLING =
      Pattern.compile(
          "[\"`\\u201c\\u00ab]|(?:^|\\s)'|\\b(?:spel|typo|word\\b|pronounc)",
          Pattern.CASE_INSENSITIVE);

  /** Where a word that nobody knows is most likely what is asked about, or no English. */
  private static final Pattern ABOUT_WORDS =
      Pattern.compile(
          "[{}<>=|~^*\\\\]|\\b(?:mean(?:s|ing)?|defin(?:e|ition)|translat|named?\\b|called"
              + "|say\\b|rhym|anagram|slang|acronym|abbreviat|stands? for|full form|lyrics)",
          Pattern.CASE_INSENSITIVE);

  /** Behind it stands a name. */
  private static final Pattern WHO =
      Pattern.compile(
          "\\bwho(?:'s| is| was|s) +(?:(?!the |an? )\\S+ +)?$", Pattern.CASE_INSENSITIVE);

  /** The lists of words, read when the first word is looked up. */
  private static final class Words {
    static final KnownWords KNOWN = KnownWords.read("en/known-words.bin");
    static final FrequentWords FREQUENT = FrequentWords.of(Language.ENGLISH.lines("frequent"));
  }

  private Misspellings() {}

  /** Returns the text without mistakes. */
  static String corrected(String text) {
    return new Reading(text).corrected();
  }

  /** Goes through a text word by word. */
  private static final class Reading {
    private final String text;
    private final int end;
    private @Nullable StringBuilder corrected;
    private @Nullable Boolean isCorrectable;
    private @Nullable Boolean isGuessable;
    private int copied;
    private int corrections;

    Reading(String text) {
      this.text = text;
      end = Math.min(text.length(), CHARACTERS);
    }

    String corrected() {
      int begin = 0;
      while (begin < end && corrections < CORRECTIONS) {
        if (!Character.isLetter(text.charAt(begin))) {
          begin++;
          continue;
        }
        int behind = begin + 1;
        while (behind < text.length() && Character.isLetter(text.charAt(behind))) {
          behind++;
        }
        if (behind - begin >= SHORTEST) {
          word(begin, behind);
        }
        begin = behind;
      }
      return corrected == null ? text : corrected.append(text, copied, text.length()).toString();
    }

    private void word(int begin, int behind) {
      String lower = text.substring(begin, behind).toLowerCase(Locale.ROOT);
      String listed = LISTED.get(lower);
      boolean isGuess = listed == null && behind - begin >= SHORTEST_UNLISTED && isUnknown(lower);
      // Nearly every word is a known one: nothing else is looked at.
      if ((listed == null && !isGuess) || !isPlain(begin, behind) || isName(begin)) {
        return;
      }
      String right = isGuess && isGuessable() ? Words.FREQUENT.meant(lower) : listed;
      if (right == null || right.equals(lower) || !isCorrectable()) {
        return;
      }
      corrected = corrected == null ? new StringBuilder(text.length() + 8) : corrected;
      corrected.append(text, copied, begin).append(inCase(right, begin));
      copied = behind;
      corrections++;
    }

    private static boolean isUnknown(String lower) {
      for (int i = 0; i < lower.length(); i++) {
        if (lower.charAt(i) < 'a' || lower.charAt(i) > 'z') {
          return false;
        }
      }
      return !Words.KNOWN.contains(lower);
    }

    private String inCase(String word, int begin) {
      if (Character.isLowerCase(text.charAt(begin))) {
        return word;
      }
      return Character.isUpperCase(text.charAt(begin + 1))
          ? word.toUpperCase(Locale.ROOT)
          : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** Returns whether it is a word between spaces and marks, and no name by its capitals. */
    private boolean isPlain(int begin, int behind) {
      for (int i = begin + 1; i < behind; i++) {
        if (!Character.isLowerCase(text.charAt(i))) {
          return false;
        }
      }
      if (!Character.isLowerCase(text.charAt(begin)) && !opensSentence(begin)) {
        return false;
      }
      char before = begin == 0 ? ' ' : text.charAt(begin - 1);
      return (before == ' ' || before == '(' || before == '\n') && isPlainBehind(behind);
    }

    private boolean isPlainBehind(int behind) {
      if (behind == text.length()) {
        return true;
      }
      char next = text.charAt(behind);
      if (next == ' ' || next == '\n') {
        return true;
      }
      if (next == '\'') {
        return text.startsWith("'s", behind)
            && (behind + 2 == text.length() || !Character.isLetterOrDigit(text.charAt(behind + 2)));
      }
      return "?!.,;:)".indexOf(next) >= 0
          && (behind + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(behind + 1)));
    }

    private boolean opensSentence(int begin) {
      int at = begin - 1;
      while (at >= 0 && (text.charAt(at) == ' ' || text.charAt(at) == '(')) {
        at--;
      }
      return at < 0 || ".?!\n".indexOf(text.charAt(at)) >= 0;
    }

    private boolean isName(int begin) {
      return WHO.matcher(text).region(Math.max(0, begin - 32), begin).find();
    }

    private boolean isCorrectable() {
      if (isCorrectable == null) {
        isCorrectable = !ABOUT_SPELLING.matcher(text).find();
      }
      return isCorrectable;
    }

    private boolean isGuessable() {
      if (isGuessable == null) {
        isGuessable =
            isCorrectable()
                && !ABOUT_WORDS.matcher(text).find()
                && Languages.of(text).equals(Languages.ENGLISH);
      }
      return isGuessable;
    }
  }
}
