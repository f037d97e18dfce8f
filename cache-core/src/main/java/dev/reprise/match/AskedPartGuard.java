package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether it is asked who does something or to whom it is done: "which animals eat snakes",
 * "which animals do snakes eat". Part of {@link Guard#roles}.
 */
final class AskedPartGuard {
  private static final Set<String> ASKING = Language.ENGLISH.words("asked-part.asking");
  private static final Set<String> AUXILIARIES = Language.ENGLISH.words("asked-part.auxiliaries");
  private static final Set<String> BEING = Language.ENGLISH.words("passive.being");
  private static final Set<String> OPINION = Language.ENGLISH.words("role.opinion");

  /** A question for one part of a verb: what it asks for, the verb, and what else is said. */
  private record Asked(Set<String> kind, String verb, Set<String> rest, boolean isDoer) {
    boolean isTurned(Asked other) {
      return isDoer != other.isDoer
          && verb.equals(other.verb)
          && kind.equals(other.kind)
          && rest.equals(other.rest);
    }
  }

  private AskedPartGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    if (!isAsking(asked) || !isAsking(cached)) {
      return Optional.empty();
    }
    if (isKindExchanged(asked, cached)) {
      return Optional.of("the two questions ask for each other's things");
    }
    Set<String> verbs = verbs(asked);
    verbs.retainAll(verbs(cached));
    for (String verb : verbs) {
      Asked one = asked(asked.words(), verb);
      Asked other = asked(cached.words(), verb);
      if (one != null && other != null && one.isTurned(other)) {
        return Optional.of("one question asks who does it, the other to whom it is done");
      }
    }
    return Optional.empty();
  }

  private static boolean isAsking(QuestionSide side) {
    return side.words().size() > 2
        && ASKING.contains(side.words().get(0).lower())
        && OPINION.stream().noneMatch(side::has)
        && !DirectionGuard.isSymmetric(side);
  }

  /** "Which battles did the ship get lost in", "which ships were lost in the battle". */
  private static boolean isKindExchanged(QuestionSide asked, QuestionSide cached) {
    String one = kind(asked.words());
    String other = kind(cached.words());
    return one != null
        && other != null
        && !one.equals(other)
        && asked.contentStems().contains(other)
        && cached.contentStems().contains(one);
  }

  /** Returns the stem of the noun between "which" and an auxiliary, or null where it is no noun. */
  private static @Nullable String kind(List<Word> words) {
    Word noun = words.get(1);
    return noun.isContent() && AUXILIARIES.contains(words.get(2).lower()) ? noun.stem() : null;
  }

  private static Set<String> verbs(QuestionSide side) {
    Set<String> verbs = new HashSet<>();
    List<Word> words = side.words();
    for (Word word : words.subList(1, words.size())) {
      if (word.isContent() && !word.isNumeric()) {
        verbs.add(Verbs.stem(word));
      }
    }
    return verbs;
  }

  private static @Nullable Asked asked(List<Word> words, String verb) {
    int at = 1;
    while (at < words.size() && !Verbs.stem(words.get(at)).equals(verb)) {
      at++;
    }
    int auxiliary = 1;
    while (auxiliary < at && !AUXILIARIES.contains(words.get(auxiliary).lower())) {
      auxiliary++;
    }
    Set<String> behind = stems(words.subList(at + 1, words.size()));
    if (auxiliary == at) {
      // "Which animals eat snakes".
      List<Word> kind = words.subList(1, at);
      return behind.isEmpty() || !kind.stream().allMatch(Word::isContent)
          ? null
          : new Asked(stems(kind), verb, behind, true);
    }
    Set<String> kind = stems(words.subList(1, auxiliary));
    boolean isPassive = BEING.contains(words.get(auxiliary).lower()) && auxiliary == at - 1;
    if (isPassive) {
      // "Who was trained by her".
      boolean isBy = at + 1 < words.size() && words.get(at + 1).lower().equals("by");
      return isBy && !behind.isEmpty() ? new Asked(kind, verb, behind, false) : null;
    }
    if (BEING.contains(words.get(auxiliary).lower())) {
      return null;
    }
    // "Which animals do snakes eat".
    List<Word> between = new ArrayList<>(words.subList(auxiliary + 1, at));
    boolean isSaid = between.stream().anyMatch(Word::isContent);
    Set<String> rest = stems(between);
    rest.addAll(behind);
    return isSaid ? new Asked(kind, verb, rest, false) : null;
  }

  private static Set<String> stems(List<Word> words) {
    Set<String> stems = new HashSet<>();
    words.stream().filter(Word::isContent).forEach(word -> stems.add(word.stem()));
    return stems;
  }
}
