package dev.reprise.match;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Models read small letters and hardly any signs. So what is to be taken letter by letter and sign by sign is compared here: what
 * stands in quotes, code and formulas; letters that are names of something (vim's d and D); units (mW and MW); and everything, where
 * the question is about characters ("regex", "punctuation", "MD5"). A text in small letters only is one that was typed without
 * capitals: its words may be written with capitals on the other side.
 */
/** See {@link Guard#literals}. */
final class LiteralGuard {
  private static final Set<String> VERBATIM = Language.ENGLISH.words("verbatim");
  private static final Set<String> OBJECTS = Language.ENGLISH.words("verbatim-objects");

  private static final Set<String> ACRONYMS = Language.ENGLISH.words("acronyms-any-case");

  /** Words behind which a sign is spoken of. */
  private static final Set<String> NAMING = Language.ENGLISH.words("literal.naming");

  /** Words before {@link #OBJECTS} that ask about characters. */
  private static final Set<String> COUNTING = Language.ENGLISH.words("literal.counting");

  /** Short words of everyday English, whose case says nothing. */
  private static final Set<String> SHORT_WORDS = Language.ENGLISH.words("literal.short-words");

  /** What has a single letter for its name: "the unit s", "the key S". */
  private static final Set<String> LETTERS_OF = Language.ENGLISH.words("literal.letters-of");

  /** Units that another case makes others of: bit and byte, milli and mega. */
  private static final Set<String> CASED_UNITS = Language.ENGLISH.words("literal.cased-units");

  /** Signs that only code, formulas and names have. */
  private static final String CODE = "\\=<>|{}[]*+^~@#_&`";

  private static final String CURRENCIES = "$\u00a3\u00a5\u20ac\u20b9%";
  private static final String ENDS = ".?!,;:";
  private static final String QUOTES = "\"`\u201c\u201d\u201e\u00ab\u00bb";

  private LiteralGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Text asked = new Text(pair.askedAsWritten());
    Text cached = new Text(pair.cachedAsWritten());
    String difference = difference(asked, cached);
    return difference == null
        ? Optional.empty()
        : Optional.of("what is to be read letter by letter differs: " + difference);
  }

  private static @Nullable String difference(Text asked, Text cached) {
    if (asked.text.equals(cached.text)) {
      return null;
    }
    String quoted = quotedDifference(asked, cached);
    if (quoted != null) {
      return quoted;
    }
    String formula = Formulas.difference(asked.text, cached.text);
    if (formula != null) {
      return formula;
    }
    if (asked.isVerbatim || cached.isVerbatim) {
      String one = asked.verbatimSigns();
      String other = cached.verbatimSigns();
      if (!one.equals(other)) {
        return shown(one, other);
      }
    } else if (!asked.signs.equals(cached.signs)) {
      return shown(String.join(" ", asked.signs), String.join(" ", cached.signs));
    }
    return casedDifference(asked, cached);
  }

  /** What is quoted on both sides in the same letters must be the same, sign by sign. */
  private static @Nullable String quotedDifference(Text asked, Text cached) {
    for (String one : asked.quoted) {
      for (String other : cached.quoted) {
        if (!one.equals(other) && letters(one).equals(letters(other))) {
          return shown(one, other);
        }
      }
    }
    return null;
  }

  private static @Nullable String casedDifference(Text asked, Text cached) {
    for (Map.Entry<String, Token> entry : asked.tokens.entrySet()) {
      Token one = entry.getValue();
      Token other = cached.tokens.get(entry.getKey());
      if (other == null || one.text.equals(other.text)) {
        continue;
      }
      boolean isCode = one.isCode || other.isCode || asked.isVerbatim || cached.isVerbatim;
      if (isCode
          ? !(one.opens || other.opens) || one.isCode || other.isCode
          : isCased(one, other) && !isTypedSmall(asked, one, cached, other)) {
        return shown(one.text, other.text);
      }
    }
    return null;
  }

  /** Returns whether the case of a word counts that is neither code nor in a verbatim question. */
  private static boolean isCased(Token one, Token other) {
    String lower = one.text.toLowerCase(Locale.ROOT);
    if (one.opens || other.opens) {
      return false;
    }
    if (one.isUnit && other.isUnit && CASED_UNITS.contains(lower)) {
      return true;
    }
    if (one.isLetter && other.isLetter) {
      return true;
    }
    if (lower.length() <= 2) {
      return !SHORT_WORDS.contains(lower) && !ACRONYMS.contains(lower) && !one.isSuffix;
    }
    return hasInnerCapital(one.text) && hasInnerCapital(other.text) && !isCapitals(one, other);
  }

  /** "WHATSAPP" is "WhatsApp", shouted. */
  private static boolean isCapitals(Token one, Token other) {
    return one.text.equals(one.text.toUpperCase(Locale.ROOT))
        || other.text.equals(other.text.toUpperCase(Locale.ROOT));
  }

  private static boolean hasInnerCapital(String token) {
    for (int i = 1; i < token.length(); i++) {
      if (Character.isUpperCase(token.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether the small one of two words stands in a text that was typed without capitals.
   */
  private static boolean isTypedSmall(Text asked, Token one, Text cached, Token other) {
    boolean isOneSmall = one.text.equals(one.text.toLowerCase(Locale.ROOT));
    boolean isOtherSmall = other.text.equals(other.text.toLowerCase(Locale.ROOT));
    return (isOneSmall && asked.isSmall && cached.opensWithCapital)
        || (isOtherSmall && cached.isSmall && asked.opensWithCapital)
        || asked.isShouted
        || cached.isShouted;
  }

  /** Returns the letters and digits of {@code written}, whatever its Unicode form. */
  private static String letters(String written) {
    String text = Normalizer.normalize(written, Normalizer.Form.NFC);
    StringBuilder letters = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLetterOrDigit(text.charAt(i))) {
        letters.append(Character.toLowerCase(text.charAt(i)));
      }
    }
    return letters.toString();
  }

  private static String shown(String one, String other) {
    return (one.isEmpty() ? "nothing" : one) + " / " + (other.isEmpty() ? "nothing" : other);
  }

  /**
   * A word as it is written.
   *
   * @param opens whether it is the first of its sentence, where a capital says nothing
   * @param isUnit whether it stands behind a number
   * @param isSuffix whether it is one letter at the end of a number: "10k", "5G"
   * @param isCode whether a sign of code stands beside it
   * @param isLetter whether it is the letter that something is named by: "the unit s"
   */
  private record Token(
      String text,
      boolean opens,
      boolean isUnit,
      boolean isSuffix,
      boolean isCode,
      boolean isLetter) {}

  /** One question, read sign by sign. */
  private static final class Text {
    final String text;
    final List<String> signs = new ArrayList<>();
    final List<String> quoted = new ArrayList<>();
    final Map<String, Token> tokens = new HashMap<>();
    final boolean isSmall;
    final boolean isShouted;
    final boolean opensWithCapital;
    boolean isVerbatim;
    private String before = "";

    Text(String text) {
      this.text = text;
      isSmall = text.equals(text.toLowerCase(Locale.ROOT));
      isShouted = text.length() > 3 && text.equals(text.toUpperCase(Locale.ROOT));
      opensWithCapital = !text.isEmpty() && Character.isUpperCase(text.charAt(0));
      readQuoted();
      readChunks();
    }

    private void readQuoted() {
      int open = -1;
      for (int i = 0; i < text.length() && quoted.size() < QuestionSide.WORDS; i++) {
        if (QUOTES.indexOf(text.charAt(i)) < 0) {
          continue;
        }
        if (open >= 0 && i > open + 1) {
          quoted.add(text.substring(open + 1, i));
          open = -1;
        } else {
          open = i;
        }
      }
    }

    private void readChunks() {
      boolean opens = true;
      int count = 0;
      int begin = 0;
      while (begin < text.length() && count++ < QuestionSide.WORDS) {
        if (Character.isWhitespace(text.charAt(begin))) {
          begin++;
          continue;
        }
        int end = begin;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
          end++;
        }
        opens = chunk(begin, end, opens);
        begin = end;
      }
    }

    /** Reads what stands between two spaces, and returns whether a sentence opens behind it. */
    private boolean chunk(int begin, int end, boolean opens) {
      String chunk = text.substring(begin, end);
      boolean isLast = text.substring(end).isBlank();
      String core = core(chunk);
      if (core.isEmpty()) {
        if (isLiteralSign(chunk, isLast)) {
          signs.add(chunk);
        }
        return true;
      }
      boolean hasCode = false;
      for (int i = 0; i < core.length(); i++) {
        hasCode |= CODE.indexOf(core.charAt(i)) >= 0;
      }
      int percent = core.indexOf('%');
      hasCode |=
          percent >= 0
              && percent + 1 < core.length()
              && Character.isLetter(core.charAt(percent + 1));
      boolean isBesideEquals = isSign(begin, -1, '=') || isSign(end, 1, '=');
      if (hasCode) {
        String sign = signsOf(core);
        if (!sign.isEmpty()) {
          signs.add(sign);
        }
      } else if (isFactorial(chunk)) {
        signs.add("!");
      }
      boolean isBehindNumber = !before.isEmpty() && Character.isDigit(before.charAt(0));
      words(core, opens, isBehindNumber, hasCode || isBesideEquals);
      before = core;
      char last = chunk.charAt(chunk.length() - 1);
      return last == '.' || last == '?' || last == '!' || last == ':';
    }

    private boolean isSign(int from, int step, char sign) {
      int at = step < 0 ? from - 1 : from;
      while (at >= 0 && at < text.length() && text.charAt(at) == ' ') {
        at += step;
      }
      return at >= 0 && at < text.length() && text.charAt(at) == sign;
    }

    private void words(String core, boolean opens, boolean isBehindNumber, boolean isCode) {
      int begin = 0;
      boolean isFirst = opens;
      while (begin < core.length()) {
        if (!Character.isLetter(core.charAt(begin))) {
          begin++;
          continue;
        }
        int end = begin;
        while (end < core.length() && Character.isLetterOrDigit(core.charAt(end))) {
          end++;
        }
        String word = core.substring(begin, end);
        String lower = word.toLowerCase(Locale.ROOT);
        boolean isUnit = begin == 0 ? isBehindNumber : Character.isDigit(core.charAt(begin - 1));
        boolean isSuffix = begin > 0 && end == begin + 1 && isUnit;
        tokens.putIfAbsent(
            (isCode ? "=" : "") + lower,
            new Token(word, isFirst && !isCode, isUnit, isSuffix, isCode, isLetter(core)));
        isVerbatim |=
            VERBATIM.contains(lower)
                || (OBJECTS.contains(lower) && COUNTING.contains(before.toLowerCase(Locale.ROOT)));
        isFirst = false;
        begin = end;
      }
    }

    private boolean isLetter(String core) {
      return core.length() == 1 && LETTERS_OF.contains(before.toLowerCase(Locale.ROOT));
    }

    /** Returns a chunk without the quotes and punctuation around it, but with signs of code. */
    private static String core(String chunk) {
      int begin = 0;
      int end = chunk.length();
      while (begin < end && isEdge(chunk.charAt(begin))) {
        begin++;
      }
      while (end > begin && isEdge(chunk.charAt(end - 1))) {
        end--;
      }
      String core = chunk.substring(begin, end);
      for (int i = 0; i < core.length(); i++) {
        if (Character.isLetterOrDigit(core.charAt(i))) {
          return core;
        }
      }
      return "";
    }

    private static boolean isEdge(char c) {
      return ENDS.indexOf(c) >= 0 || QUOTES.indexOf(c) >= 0 || "()[]'\u2018\u2019".indexOf(c) >= 0;
    }

    /** "5!" and "5!?", but not "Help me!". */
    private static boolean isFactorial(String chunk) {
      for (int i = 1; i < chunk.length(); i++) {
        if (chunk.charAt(i) == '!' && Character.isDigit(chunk.charAt(i - 1))) {
          return true;
        }
      }
      return false;
    }

    /** Returns the signs of a chunk of code, and the least of its letters to know them by. */
    private static String signsOf(String core) {
      StringBuilder signs = new StringBuilder();
      for (int i = 0; i < core.length(); i++) {
        char c = core.charAt(i);
        boolean isInsideNumber =
            (c == ',' || c == '.' || c == ':')
                && i > 0
                && i + 1 < core.length()
                && Character.isDigit(core.charAt(i - 1))
                && Character.isDigit(core.charAt(i + 1));
        boolean isApostrophe =
            c == '`'
                && i > 0
                && i + 1 < core.length()
                && Character.isLetter(core.charAt(i - 1))
                && Character.isLetter(core.charAt(i + 1));
        if (!Character.isLetterOrDigit(c) && !isInsideNumber && !isApostrophe) {
          signs.append(c);
        }
      }
      return signs.toString();
    }

    /** Returns whether signs that stand alone are what is spoken of, and no punctuation. */
    private boolean isLiteralSign(String chunk, boolean isLast) {
      if (isLast && chunk.chars().allMatch(c -> ENDS.indexOf(c) >= 0)) {
        return false;
      }
      boolean isNamed = NAMING.contains(before.toLowerCase(Locale.ROOT));
      boolean isPlain =
          chunk
                  .chars()
                  .allMatch(c -> isEdge((char) c) || "\u2013\u2014\u2022\u00b7-&/".indexOf(c) >= 0)
              && chunk.length() < 4;
      return isPlain ? isNamed : !chunk.chars().allMatch(c -> CURRENCIES.indexOf(c) >= 0);
    }

    /** Returns all signs and the lengths of spaces inside quotes, without the final punctuation. */
    String verbatimSigns() {
      String whole = text.strip();
      int end = whole.length();
      if (isQuestion(whole)) {
        while (end > 0 && ENDS.indexOf(whole.charAt(end - 1)) >= 0) {
          end--;
        }
      }
      StringBuilder signs = new StringBuilder();
      for (int i = 0; i < end; i++) {
        char c = whole.charAt(i);
        if (!Character.isLetterOrDigit(c) && !Character.isWhitespace(c)) {
          signs.append(c);
        }
      }
      return signs.toString();
    }

    private static boolean isQuestion(String text) {
      int space = text.indexOf(' ');
      String first = (space < 0 ? text : text.substring(0, space)).toLowerCase(Locale.ROOT);
      return FunctionWords.contains(first);
    }
  }
}
