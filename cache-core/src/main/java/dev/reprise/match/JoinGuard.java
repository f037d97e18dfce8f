package dev.reprise.match;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** See {@link Guard#joins}. */
final class JoinGuard {
  /** How alike the rest must be for another conjunction to be an objection. */
  private static final double ALIKE = 0.75;

  private static final Set<String> CHOOSING = Language.ENGLISH.words("join.choosing");

  private static final Set<String> ASKING = Language.ENGLISH.words("join.asking");

  private static final Set<String> NO_COMPARATIVES = Language.ENGLISH.words("join.no-comparatives");

  private static final Set<String> COPULAS = Language.ENGLISH.words("join.copulas");

  /** Two words on either side of a conjunction, in the order of their letters. */
  private record Join(String one, String other) {
    static Join of(String left, String right) {
      return left.compareTo(right) < 0 ? new Join(left, right) : new Join(right, left);
    }
  }

  private JoinGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    if (isChoice(asked) || isChoice(cached) || (isComparison(asked) && isComparison(cached))) {
      return Optional.empty();
    }
    boolean isExchanged =
        meet(joins(asked, "and"), joins(cached, "or"))
            || meet(joins(asked, "or"), joins(cached, "and"));
    return isExchanged && pair.overlap(Set.of()) >= ALIKE
        ? Optional.of("one question says \"and\" where the other says \"or\"")
        : Optional.empty();
  }

  private static boolean isChoice(QuestionSide side) {
    return side.words().stream().anyMatch(word -> CHOOSING.contains(word.lower()));
  }

  /** "Who is older, A or B" is "which of A and B is older". */
  private static boolean isComparison(QuestionSide side) {
    List<Word> words = side.words();
    if (words.isEmpty() || !ASKING.contains(words.get(0).lower())) {
      return false;
    }
    for (int i = 1; i < words.size(); i++) {
      // "Who is older", "which lasts longer", but not "what if the driver".
      boolean isPredicate = i == 2 || COPULAS.contains(words.get(i - 1).lower());
      String lower = words.get(i).lower();
      if (lower.equals("more")
          || lower.equals("most")
          || (isPredicate && isComparative(words.get(i)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isComparative(Word word) {
    String lower = word.lower();
    return lower.length() > 4
        && (lower.endsWith("er") || lower.endsWith("est"))
        && !word.isCapitalized()
        && !NO_COMPARATIVES.contains(lower);
  }

  private static boolean meet(Set<Join> joins, Set<Join> others) {
    return joins.stream().anyMatch(others::contains);
  }

  private static Set<Join> joins(QuestionSide side, String conjunction) {
    Set<Join> joins = new HashSet<>();
    List<Word> words = side.words();
    for (int i = 1; i + 1 < words.size(); i++) {
      if (words.get(i).lower().equals(conjunction)) {
        joins.add(Join.of(words.get(i - 1).stem(), words.get(i + 1).stem()));
      }
    }
    return joins;
  }
}
