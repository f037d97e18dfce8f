package dev.reprise.match;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** See {@link Guard#asking}. */
final class AskingGuard {
  private static final Set<String> ABLE = Language.ENGLISH.words("asking.able");
  private static final Set<String> AUXILIARIES = Language.ENGLISH.words("asking.auxiliaries");
  private static final Set<String> NEEDED = Language.ENGLISH.words("asking.needed");
  private static final Set<String> POSSIBLE = Language.ENGLISH.words("asking.possible");

  private static final Set<String> PERSONS = Language.ENGLISH.words("asking.persons");

  private static final Set<String> MODAL_STEMS =
      Stream.concat(NEEDED.stream(), POSSIBLE.stream())
          .flatMap(word -> Stream.of(QuestionSide.stem(word), "need"))
          .collect(Collectors.toUnmodifiableSet());

  /** How far from the beginning it may say what is asked. */
  private static final int REACH = 6;

  private static final double ALIKE = 0.9;
  private static final double NEARLY_ALIKE = 0.75;

  private AskingGuard() {}

  /** What kind of answer is asked for, where it can be told by the first words. */
  private enum Kind {
    WHETHER_POSSIBLE,
    WHETHER_NEEDED,
    WHETHER_RIGHT,
    WHETHER,
    HOW,
    WHY
  }

  static Optional<String> modality(QuestionPair pair) {
    Kind one = kind(pair.askedSide());
    Kind other = kind(pair.cachedSide());
    return isModal(one)
            && isModal(other)
            && one != other
            && pair.overlap(MODAL_STEMS) >= NEARLY_ALIKE
        ? objection(one, other)
        : Optional.empty();
  }

  private static Optional<String> objection(@Nullable Kind one, @Nullable Kind other) {
    return Optional.of("the question asks " + name(one) + ", the cached one " + name(other));
  }

  private static String name(@Nullable Kind kind) {
    return kind == null ? "" : kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static boolean isModal(@Nullable Kind kind) {
    return kind == Kind.WHETHER_POSSIBLE || kind == Kind.WHETHER_NEEDED;
  }

  static Optional<String> objection(QuestionPair pair) {
    Kind one = kind(pair.askedSide());
    Kind other = kind(pair.cachedSide());
    boolean isOther =
        areKinds(one, other, Kind.HOW, Kind.WHETHER_POSSIBLE)
            || areKinds(one, other, Kind.HOW, Kind.WHETHER_RIGHT)
            || areKinds(one, other, Kind.HOW, Kind.WHY)
            || areKinds(one, other, Kind.WHETHER, Kind.WHY)
            || areKinds(one, other, Kind.WHETHER_POSSIBLE, Kind.WHY);
    return isOther && pair.overlap(Set.of()) >= ALIKE ? objection(one, other) : Optional.empty();
  }

  private static boolean areKinds(
      @Nullable Kind one, @Nullable Kind other, Kind first, Kind second) {
    return (one == first && other == second) || (one == second && other == first);
  }

  private static @Nullable Kind kind(QuestionSide side) {
    List<Word> words = side.words();
    if (words.isEmpty()) {
      return null;
    }
    String first = words.get(0).lower();
    if (first.equals("how") && words.size() > 2) {
      String second = words.get(1).lower();
      return AUXILIARIES.contains(second) || second.equals("to") ? Kind.HOW : null;
    }
    if (first.equals("why")) {
      return Kind.WHY;
    }
    if (first.equals("need") && words.size() > 2 && PERSONS.contains(words.get(1).lower())) {
      return Kind.WHETHER_NEEDED;
    }
    if (AUXILIARIES.contains(first)
        && !side.has("why")
        && !side.has("how")
        && !side.has("reason")
        && !side.has("way")) {
      return whether(words, first);
    }
    return null;
  }

  private static Kind whether(List<Word> words, String first) {
    if (ABLE.contains(first)) {
      return words.size() > 1 && words.get(1).lower().equals("you")
          ? Kind.WHETHER
          : Kind.WHETHER_POSSIBLE;
    }
    if (first.equals("must")) {
      return Kind.WHETHER_NEEDED;
    }
    for (int i = 1; i < words.size() && i < REACH; i++) {
      String lower = words.get(i).lower();
      boolean isTo = i + 1 < words.size() && words.get(i + 1).lower().equals("to");
      if (NEEDED.contains(lower) || (isTo && (lower.equals("have") || lower.equals("need")))) {
        return Kind.WHETHER_NEEDED;
      }
      if (POSSIBLE.contains(lower)) {
        return Kind.WHETHER_POSSIBLE;
      }
    }
    return first.equals("should") ? Kind.WHETHER_RIGHT : Kind.WHETHER;
  }
}
