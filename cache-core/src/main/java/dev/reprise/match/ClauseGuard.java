package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells apart questions of the same words in which a clause, a compound or "only" says something
 * else. Part of {@link Guard#order}.
 */
final class ClauseGuard {
  private static final Set<String> OPENING = Language.ENGLISH.words("clause.opening");

  /** Behind "when", these make no clause of it: "when is", "when in". */
  private static final Set<String> NO_CLAUSE = Language.ENGLISH.words("clause.none");

  private static final Set<String> FOCUS = Language.ENGLISH.words("clause.focus");
  private static final Set<String> ADVERBS = Language.ENGLISH.words("clause.adverbs");

  /** "The unlucky man", "the man unlucky" are no compounds. */
  private static final int FEWEST_WORDS = 4;

  /** How alike the words of the two must be for exchanged clauses. */
  private static final double ALIKE = 0.75;

  /** What stands before and in a clause, by stems. */
  private record Parts(String opening, Set<String> main, Set<String> clause) {}

  private ClauseGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    if (areClausesExchanged(asked, cached) && pair.overlap(Set.of()) >= ALIKE) {
      return Optional.of("one question asks about what is the condition in the other");
    }
    if (isCompoundTurned(asked, cached)) {
      return Optional.of("two words of a compound have changed places");
    }
    return isFocusMoved(asked, cached)
        ? Optional.of("\"only\" belongs to another word")
        : Optional.empty();
  }

  /** "Why do I eat when I am stressed" and "why am I stressed when I eat". */
  private static boolean areClausesExchanged(QuestionSide asked, QuestionSide cached) {
    Parts one = parts(asked);
    Parts other = parts(cached);
    return one != null
        && other != null
        && one.opening.equals(other.opening)
        && disjoint(one.clause, other.clause)
        && disjoint(one.main, other.main)
        && !disjoint(one.clause, other.main)
        && !disjoint(one.main, other.clause);
  }

  private static boolean disjoint(Set<String> some, Set<String> others) {
    return some.stream().noneMatch(others::contains);
  }

  private static @Nullable Parts parts(QuestionSide side) {
    List<Word> words = side.words();
    int at = -1;
    for (int i = 0; i < words.size(); i++) {
      if (OPENING.contains(words.get(i).lower())
          && (i > 0 || side.text().indexOf(',') > 0)
          && (i + 1 == words.size() || !NO_CLAUSE.contains(words.get(i + 1).lower()))) {
        if (at >= 0) {
          return null;
        }
        at = i;
      }
    }
    if (at < 0) {
      return null;
    }
    // A clause in front ends at the comma.
    int end = at == 0 ? behindComma(side) : words.size();
    if (end <= at) {
      return null;
    }
    Set<String> main = stems(words.subList(0, at));
    main.addAll(stems(words.subList(end, words.size())));
    return new Parts(words.get(at).lower(), main, stems(words.subList(at + 1, end)));
  }

  private static int behindComma(QuestionSide side) {
    int comma = side.text().indexOf(',');
    int at = 0;
    while (at < side.words().size() && side.words().get(at).begin() < comma) {
      at++;
    }
    return at;
  }

  private static Set<String> stems(List<Word> words) {
    Set<String> stems = new HashSet<>();
    for (Word word : words) {
      if (word.isContent()) {
        stems.add(word.stem());
      }
    }
    return stems;
  }

  /** "Milk chocolate" and "chocolate milk", where all else is the same. */
  private static boolean isCompoundTurned(QuestionSide asked, QuestionSide cached) {
    List<Word> one = asked.words();
    List<Word> other = cached.words();
    if (one.size() != other.size() || one.size() < FEWEST_WORDS) {
      return false;
    }
    int at = 0;
    while (at < one.size() && one.get(at).stem().equals(other.get(at).stem())) {
      at++;
    }
    if (at + 1 >= one.size()
        || !one.get(at).lower().equals(other.get(at + 1).lower())
        || !one.get(at + 1).lower().equals(other.get(at).lower())
        || !isNoun(one.get(at))
        || !isNoun(one.get(at + 1))
        || (at + 2 < one.size() && isNoun(one.get(at + 2)))) {
      return false;
    }
    for (int i = at + 2; i < one.size(); i++) {
      if (!one.get(i).stem().equals(other.get(i).stem())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNoun(Word word) {
    return word.isContent()
        && !word.isNumeric()
        && !word.lower().endsWith("ly")
        && !word.lower().endsWith("ing")
        && !FOCUS.contains(word.lower())
        && !ADVERBS.contains(word.lower());
  }

  /** "Let only members post photos" and "let members post only photos". */
  private static boolean isFocusMoved(QuestionSide asked, QuestionSide cached) {
    int one = focus(asked.words());
    int other = focus(cached.words());
    if (one < 0 || other < 0 || Math.abs(one - other) < 2) {
      return false;
    }
    List<String> here = lowers(asked.words());
    List<String> there = lowers(cached.words());
    return here.remove(one).equals(there.remove(other)) && here.equals(there);
  }

  /** Returns where the only focus word stands, before a noun, or -1. */
  private static int focus(List<Word> words) {
    int at = -1;
    for (int i = 0; i < words.size(); i++) {
      if (FOCUS.contains(words.get(i).lower())) {
        if (at >= 0) {
          return -1;
        }
        at = i;
      }
    }
    boolean isBeforeNoun =
        at > 0
            && at + 1 < words.size()
            && words.get(at + 1).isContent()
            && (words.get(at - 1).isContent() || words.get(at - 1).lower().equals("let"));
    return isBeforeNoun ? at : -1;
  }

  private static List<String> lowers(List<Word> words) {
    List<String> lowers = new ArrayList<>();
    words.forEach(word -> lowers.add(word.lower()));
    return lowers;
  }
}
