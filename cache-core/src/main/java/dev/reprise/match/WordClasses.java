package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Closed classes of words that exclude each other: "all" and "some", "to" and "from". A list has
 * one group a line; its classes are separated by " / ", the phrases of a class by commas.
 */
final class WordClasses {
  /** Words between a phrase and what it is about. */
  private static final Set<String> BETWEEN = Language.ENGLISH.words("word-classes.between");

  /** What must be alike for an exchanged class to be an objection. */
  enum Topic {
    /** The word behind the two phrases. */
    SAME,
    /** Nothing in particular. */
    ANY
  }

  /** Words in a row, and to which class of which group they belong. */
  private record Phrase(List<String> words, int group, int kind) {}

  /** Where a phrase stands, and the word that it is about, or none. */
  private record Found(Phrase phrase, String object) {
    boolean excludes(Found other) {
      return phrase.group == other.phrase.group && phrase.kind != other.phrase.kind;
    }

    String text() {
      return String.join(" ", phrase.words);
    }

    /** "Over 5" and "or more", but not "over" alone. */
    boolean isDefinite() {
      return (phrase.words.size() > 1 && !text().equals("up to") && !text().endsWith("same as"))
          || (!object.isEmpty() && Character.isDigit(object.charAt(0)))
          || Quantity.isNumberWord(object);
    }

    /** Returns whether it says the same as {@code other}; what each is about, others compare. */
    boolean isSame(Found other) {
      return phrase.group == other.phrase.group && phrase.kind == other.phrase.kind;
    }
  }

  private final Map<String, List<Phrase>> byFirstWord = new HashMap<>();
  private final int groups;

  private WordClasses(List<String> lines) {
    groups = lines.size();
    for (int group = 0; group < groups; group++) {
      String[] kinds = lines.get(group).split(" / ", -1);
      for (int kind = 0; kind < kinds.length; kind++) {
        for (String phrase : kinds[kind].split(",", -1)) {
          List<String> words = List.of(phrase.strip().split(" ", -1));
          byFirstWord
              .computeIfAbsent(words.get(0), unused -> new ArrayList<>())
              .add(new Phrase(words, group, kind));
        }
      }
    }
    byFirstWord.values().forEach(list -> list.sort((a, b) -> b.words().size() - a.words().size()));
  }

  /** Returns the classes of a list of a language. */
  static WordClasses of(Language language, String list) {
    return new WordClasses(language.lines(list));
  }

  /**
   * Returns how two phrases of the two sides exclude each other, or empty where none do.
   *
   * @param alike how alike the rest must be, from 0 to 1
   */
  Optional<String> exchange(QuestionPair pair, double alike, Topic topic) {
    for (int group = 0; group < groups; group++) {
      List<Found> asked = found(pair.askedSide(), group);
      List<Found> cached = found(pair.cachedSide(), group);
      removeCommon(asked, cached);
      for (Found one : asked) {
        for (Found other : cached) {
          boolean isAbout =
              topic == Topic.ANY || (!one.object.isEmpty() && one.object.equals(other.object));
          if (one.excludes(other) && isAbout && pair.overlap(stems(one, other)) >= alike) {
            return Optional.of(
                String.format(
                    "the question says \"%s\", the cached one \"%s\"", one.text(), other.text()));
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns how a phrase stands on one side only, where it is about a number or has several words,
   * or empty where none does.
   */
  Optional<String> onlyOne(QuestionPair pair, double alike) {
    for (int group = 0; group < groups; group++) {
      List<Found> asked = found(pair.askedSide(), group);
      List<Found> cached = found(pair.cachedSide(), group);
      removeCommon(asked, cached);
      asked.removeIf(one -> !one.isDefinite());
      cached.removeIf(one -> !one.isDefinite());
      if (asked.isEmpty() == cached.isEmpty()) {
        continue;
      }
      Found one = asked.isEmpty() ? cached.get(0) : asked.get(0);
      if (pair.overlap(stems(one, one)) >= alike) {
        return Optional.of(
            String.format(
                asked.isEmpty()
                    ? "the cached question says \"%s\""
                    : "the cached question does not say \"%s\"",
                one.text()));
      }
    }
    return Optional.empty();
  }

  /** Returns whether the two sides are the same word for word, apart from phrases of one word. */
  boolean areRestsEqual(QuestionPair pair) {
    return rest(pair.askedSide()).equals(rest(pair.cachedSide()));
  }

  private List<String> rest(QuestionSide side) {
    return side.words().stream()
        .map(Word::lower)
        .filter(word -> !byFirstWord.containsKey(word))
        .toList();
  }

  private static void removeCommon(List<Found> asked, List<Found> cached) {
    for (int i = asked.size() - 1; i >= 0; i--) {
      for (int j = 0; j < cached.size(); j++) {
        if (asked.get(i).isSame(cached.get(j))) {
          asked.remove(i);
          cached.remove(j);
          break;
        }
      }
    }
  }

  private static Set<String> stems(Found one, Found other) {
    Set<String> stems = new HashSet<>();
    one.phrase.words.forEach(word -> stems.add(QuestionSide.stem(word)));
    other.phrase.words.forEach(word -> stems.add(QuestionSide.stem(word)));
    return stems;
  }

  private List<Found> found(QuestionSide side, int group) {
    List<Found> found = new ArrayList<>();
    List<Word> words = side.words();
    int at = 0;
    while (at < words.size()) {
      Phrase phrase = phraseAt(words, at, group);
      if (phrase == null) {
        at++;
      } else {
        at += phrase.words.size();
        found.add(new Found(phrase, object(words, at)));
      }
    }
    return found;
  }

  private @Nullable Phrase phraseAt(List<Word> words, int at, int group) {
    for (Phrase phrase : byFirstWord.getOrDefault(words.get(at).lower(), List.of())) {
      if (phrase.group == group && stands(phrase, words, at)) {
        return phrase;
      }
    }
    return null;
  }

  private static boolean stands(Phrase phrase, List<Word> words, int at) {
    int size = phrase.words.size();
    if (at + size > words.size()) {
      return false;
    }
    // "Bigger or smaller than" leaves it open.
    boolean isAlternative =
        phrase.words.get(0).equals("or")
            ? at + size < words.size() && words.get(at + size).lower().equals("than")
            : at > 0 && words.get(at - 1).lower().equals("or");
    if (isAlternative) {
      return false;
    }
    for (int i = 1; i < size; i++) {
      if (!words.get(at + i).lower().equals(phrase.words.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static String object(List<Word> words, int from) {
    for (int i = from; i < words.size() && i < from + 3; i++) {
      if (!BETWEEN.contains(words.get(i).lower())) {
        return words.get(i).stem();
      }
    }
    return "";
  }
}
