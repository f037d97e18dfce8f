package dev.reprise.match;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is to come, what goes on and what is done: "my order is being shipped", "my order was
 * shipped". Part of {@link Guard#tense}.
 */
final class PhaseGuard {
  /** How alike the rest must be. */
  private static final double ALIKE = 0.75;

  /** How alike the rest must be where one is over. */
  private static final double NEARLY_THE_SAME = 0.9;

  /** How far before its verb an auxiliary may stand. */
  private static final int REACH = 4;

  private static final Set<String> ADVERBS = Language.ENGLISH.words("phase.adverbs");
  private static final Set<String> GERUND_LEADS = Language.ENGLISH.words("action.gerund-leads");
  private static final Set<String> PERSONS = Language.ENGLISH.words("phase.persons");
  private static final Set<String> BEING = Language.ENGLISH.words("phase.being");
  private static final Set<String> HAVING = Language.ENGLISH.words("phase.having");
  private static final Set<String> PAST = Set.of("was", "were", "did");
  private static final Set<String> REASONS = Language.ENGLISH.words("phase.reasons");

  /** How far something is. */
  private enum Phase {
    AHEAD,
    GOING_ON,
    DONE
  }

  /** A verb's phase, and the stem of the form in which it stands. */
  private record Found(Phase phase, String stem) {}

  private PhaseGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    // "Why was I charged" is "why am I being charged".
    if (REASONS.stream().anyMatch(asked::has) || REASONS.stream().anyMatch(cached::has)) {
      return Optional.empty();
    }
    if (isOver(asked, cached) || isOver(cached, asked)) {
      return pair.overlap(HAVING) >= NEARLY_THE_SAME
          ? Optional.of("it is over in one question, and goes on in the other")
          : Optional.empty();
    }
    Map<String, Found> one = found(asked);
    Map<String, Found> other = found(cached);
    for (Map.Entry<String, Found> entry : one.entrySet()) {
      Found here = entry.getValue();
      Found there = other.get(entry.getKey());
      if (there != null
          && areApart(here.phase, there.phase)
          && pair.overlap(new HashSet<>(List.of(here.stem, there.stem))) >= ALIKE) {
        return Optional.of(
            String.format(
                "\"%s\" is %s in the question, %s in the cached one",
                entry.getKey(), name(here.phase), name(there.phase)));
      }
    }
    return Optional.empty();
  }

  private static String name(Phase phase) {
    return switch (phase) {
      case AHEAD -> "to come";
      case GOING_ON -> "going on";
      case DONE -> "done";
    };
  }

  /** "I lived there for ten years" and "I have lived there for ten years". */
  private static boolean isOver(QuestionSide over, QuestionSide lasting) {
    return isLong(over)
        && isLong(lasting)
        && (lasting.has("have") || lasting.has("has"))
        && HAVING.stream().noneMatch(over::has)
        && (PAST.stream().anyMatch(over::has)
            || over.words().stream().anyMatch(word -> Verbs.isPast(word.lower())))
        && !lasting.has("did");
  }

  /** Returns whether it says or asks how long something lasts. */
  private static boolean isLong(QuestionSide side) {
    List<Word> words = side.words();
    boolean isAsked =
        words.size() > 2
            && words.get(0).lower().equals("how")
            && words.get(1).lower().equals("long");
    return isAsked || Durations.isSaid(side, "for");
  }

  /** "I am moving" is often "I am going to move". */
  private static boolean areApart(Phase one, Phase other) {
    return one != other && (one == Phase.DONE || other == Phase.DONE);
  }

  /** Returns the verbs whose phase can be told, by what is the same for their forms. */
  private static Map<String, Found> found(QuestionSide side) {
    Map<String, Found> found = new HashMap<>();
    List<Word> words = side.words();
    for (int i = 1; i < words.size(); i++) {
      Word word = words.get(i);
      if (!word.isContent() || word.isNumeric()) {
        continue;
      }
      Phase phase = phase(words, i);
      if (phase != null) {
        found.put(Verbs.stem(word), new Found(phase, word.stem()));
      }
    }
    return found;
  }

  private static @Nullable Phase phase(List<Word> words, int at) {
    String lower = words.get(at).lower();
    String before = words.get(at - 1).lower();
    if (isAhead(words, at)) {
      return Phase.AHEAD;
    }
    boolean isIng = lower.length() > 5 && lower.endsWith("ing");
    boolean isPast = Verbs.isPast(lower);
    if (!isIng && !isPast) {
      return null;
    }
    String auxiliary = auxiliary(words, at);
    if (auxiliary == null) {
      return isPast && isDoer(words, at, before) ? Phase.DONE : null;
    }
    if (isIng) {
      return BEING.contains(auxiliary) ? Phase.GOING_ON : null;
    }
    return switch (auxiliary) {
      case "being" -> Phase.GOING_ON;
      case "was", "were", "been" -> Phase.DONE;
      default -> HAVING.contains(auxiliary) ? Phase.DONE : null;
    };
  }

  /** "I wrote", "we just wrote". */
  private static boolean isDoer(List<Word> words, int at, String before) {
    boolean isBehind = ADVERBS.contains(before) && at > 1;
    return PERSONS.contains(isBehind ? words.get(at - 2).lower() : before);
  }

  /** "Going to write", "about to write", "will write". */
  private static boolean isAhead(List<Word> words, int at) {
    String before = words.get(at - 1).lower();
    if (before.equals("to") && at > 1) {
      String lead = words.get(at - 2).lower();
      return lead.equals("going") || lead.equals("about") || lead.equals("planning");
    }
    return before.equals("will") || before.equals("shall");
  }

  /** Returns the auxiliary of the verb at {@code at}, or null where there is none. */
  private static @Nullable String auxiliary(List<Word> words, int at) {
    for (int i = at - 1; i >= 0 && i >= at - REACH; i--) {
      String lower = words.get(i).lower();
      // "Before being named" goes on no more than "before it was named".
      if (lower.equals("being") && i > 0 && GERUND_LEADS.contains(words.get(i - 1).lower())) {
        return null;
      }
      if (isAuxiliary(lower)) {
        return lower;
      }
      boolean isAsked = PERSONS.contains(lower) && i > 0 && isAuxiliary(words.get(i - 1).lower());
      if (!ADVERBS.contains(lower) && !isAsked) {
        return null;
      }
    }
    return null;
  }

  private static boolean isAuxiliary(String lower) {
    return BEING.contains(lower) || HAVING.contains(lower);
  }
}
