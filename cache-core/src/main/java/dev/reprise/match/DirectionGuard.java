package dev.reprise.match;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** See {@link Guard#direction}. */
final class DirectionGuard {
  /** How far a connector's words may stand from it. */
  private static final int REACH = 3;

  private static final Set<String> CONNECTORS = Language.ENGLISH.words("direction.connectors");

  /** What makes no difference between two things of which it speaks. */
  static final Set<String> SYMMETRIC = Language.ENGLISH.words("direction.symmetric");

  private static final Set<String> VERBS = Language.ENGLISH.words("direction.verbs");

  /** "left connector right", by stems. */
  private record Link(String left, String connector, String right) {
    Link reversed() {
      return new Link(right, connector, left);
    }
  }

  private DirectionGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    boolean isReversed = isReversed(pair);
    boolean isSwapped = !AntonymGuard.swapped(pair).isEmpty();
    if (isConverse(pair)) {
      // "A is healthier than B" is "B is less healthy than A".
      return isReversed || isSwapped || !areSameComparison(pair)
          ? Optional.empty()
          : Optional.of("one question asks for less where the other asks for more");
    }
    return isReversed && AntonymGuard.swapped(pair).size() != 1
        ? Optional.of("the two questions go in opposite directions")
        : Optional.empty();
  }

  /** Returns whether one side compares by "less" and the other by more. */
  private static boolean isConverse(QuestionPair pair) {
    int one = comparison(pair.askedSide());
    return one != 0 && one == -comparison(pair.cachedSide());
  }

  /** Returns whether both compare the same two things, in the same order. */
  private static boolean areSameComparison(QuestionPair pair) {
    Set<Link> there = links(pair.cachedSide());
    return links(pair.askedSide()).stream()
        .anyMatch(link -> link.connector.equals("than") && there.contains(link));
  }

  /**
   * Returns 1 for "healthier than", -1 for "less healthy than", and 0 where nothing is compared.
   */
  private static int comparison(QuestionSide side) {
    List<Word> words = side.words();
    for (int i = 1; i < words.size(); i++) {
      if (!words.get(i).lower().equals("than")
          || (i + 1 < words.size() && words.get(i + 1).isNumeric())) {
        continue;
      }
      for (int j = i - 1; j >= 0 && j >= i - REACH; j--) {
        String lower = words.get(j).lower();
        if (lower.equals("less") || lower.equals("fewer")) {
          return -1;
        }
        if (isComparative(words, j)) {
          return isBehindLess(words, j) ? -1 : 1;
        }
      }
    }
    return 0;
  }

  private static boolean isBehindLess(List<Word> words, int at) {
    return at > 0 && words.get(at - 1).lower().equals("less");
  }

  static boolean isReversed(QuestionPair pair) {
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    if (isSymmetric(asked) || isSymmetric(cached)) {
      return false;
    }
    Set<Link> there = links(cached);
    Set<Link> here = links(asked);
    for (Link link : here) {
      if (there.contains(link.reversed())
          && !there.contains(link)
          && !here.contains(link.reversed())) {
        return true;
      }
    }
    return false;
  }

  static boolean isSymmetric(QuestionSide side) {
    for (Word word : side.words()) {
      if (SYMMETRIC.contains(word.lower())) {
        return true;
      }
    }
    return false;
  }

  private static Set<Link> links(QuestionSide side) {
    Set<Link> links = new HashSet<>();
    List<Word> words = side.words();
    String source = null;
    String target = null;
    for (int i = 0; i < words.size(); i++) {
      String connector = words.get(i).lower();
      if (connector.equals("from")) {
        source = right(words, i);
      } else if (CONNECTORS.contains(connector) && !isInfinitive(words, i)) {
        String left = left(words, i, connector.equals("than"));
        String right = right(words, i);
        String kind = connector.equals("into") ? "to" : connector;
        if (kind.equals("to") && right != null) {
          target = right;
        }
        if (left != null && right != null && !left.equals(right)) {
          links.add(new Link(left, kind, right));
        }
      }
    }
    if (source != null && target != null && !source.equals(target)) {
      links.add(new Link(source, "to", target));
    }
    return links;
  }

  /** "To do" and "to get" say what for, not whereto. */
  private static boolean isInfinitive(List<Word> words, int at) {
    return words.get(at).lower().equals("to")
        && at + 1 < words.size()
        && VERBS.contains(words.get(at + 1).lower());
  }

  private static @Nullable String left(List<Word> words, int at, boolean isComparison) {
    int reach = isComparison ? REACH + 2 : REACH;
    // "Copper" ends like a comparative.
    boolean isComparing = isComparison;
    for (int i = at - 1; i >= 0 && i >= at - reach; i--) {
      Word word = words.get(i);
      if (isComparing && isComparative(words, i)) {
        isComparing = i > 0 && isDegree(words.get(i - 1).lower());
      } else if (word.isContent()) {
        return word.stem();
      }
    }
    return null;
  }

  private static boolean isDegree(String lower) {
    return lower.equals("more") || lower.equals("less") || lower.equals("much");
  }

  private static boolean isComparative(List<Word> words, int at) {
    String lower = words.get(at).lower();
    String before = at > 0 ? words.get(at - 1).lower() : "";
    return (lower.length() > 3 && lower.endsWith("er"))
        || lower.equals("more")
        || lower.equals("less")
        || lower.equals("worse")
        || before.equals("more")
        || before.equals("less");
  }

  private static @Nullable String right(List<Word> words, int at) {
    for (int i = at + 1; i < words.size() && i <= at + REACH; i++) {
      if (words.get(i).isContent()) {
        boolean isNumbered = i + 1 < words.size() && words.get(i + 1).isNumeric();
        return words.get(isNumbered ? i + 1 : i).stem();
      }
    }
    return null;
  }
}
