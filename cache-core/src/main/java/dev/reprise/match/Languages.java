package dev.reprise.match;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells the language of a question by its script and its frequent words. It is right about most
 * sentences. A plain ASCII text without a frequent word of any language counts as English, unless
 * half of its words are none of everyday English. Linear in the text's length.
 */
final class Languages {
  /** The language that the shipped models and calibration are for. */
  static final String ENGLISH = "en";

  /** A language that is not known. */
  static final String UNKNOWN = "und";

  /** Two questions in two languages. */
  static final String MIXED = "mul";

  /** How many words are looked at. */
  private static final int WORDS = 60;

  /** From so many words on that are none of everyday English, a text may be foreign. */
  private static final int FOREIGN_WORDS = 2;

  private static final Map<String, List<String>> BY_WORD = byWord();

  /** What an apostrophe leads in English. */
  private static final Pattern ENGLISH_ENDING =
      Pattern.compile("(?<=\\p{L})['\u2019](?:s|t|d|m|ll|re|ve)(?!\\p{L})");

  private Languages() {}

  private static Map<String, List<String>> byWord() {
    Map<String, List<String>> byWord = new HashMap<>();
    for (String line : Language.common("languages")) {
      int colon = line.indexOf(':');
      String code = line.substring(0, colon);
      for (String word : line.substring(colon + 1).strip().split(" +", -1)) {
        byWord.merge(word, List.of(code), Languages::joined);
      }
    }
    return byWord;
  }

  private static List<String> joined(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }

  /**
   * Returns a copy of {@code codes}.
   *
   * @throws IllegalArgumentException if there is none, or one that is the code of no text
   */
  static Set<String> detected(Set<String> codes) {
    if (Objects.requireNonNull(codes, "codes").isEmpty()) {
      throw new IllegalArgumentException("languages must not be empty");
    }
    Set<String> known = new TreeSet<>(List.of(UNKNOWN, MIXED, "zh", "ja", "ko"));
    BY_WORD.values().forEach(known::addAll);
    for (String code : codes) {
      if (!known.contains(code)) {
        throw new IllegalArgumentException(
            "the language " + code + " is not detected; the codes are " + String.join(", ", known));
      }
    }
    return Set.copyOf(codes);
  }

  /** Returns the language of two questions, or {@link #MIXED}. */
  static String ofPair(String one, String other) {
    String first = of(one);
    return first.equals(of(other)) ? first : MIXED;
  }

  /** Returns the ISO 639-1 code of the language of {@code text}, or {@link #UNKNOWN}. */
  static String of(String text) {
    String unquoted = withoutQuotes(text);
    String script = byScript(unquoted);
    if (!script.isEmpty()) {
      return script;
    }
    String[] words =
        ENGLISH_ENDING.matcher(unquoted).replaceAll("").split("[^\\p{L}\\p{M}]+", WORDS + 1);
    Map<String, Integer> scores = new LinkedHashMap<>();
    int count = 0;
    for (int i = 0; i < Math.min(words.length, WORDS); i++) {
      count += words[i].isEmpty() ? 0 : 1;
      for (String code : BY_WORD.getOrDefault(words[i].toLowerCase(Locale.ROOT), List.of())) {
        scores.merge(code, 1, Integer::sum);
      }
    }
    int english = scores.getOrDefault(ENGLISH, 0);
    String best = ENGLISH;
    int most = english;
    for (Map.Entry<String, Integer> score : scores.entrySet()) {
      if (score.getValue() > most) {
        best = score.getKey();
        most = score.getValue();
      }
    }
    boolean isAccented = !unquoted.chars().filter(Character::isLetter).allMatch(c -> c < 128);
    boolean isEnglish = best.equals(ENGLISH);
    if (isAccented) {
      return isEnglish && english == 0 ? UNKNOWN : best;
    }
    if (isEnglish ? english > 1 : count <= 2 || most - english >= 2) {
      return best;
    }
    Foreign foreign = Foreign.in(words);
    // "Set a ten second timer": "a" and "ten" are words of other languages, too.
    if (!isEnglish && most >= 2 && foreign.words() > 0) {
      return best;
    }
    return foreign.words() >= FOREIGN_WORDS + english && foreign.isHalf() ? UNKNOWN : ENGLISH;
  }

  /** How many words are none of everyday English, and of how many. */
  private record Foreign(int words, int of) {
    static Foreign in(String[] words) {
      int foreign = 0;
      int counted = 0;
      for (int i = 0; i < Math.min(words.length, WORDS); i++) {
        if (isCounted(words, i)) {
          counted++;
          foreign += isEnglish(words[i].toLowerCase(Locale.ROOT)) ? 0 : 1;
        }
      }
      return new Foreign(foreign, counted);
    }

    boolean isHalf() {
      return 2 * words >= of;
    }
  }

  /** Names do not count, nor do single letters. */
  private static boolean isCounted(String[] words, int at) {
    String word = words[at];
    String small = at == 0 && word.length() > 1 ? word.substring(1) : word;
    return word.length() > 1 && small.equals(small.toLowerCase(Locale.ROOT));
  }

  private static boolean isEnglish(String lower) {
    return EverydayWords.contains(lower, QuestionSide.stem(lower))
        || FunctionWords.contains(lower)
        || BY_WORD.getOrDefault(lower, List.of()).contains(ENGLISH);
  }

  private static String withoutQuotes(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    boolean isQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && (isQuoted || text.indexOf('"', i + 1) >= 0)) {
        isQuoted = !isQuoted;
      } else if (!isQuoted) {
        plain.append(c);
      }
    }
    return plain.isEmpty() ? text : plain.toString();
  }

  /** Returns the language that another script than Latin tells, {@link #UNKNOWN}, or "". */
  private static String byScript(String text) {
    int latin = 0;
    int other = 0;
    int han = 0;
    int kana = 0;
    int hangul = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (!Character.isLetter(c)) {
        continue;
      }
      Character.UnicodeScript script = Character.UnicodeScript.of(c);
      latin += script == Character.UnicodeScript.LATIN ? 1 : 0;
      other += script == Character.UnicodeScript.LATIN ? 0 : 1;
      han += script == Character.UnicodeScript.HAN ? 1 : 0;
      hangul += script == Character.UnicodeScript.HANGUL ? 1 : 0;
      kana +=
          script == Character.UnicodeScript.HIRAGANA || script == Character.UnicodeScript.KATAKANA
              ? 1
              : 0;
    }
    // A letter of these writes as much as three of Latin.
    if (3 * (han + kana + hangul) + (other - han - kana - hangul) <= latin) {
      return "";
    }
    return kana > 0 ? "ja" : hangul > 0 ? "ko" : han > 0 ? "zh" : UNKNOWN;
  }
}
