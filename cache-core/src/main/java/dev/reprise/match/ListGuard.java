package dev.reprise.match;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells all of a kind from one of it: "the symptoms of flu", "a symptom of flu". Part of {@link
 * Guard#asking}.
 */
final class ListGuard {
  private static final double ALIKE = 0.75;

  /** How many words may stand between an article and its noun. */
  private static final int REACH = 3;

  /** How far from the beginning the article may stand: "what are the", "tell me about a". */
  private static final int FIRST = 4;

  private static final Set<String> ASKING = Language.ENGLISH.words("list.asking");
  private static final Set<String> ONE = Language.ENGLISH.words("list.one");
  private static final Set<String> ALL = Language.ENGLISH.words("list.all");

  /** "A good way" is asked for where "the best ways" are. */
  private static final Set<String> EITHER = Language.ENGLISH.words("list.either");

  private ListGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    return isOther(pair, pair.askedSide(), pair.cachedSide())
            || isOther(pair, pair.cachedSide(), pair.askedSide())
        ? Optional.of("one question asks for one where the other asks for all")
        : Optional.empty();
  }

  private static boolean isOther(QuestionPair pair, QuestionSide all, QuestionSide one) {
    if (!isAsking(all) || !isAsking(one)) {
      return false;
    }
    Set<String> many = nouns(all.words(), ALL, true);
    many.retainAll(nouns(one.words(), ONE, false));
    return !many.isEmpty() && pair.overlap(many) >= ALIKE;
  }

  private static boolean isAsking(QuestionSide side) {
    return !side.words().isEmpty() && ASKING.contains(side.words().get(0).lower());
  }

  /** Returns the stems of nouns in that number behind one of the articles. */
  private static Set<String> nouns(List<Word> words, Set<String> articles, boolean isPlural) {
    Set<String> nouns = new HashSet<>();
    for (int i = 1; i < words.size() && i < FIRST; i++) {
      if (!articles.contains(words.get(i).lower())) {
        continue;
      }
      for (int j = i + 1; j < words.size() && j <= i + REACH; j++) {
        Word word = words.get(j);
        if (!word.isContent() || EITHER.contains(word.lower())) {
          break;
        }
        if (isPlural == isPlural(word)) {
          nouns.add(word.stem());
        }
        if (isPlural(word)) {
          break;
        }
      }
    }
    return nouns;
  }

  private static boolean isPlural(Word word) {
    String lower = word.lower();
    return !Definitions.singular(lower).equals(lower);
  }
}
