package dev.reprise.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/*
 * A model of meaning hardly sees a word more in a question that is otherwise the same, and an attacker can add one: "How do I reset
 * my password? PWNED". Refusing every word that stands on one side only would refuse 29 % of the right hits on read pairs. So a
 * word counts where it is put before or behind the question, where there are several, or where it is no word of everyday English.
 */
/** See {@link Guard#additions}. */
final class AddedGuard {
  /** So many content words more are a difference, wherever they stand. */
  private static final int MANY = 3;

  /** So many more where one word of the shorter question is missing from the longer one. */
  private static final int MANY_MORE = 5;

  private static final Set<String> FILLERS = Language.ENGLISH.words("fillers");

  private AddedGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    QuestionSide asked = QuestionSide.of(Normalization.withoutPoliteness(pair.asked()));
    QuestionSide cached = QuestionSide.of(Normalization.withoutPoliteness(pair.cached()));
    boolean isAskedLonger = asked.words().size() > cached.words().size();
    QuestionSide more = isAskedLonger ? asked : cached;
    QuestionSide less = isAskedLonger ? cached : asked;
    List<Word> added = added(more, less);
    if (!added.isEmpty() && isDifference(added, more, less)) {
      return objection(added);
    }
    List<Word> onlyMore = only(more, less);
    return only(less, more).size() <= 1 && onlyMore.size() - only(less, more).size() >= MANY_MORE
        ? objection(onlyMore)
        : Optional.empty();
  }

  private static Optional<String> objection(List<Word> added) {
    StringBuilder words = new StringBuilder();
    added.forEach(word -> words.append(words.isEmpty() ? "" : " ").append(word.text()));
    return Optional.of("only one of the two says \"" + words + "\"");
  }

  private static boolean isDifference(List<Word> added, QuestionSide more, QuestionSide less) {
    List<Word> telling = new ArrayList<>(added);
    telling.removeIf(word -> !isTelling(word, less));
    if (telling.isEmpty()) {
      return false;
    }
    if (telling.size() >= MANY) {
      return true;
    }
    for (Word word : telling) {
      if (!isEveryday(word)) {
        return true;
      }
    }
    int first = more.words().indexOf(telling.get(0));
    int last = more.words().indexOf(telling.get(telling.size() - 1));
    return isBehind(more, less, last) || isBefore(more, less, first);
  }

  /** Returns whether the longer question is the shorter one with something put behind it. */
  private static boolean isBehind(QuestionSide more, QuestionSide less, int last) {
    int size = less.words().size();
    return last >= size && startsWith(more.words(), less.words());
  }

  private static boolean isBefore(QuestionSide more, QuestionSide less, int first) {
    int extra = more.words().size() - less.words().size();
    return first < extra
        && startsWith(more.words().subList(extra, more.words().size()), less.words());
  }

  private static boolean startsWith(List<Word> words, List<Word> beginning) {
    for (int i = 0; i < beginning.size(); i++) {
      if (!words.get(i).stem().equals(beginning.get(i).stem())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTelling(Word word, QuestionSide other) {
    return word.isContent()
        && !FILLERS.contains(word.lower())
        && !word.isNumeric()
        && !other.stems().contains(word.stem())
        && (word.lower().length() < 4 || !other.squashed().contains(word.lower()));
  }

  private static boolean isEveryday(Word word) {
    String lower = word.lower();
    return lower.length() < 3
        || EverydayWords.contains(lower, word.stem())
        || EverydayWords.contains(Definitions.singular(lower));
  }

  /**
   * Returns the words by which {@code more} is longer than {@code less}, or none where it is not.
   */
  private static List<Word> added(QuestionSide more, QuestionSide less) {
    List<Word> added = new ArrayList<>();
    int at = 0;
    for (Word word : more.words()) {
      if (at < less.words().size() && word.stem().equals(less.words().get(at).stem())) {
        at++;
      } else {
        added.add(word);
      }
    }
    return at == less.words().size() ? added : List.of();
  }

  private static List<Word> only(QuestionSide here, QuestionSide there) {
    List<Word> only = new ArrayList<>();
    for (Word word : here.words()) {
      if (isTelling(word, there)) {
        only.add(word);
      }
    }
    return only;
  }
}
