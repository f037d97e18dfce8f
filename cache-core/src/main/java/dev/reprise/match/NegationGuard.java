package dev.reprise.match;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** See {@link Guard#negation}. */
final class NegationGuard {
  /** How alike the rest must be for a negation to be an objection. */
  private static final double ALIKE = 0.75;

  private static final Set<String> NEGATORS = Language.ENGLISH.words("negation.negators");

  /**
   * What is left out where the rest is compared. Companions come with a negation: "not at all", "no
   * longer".
   */
  private static final Set<String> NO_REST =
      Stream.concat(NEGATORS.stream(), Language.ENGLISH.words("negation.companions").stream())
          .map(QuestionSide::stem)
          .collect(Collectors.toUnmodifiableSet());

  /** Behind "no", these make no negation. */
  private static final Set<String> HARMLESS_AFTER_NO =
      Language.ENGLISH.words("negation.harmless-after-no");

  /** Behind "not", these make no negation. */
  private static final Set<String> HARMLESS_AFTER_NOT =
      Language.ENGLISH.words("negation.harmless-after-not");

  /** Before "not", these make no negation: "whether or not", "if not". */
  private static final Set<String> HARMLESS_BEFORE_NOT =
      Language.ENGLISH.words("negation.harmless-before-not");

  /** "I don't know how to" leads up to a question and negates nothing in it. */
  private static final Set<String> LEADS = Language.ENGLISH.words("negation.leads");

  private static final Set<String> QUESTION_WORDS =
      Language.ENGLISH.words("negation.question-words");

  private static final Set<String> PRONOUNS = Language.ENGLISH.words("negation.pronouns");

  /** Before "to", these say that something is not done. */
  private static final Set<String> FAILING = Language.ENGLISH.words("negation.failing");

  /** "Keep it from happening" is "so that it does not happen". */
  private static final Set<String> PREVENTING = Language.ENGLISH.words("negation.preventing");

  private static final Set<String> PURPOSES = Language.ENGLISH.words("negation.purposes");

  private NegationGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    boolean isAskedNegated = isNegated(pair.askedSide());
    if (isAskedNegated == isNegated(pair.cachedSide())
        || AntonymGuard.swapped(pair).size() == 1
        || isPrevented(pair)
        || pair.overlap(NO_REST) < ALIKE) {
      return Optional.empty();
    }
    return Optional.of(
        isAskedNegated
            ? "the question is negated, the cached one is not"
            : "the cached question is negated, this one is not");
  }

  /**
   * "Stop it from fogging up" and "make it so that it does not fog up"; "failed" and "failed to
   * do".
   */
  private static boolean isPrevented(QuestionPair pair) {
    boolean isFailure =
        FAILING.stream().anyMatch(pair.askedSide()::has)
            && FAILING.stream().anyMatch(pair.cachedSide()::has)
            && isNegated(pair.askedSide(), false) == isNegated(pair.cachedSide(), false);
    return isFailure
        || isPrevented(pair.askedSide(), pair.cachedSide())
        || isPrevented(pair.cachedSide(), pair.askedSide());
  }

  private static boolean isPrevented(QuestionSide preventing, QuestionSide negated) {
    return isNegated(negated)
        && PREVENTING.stream().anyMatch(preventing::has)
        && PREVENTING.stream().noneMatch(negated::has)
        && PURPOSES.stream().anyMatch(negated::has);
  }

  /** Returns whether an odd number of negations stands in it. */
  static boolean isNegated(QuestionSide side) {
    return isNegated(side, true);
  }

  private static boolean isNegated(QuestionSide side, boolean countsFailing) {
    List<Word> words = side.words();
    int count = 0;
    for (int i = 0; i < words.size(); i++) {
      boolean counts = countsFailing || !FAILING.contains(words.get(i).lower());
      if (counts && isNegator(words, i)) {
        count++;
      }
    }
    return count % 2 == 1;
  }

  private static boolean isNegator(List<Word> words, int at) {
    String lower = words.get(at).lower();
    if (FAILING.contains(lower)) {
      return at + 1 < words.size() && words.get(at + 1).lower().equals("to");
    }
    if (!NEGATORS.contains(lower)) {
      return false;
    }
    Word next = at + 1 < words.size() ? words.get(at + 1) : null;
    String before = at > 0 ? words.get(at - 1).lower() : "";
    if (lower.equals("no")) {
      // At the end it is short for "number", or stands behind "yes or".
      return next != null
          && !next.opensSentence()
          && !next.isNumeric()
          && !HARMLESS_AFTER_NO.contains(next.lower());
    }
    if (lower.equals("not")) {
      boolean isLead = next != null && LEADS.contains(next.lower()) && isLead(words, at);
      boolean isTag =
          next != null && at + 2 == words.size() && PRONOUNS.contains(next.lower()) && at >= 3;
      return !HARMLESS_BEFORE_NOT.contains(before)
          && !isTag
          && !isLead
          && (next == null || !HARMLESS_AFTER_NOT.contains(next.lower()));
    }
    return true;
  }

  private static boolean isLead(List<Word> words, int at) {
    if (at + 2 >= words.size() || !QUESTION_WORDS.contains(words.get(at + 2).lower())) {
      return false;
    }
    for (int i = Math.max(0, at - 2); i < at; i++) {
      if (words.get(i).lower().equals("i") || words.get(i).lower().equals("we")) {
        return true;
      }
    }
    return false;
  }
}
