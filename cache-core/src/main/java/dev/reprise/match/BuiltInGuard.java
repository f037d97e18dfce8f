package dev.reprise.match;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The guards of {@link Guard}. */
enum BuiltInGuard implements Guard {
  LITERALS(LiteralGuard::objection),
  NUMBERS(NumberGuard::objection),
  UNITS(UnitGuard::objection),
  DATES(DateGuard::objection),
  VERSIONS(VersionGuard::objection),
  IDENTIFIERS(IdentifierGuard::objection),
  NEGATION(NegationGuard::objection),
  ANTONYMS(AntonymGuard::objection),
  DIRECTION(pair -> DirectionGuard.objection(pair).or(() -> CauseGuard.objection(pair))),
  NAMES(NameGuard::objection),
  ORDER(pair -> OrderGuard.objection(pair).or(() -> ClauseGuard.objection(pair))),
  PREPOSITIONS(ClassGuards::prepositions),
  QUANTIFIERS(ClassGuards::quantifiers),
  EXCEPTIVES(ClassGuards::exceptives),
  MODALITY(ClassGuards::modality),
  BOUNDS(ClassGuards::bounds),
  TENSE(ClassGuards::tense),
  ASKING(ClassGuards::asking),
  ROLES(
      pair ->
          RoleGuard.objection(pair)
              .or(() -> PartyGuard.objection(pair))
              .or(() -> AskedPartGuard.objection(pair))),
  PASSIVES(PassiveGuard::objection),
  JOINS(JoinGuard::objection),
  ACTIONS(pair -> ActionGuard.objection(pair).or(() -> CommandGuard.objection(pair))),
  ADDITIONS(AddedGuard::objection);

  @SuppressWarnings("ImmutableEnumChecker") // References to static methods keep no state.
  private final transient Function<QuestionPair, Optional<String>> rule;

  BuiltInGuard(Function<QuestionPair, Optional<String>> rule) {
    this.rule = rule;
  }

  @Override
  public Optional<String> objection(QuestionPair pair) {
    return rule.apply(pair);
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return label();
  }
}
