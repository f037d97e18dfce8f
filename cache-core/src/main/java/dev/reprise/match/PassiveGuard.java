package dev.reprise.match;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** See {@link Guard#passives}. */
final class PassiveGuard {
  /** How far the two who are spoken of may stand from the verb. */
  private static final int REACH = 3;

  private static final Set<String> BEING = Language.ENGLISH.words("passive.being");

  private PassiveGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    return isTurned(pair.askedSide(), pair.cachedSide())
            || isTurned(pair.cachedSide(), pair.askedSide())
        ? Optional.of("one question says who does it where the other says to whom it is done")
        : Optional.empty();
  }

  /** Returns whether "A did by B" stands on the one side and "A does B" on the other. */
  private static boolean isTurned(QuestionSide passive, QuestionSide active) {
    List<Word> words = passive.words();
    for (int i = 1; i + 2 < words.size(); i++) {
      Word verb = words.get(i);
      if (!verb.isContent()
          || verb.stem().equals(verb.lower())
          || !words.get(i + 1).lower().equals("by")) {
        continue;
      }
      String left = content(words, i - 1, -1);
      String right = content(words, i + 2, 1);
      if (left != null && right != null && says(active, left, verb.stem(), right)) {
        return true;
      }
    }
    return false;
  }

  private static boolean says(QuestionSide active, String left, String verb, String right) {
    List<Word> words = active.words();
    for (int i = 1; i + 1 < words.size(); i++) {
      if (words.get(i).stem().equals(verb)
          && !words.get(i + 1).lower().equals("by")
          && !BEING.contains(words.get(i - 1).lower())) {
        String before = content(words, i - 1, -1);
        String behind = content(words, i + 1, 1);
        return left.equals(before) && right.equals(behind);
      }
    }
    return false;
  }

  private static @Nullable String content(List<Word> words, int from, int step) {
    for (int i = from; i >= 0 && i < words.size() && Math.abs(i - from) < REACH; i += step) {
      if (words.get(i).isContent()) {
        return words.get(i).stem();
      }
    }
    return null;
  }
}
