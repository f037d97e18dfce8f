package dev.reprise.match;

import java.util.List;
import java.util.Optional;

/**
 * Detects a difference between two questions that changes the answer and that a model of meaning
 * may miss. A guard can only object: silence does not mean that the questions are the same. The
 * guards here read English; in other languages they compare numbers and names at most. Safe for use
 * by several threads, never throws, and takes time linear in the length of the texts.
 */
@FunctionalInterface
public interface Guard {
  /**
   * Returns why the answer to the one question is not the answer to the other, in a sentence for
   * people, or empty where it sees no reason.
   */
  Optional<String> objection(QuestionPair pair);

  /** Returns the guard's name in explanations and in a configuration. Default: "guard". */
  default String label() {
    return "guard";
  }

  /**
   * Letters, case and signs that differ where they count literally: in quotes, code, formulas and
   * units, and in questions about characters.
   */
  static Guard literals() {
    return BuiltInGuard.LITERALS;
  }

  /**
   * Numbers that differ: "1,000", "1000", "1k" and "one thousand" are one number, "first" and "1st"
   * one ordinal.
   */
  static Guard numbers() {
    return BuiltInGuard.NUMBERS;
  }

  /** Units that differ within one dimension: kilometres and miles, days and weeks. */
  static Guard units() {
    return BuiltInGuard.UNITS;
  }

  /** Months, weekdays and relative days that differ. Years are numbers. */
  static Guard dates() {
    return BuiltInGuard.DATES;
  }

  /** Versions that differ: 3.1 and 3.10 of the same thing. */
  static Guard versions() {
    return BuiltInGuard.VERSIONS;
  }

  /** Identifiers, flags, paths and quoted words that differ. */
  static Guard identifiers() {
    return BuiltInGuard.IDENTIFIERS;
  }

  /** One of two otherwise like questions is negated. */
  static Guard negation() {
    return BuiltInGuard.NEGATION;
  }

  /** Opposites in otherwise like questions: enable and disable, before and after. */
  static Guard antonyms() {
    return BuiltInGuard.ANTONYMS;
  }

  /** From A to B against from B to A; is A bigger than B against is B bigger than A. */
  static Guard direction() {
    return BuiltInGuard.DIRECTION;
  }

  /** Names in the same place of otherwise like questions that differ. */
  static Guard names() {
    return BuiltInGuard.NAMES;
  }

  /** The same words with two of them exchanged: do dogs chase cats, do cats chase dogs. */
  static Guard order() {
    return BuiltInGuard.ORDER;
  }

  /** Prepositions of direction and time with the same object: to / from, after / within. */
  static Guard prepositions() {
    return BuiltInGuard.PREPOSITIONS;
  }

  /** Which part of a whole: all / some, every / any, both / either. */
  static Guard quantifiers() {
    return BuiltInGuard.QUANTIFIERS;
  }

  /** Only these against all but these. */
  static Guard exceptives() {
    return BuiltInGuard.EXCEPTIVES;
  }

  /** What one can against what one must do; what will be against what should be. */
  static Guard modality() {
    return BuiltInGuard.MODALITY;
  }

  /** More than / at least / the same as / at most, and such a bound on one side only. */
  static Guard bounds() {
    return BuiltInGuard.BOUNDS;
  }

  /** The time of a state: still / already, used to / is becoming. */
  static Guard tense() {
    return BuiltInGuard.TENSE;
  }

  /** The kind of question: how / whether / why, who / when / where, how many / which. */
  static Guard asking() {
    return BuiltInGuard.ASKING;
  }

  /** The roles in an action: can my boss read my mail, can I read the mail of my boss. */
  static Guard roles() {
    return BuiltInGuard.ROLES;
  }

  /** Active against passive with the same order: papers that cite A, papers cited by A. */
  static Guard passives() {
    return BuiltInGuard.PASSIVES;
  }

  /** The same two things joined by "and" and by "or". */
  static Guard joins() {
    return BuiltInGuard.JOINS;
  }

  /** Actions that are near but not the same: reset / change, cancel / renew, report / order. */
  static Guard actions() {
    return BuiltInGuard.ACTIONS;
  }

  /**
   * Words that only one of two otherwise equal questions has: before or behind it, several of them,
   * or one that is no word of everyday English.
   */
  static Guard additions() {
    return BuiltInGuard.ADDITIONS;
  }

  /** Returns all guards. */
  static List<Guard> all() {
    return List.of(BuiltInGuard.values());
  }

  /**
   * Returns the guard of that {@linkplain #label label}.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Guard labelled(String label) {
    for (BuiltInGuard guard : BuiltInGuard.values()) {
      if (guard.label().equals(label)) {
        return guard;
      }
    }
    throw new IllegalArgumentException(
        "no guard is labelled " + label + "; there are " + List.of(BuiltInGuard.values()));
  }
}
