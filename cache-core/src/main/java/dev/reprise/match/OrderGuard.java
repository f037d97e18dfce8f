package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** See {@link Guard#order}. */
final class OrderGuard {
  /** The longest phrase that is seen to have changed its place, in words. */
  private static final int PHRASE = 3;

  /** Words whose place and form say nothing. */
  private static final Set<String> ARTICLES = Language.ENGLISH.words("order.articles");

  /** Between two things, these let them change places. */
  private static final Set<String> JOINING = Language.ENGLISH.words("order.joining");

  /** What opens a clause that may stand before or behind the question. */
  private static final Set<String> FRONTED =
      Language.ENGLISH.words("order.fronted").stream()
          .map(QuestionSide::stem)
          .collect(Collectors.toUnmodifiableSet());

  private OrderGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    if (!DirectionGuard.isSymmetric(pair.askedSide())
        && (isExchanged(pair, Map.of()) || areObjectsExchanged(pair))) {
      return Optional.of("the two questions have the same words in exchanged places");
    }
    return Optional.empty();
  }

  /** "Add milk and remove bread" and "remove milk and add bread". */
  private static boolean areObjectsExchanged(QuestionPair pair) {
    Map<String, String> asked = objects(pair.askedSide());
    Map<String, String> cached = objects(pair.cachedSide());
    for (Map.Entry<String, String> one : asked.entrySet()) {
      for (Map.Entry<String, String> other : asked.entrySet()) {
        if (!one.getValue().equals(other.getValue())
            && one.getValue().equals(cached.get(other.getKey()))
            && other.getValue().equals(cached.get(one.getKey()))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the word behind each verb whose opposite stands in the same question, by stems. */
  private static Map<String, String> objects(QuestionSide side) {
    Map<String, String> objects = new HashMap<>();
    List<Word> words = side.words();
    for (int i = 0; i + 1 < words.size(); i++) {
      String verb = words.get(i).lower();
      if (!ActionGuard.isVerb(verb) || Antonyms.of(verb, side).isEmpty()) {
        continue;
      }
      int at = i + 1;
      while (at < words.size() && !words.get(at).isContent()) {
        at++;
      }
      if (at < words.size()) {
        objects.put(words.get(i).stem(), words.get(at).stem());
      }
    }
    return objects;
  }

  /**
   * Returns whether the one side is the other with two phrases exchanged, where a word of {@code
   * equal} stands for its value.
   */
  static boolean isExchanged(QuestionPair pair, Map<String, String> equal) {
    List<String> one = stems(pair.askedSide(), equal);
    List<String> other = stems(pair.cachedSide(), Map.of());
    if (one.size() != other.size()) {
      return false;
    }
    int begin = 0;
    int end = one.size();
    while (begin < end && one.get(begin).equals(other.get(begin))) {
      begin++;
    }
    while (end > begin && one.get(end - 1).equals(other.get(end - 1))) {
      end--;
    }
    return isExchanged(one.subList(begin, end), other.subList(begin, end));
  }

  /** Returns whether the one is x m y and the other y m x, m joining nothing. */
  private static boolean isExchanged(List<String> one, List<String> other) {
    int size = one.size();
    for (int first = 1; first <= PHRASE; first++) {
      for (int last = 1; last <= PHRASE && first + last < size; last++) {
        if (one.subList(0, first).equals(other.subList(size - first, size))
            && one.subList(size - last, size).equals(other.subList(0, last))
            && one.subList(first, size - last).equals(other.subList(last, size - first))) {
          // "Before I repot it, should I water it" and "should I water it before I repot it".
          boolean isClause = FRONTED.contains(one.get(0)) || FRONTED.contains(other.get(0));
          return !isClause && one.subList(first, size - last).stream().noneMatch(JOINING::contains);
        }
      }
    }
    return false;
  }

  private static List<String> stems(QuestionSide side, Map<String, String> equal) {
    List<String> stems = new ArrayList<>();
    for (Word word : side.words()) {
      if (!ARTICLES.contains(word.lower())) {
        String lower = equal.getOrDefault(word.lower(), word.lower());
        stems.add(QuestionSide.stem(lower));
      }
    }
    return stems;
  }
}
