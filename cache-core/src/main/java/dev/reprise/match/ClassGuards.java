package dev.reprise.match;

import dev.reprise.match.WordClasses.Topic;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Guards over {@link WordClasses}. */
final class ClassGuards {
  private static final double ALIKE = 0.9;
  private static final double NEARLY_ALIKE = 0.75;

  private static final WordClasses PREPOSITIONS = WordClasses.of(Language.ENGLISH, "prepositions");
  private static final WordClasses QUANTIFIERS = WordClasses.of(Language.ENGLISH, "quantifiers");
  private static final WordClasses EXCEPTIVES = WordClasses.of(Language.ENGLISH, "exceptives");
  private static final WordClasses MODALITY = WordClasses.of(Language.ENGLISH, "modality");
  private static final WordClasses OBLIGED = WordClasses.of(Language.ENGLISH, "obliged");
  private static final Set<String> MEASURES = Language.ENGLISH.words("obliged.measures");
  private static final WordClasses BOUNDS = WordClasses.of(Language.ENGLISH, "bounds");
  private static final WordClasses TENSE = WordClasses.of(Language.ENGLISH, "tense");
  private static final WordClasses PAST = WordClasses.of(Language.ENGLISH, "past");
  private static final Set<String> EITHER_TENSE = Language.ENGLISH.words("tense.either");
  private static final WordClasses ASKED = WordClasses.of(Language.ENGLISH, "asked");
  private static final WordClasses COUNTED = WordClasses.of(Language.ENGLISH, "counted");

  private ClassGuards() {}

  static Optional<String> prepositions(QuestionPair pair) {
    return PREPOSITIONS
        .exchange(pair, NEARLY_ALIKE, Topic.SAME)
        .or(() -> Durations.objection(pair));
  }

  static Optional<String> quantifiers(QuestionPair pair) {
    return QUANTIFIERS.exchange(pair, NEARLY_ALIKE, Topic.SAME);
  }

  static Optional<String> exceptives(QuestionPair pair) {
    return EXCEPTIVES.exchange(pair, NEARLY_ALIKE, Topic.ANY);
  }

  static Optional<String> modality(QuestionPair pair) {
    return AskingGuard.modality(pair)
        .or(() -> MODALITY.exchange(pair, ALIKE, Topic.ANY))
        .or(() -> obliged(pair));
  }

  /** "How often do I need to water it" and "how often can I". */
  private static Optional<String> obliged(QuestionPair pair) {
    return isForMeasure(pair.askedSide()) && isForMeasure(pair.cachedSide())
        ? OBLIGED.exchange(pair, ALIKE, Topic.ANY)
        : Optional.empty();
  }

  private static boolean isForMeasure(QuestionSide side) {
    List<Word> words = side.words();
    boolean isHow =
        words.size() > 2
            && words.get(0).lower().equals("how")
            && MEASURES.contains(words.get(1).lower());
    return isHow || (words.size() > 2 && words.get(0).lower().equals("when"));
  }

  static Optional<String> bounds(QuestionPair pair) {
    // "A is bigger than B" is "B is smaller than A".
    if (DirectionGuard.isReversed(pair)
        || OrderGuard.isExchanged(pair, AntonymGuard.swapped(pair))) {
      return Optional.empty();
    }
    return BOUNDS
        .exchange(pair, NEARLY_ALIKE, Topic.ANY)
        .or(() -> BOUNDS.onlyOne(pair, NEARLY_ALIKE));
  }

  static Optional<String> tense(QuestionPair pair) {
    boolean isPastHabit =
        isPastHabit(pair.askedSide(), pair.cachedSide())
            || isPastHabit(pair.cachedSide(), pair.askedSide());
    if (isPastHabit && pair.overlap(Set.of(QuestionSide.stem("use"))) >= ALIKE) {
      return Optional.of("one question asks what used to be, the other what is");
    }
    return TENSE
        .exchange(pair, ALIKE, Topic.ANY)
        .or(() -> past(pair))
        .or(() -> PhaseGuard.objection(pair));
  }

  /** "What did it use to cost" and "what does it cost". */
  private static boolean isPastHabit(QuestionSide past, QuestionSide present) {
    if (!past.has("did") || present.has("did") || !(present.has("does") || present.has("do"))) {
      return false;
    }
    List<Word> words = past.words();
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).lower().equals("use") && words.get(i + 1).lower().equals("to")) {
        return true;
      }
    }
    return false;
  }

  /** "Who is the mayor", "who was the mayor". Of "your first job" either may be asked. */
  private static Optional<String> past(QuestionPair pair) {
    boolean isEither = EITHER_TENSE.stream().anyMatch(pair.askedSide()::has) || isPerson(pair);
    return !isEither && PAST.areRestsEqual(pair)
        ? PAST.exchange(pair, 1, Topic.ANY)
        : Optional.empty();
  }

  /** "Who is Albert Einstein" is "who was Albert Einstein". */
  private static boolean isPerson(QuestionPair pair) {
    List<Word> words = pair.askedSide().words();
    return words.size() > 2
        && words.get(0).lower().equals("who")
        && !FunctionWords.contains(words.get(2).lower());
  }

  static Optional<String> asking(QuestionPair pair) {
    return AskingGuard.objection(pair)
        .or(() -> StatementGuard.objection(pair))
        .or(() -> OwnGuard.objection(pair))
        .or(() -> ListGuard.objection(pair))
        .or(() -> TaskGuard.objection(pair))
        .or(() -> ASKED.exchange(pair, ALIKE, Topic.ANY))
        .or(() -> COUNTED.exchange(pair, ALIKE, Topic.SAME));
  }
}
