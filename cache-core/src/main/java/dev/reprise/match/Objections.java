package dev.reprise.match;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Asks guards about a pair. */
final class Objections {
  /** Guards that work in every language. */
  static final Set<Guard> NEUTRAL =
      Set.of(Guard.literals(), Guard.numbers(), Guard.versions(), Guard.identifiers());

  private Objections() {}

  /**
   * Returns the first objection, with the guard's name.
   *
   * @param asked which of the guards are asked
   */
  static Optional<String> first(
      Collection<Guard> guards, Predicate<Guard> asked, QuestionPair pair) {
    for (Guard guard : guards) {
      Optional<String> objection = asked.test(guard) ? guard.objection(pair) : Optional.empty();
      if (objection.isPresent()) {
        return objection.map(why -> guard.label() + ": " + why);
      }
    }
    return Optional.empty();
  }
}
