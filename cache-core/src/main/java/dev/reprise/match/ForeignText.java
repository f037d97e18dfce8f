package dev.reprise.match;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/*
 * Nothing is known of how often the shipped models are wrong in another language than English. So there the same words are the
 * same, apart from case, punctuation and phrases of politeness, and nothing else is.
 */
/** Compares questions in another language than English by that language's lists. */
final class ForeignText {
  private static final Map<String, ForeignText> BY_CODE = new ConcurrentHashMap<>();

  private final boolean isSpaced;
  private final List<String> fillers;
  private final List<String> synonyms;
  private final Set<String> negation;
  private final Optional<WordClasses> classes;

  private ForeignText(String code) {
    isSpaced = !Set.of("zh", "ja").contains(code);
    Language language = Language.of(code);
    fillers = lines(language, "fillers");
    synonyms = lines(language, "synonyms");
    negation = language.has("negation") ? language.words("negation") : Set.of();
    classes =
        language.has("classes") && isSpaced
            ? Optional.of(WordClasses.of(language, "classes"))
            : Optional.empty();
  }

  private static List<String> lines(Language language, String list) {
    return language.has(list) ? language.lines(list) : List.of();
  }

  /** Returns the lists of a language; empty ones where there are none. */
  static ForeignText of(String code) {
    return BY_CODE.computeIfAbsent(code, ForeignText::new);
  }

  /** Returns what is equal for two questions with the same words. */
  String key(String question) {
    String text = Normalizer.normalize(question, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    StringBuilder plain = new StringBuilder(text.length() + 2).append(' ');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isInside =
          i > 0
              && i + 1 < text.length()
              && Character.isLetterOrDigit(text.charAt(i - 1))
              && Character.isLetterOrDigit(text.charAt(i + 1));
      boolean isPunctuation = "?!.,;:¿¡…。？！，、；：؟؛՞።".indexOf(c) >= 0 && !isInside;
      boolean isSpace = Character.isWhitespace(c) || Character.isSpaceChar(c) || isPunctuation;
      if (!isSpace) {
        plain.append(c == '\u2019' ? '\'' : c);
      } else if (plain.charAt(plain.length() - 1) != ' ') {
        plain.append(' ');
      }
    }
    if (plain.charAt(plain.length() - 1) != ' ') {
      plain.append(' ');
    }
    return compared(plain.toString()).strip();
  }

  private String compared(String plain) {
    String compared = plain;
    for (String filler : fillers) {
      compared =
          isSpaced ? compared.replace(" " + filler + " ", " ") : compared.replace(filler, "");
    }
    for (String line : synonyms) {
      String[] words = line.split(" +", -1);
      for (int i = 1; i < words.length; i++) {
        compared = compared.replace(words[i], words[0]);
      }
    }
    return compared.isBlank() ? plain : compared;
  }

  /** Returns what that language's word lists object to, for models that read the language. */
  Optional<String> objection(QuestionPair pair) {
    if (isNegated(pair.asked()) != isNegated(pair.cached())) {
      return Optional.of("only one of the two is negated");
    }
    return classes.flatMap(lists -> lists.exchange(pair, 0, WordClasses.Topic.ANY));
  }

  private boolean isNegated(String question) {
    List<String> found = new ArrayList<>();
    String text = question.toLowerCase(Locale.ROOT);
    if (!isSpaced) {
      negation.stream().filter(text::contains).forEach(found::add);
      return !found.isEmpty();
    }
    for (String word : text.split("[^\\p{L}\\p{M}]+", -1)) {
      if (negation.contains(word)) {
        found.add(word);
      }
    }
    return !found.isEmpty();
  }
}
