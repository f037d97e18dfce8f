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
    if (!isReversed(pair) || AntonymGuard.swapped(pair).size() == 1) {
      return Optional.empty();
    }
    return Optional.of("the two questions go in opposite directions");
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
    for (int i = at - 1; i >= 0 && i >= at - reach; i--) {
      Word word = words.get(i);
      if (word.isContent() && !(isComparison && isComparative(words, i))) {
        return word.stem();
      }
    }
    return null;
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
        return words.get(i).stem();
      }
    }
    return null;
  }
}
