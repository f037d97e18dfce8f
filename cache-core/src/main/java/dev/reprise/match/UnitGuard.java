package dev.reprise.match;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** See {@link Guard#units}. */
final class UnitGuard {
  private UnitGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Map<String, Set<String>> asked = units(pair.askedSide(), pair.cachedSide());
    Map<String, Set<String>> cached = units(pair.cachedSide(), pair.askedSide());
    for (Map.Entry<String, Set<String>> entry : asked.entrySet()) {
      Set<String> others = cached.get(entry.getKey());
      if (others != null && !others.equals(entry.getValue())) {
        return Optional.of(
            String.format(
                "the question is in units of %s, the cached one in %s",
                String.join(", ", entry.getValue()), String.join(", ", others)));
      }
    }
    return Optional.empty();
  }

  /** Returns the units by dimension, without those of a measure that the other side has, too. */
  private static Map<String, Set<String>> units(QuestionSide side, QuestionSide other) {
    Map<String, Set<String>> units = new TreeMap<>();
    Set<Integer> counted = new TreeSet<>();
    for (Quantity quantity : side.quantities()) {
      Unit unit = quantity.unit();
      if (unit == null) {
        continue;
      }
      counted.add(quantity.end());
      counted.add(quantity.word() - 1);
      boolean isCovered = false;
      for (Quantity there : other.quantities()) {
        isCovered |= quantity.isSameMeasure(there);
      }
      if (!isCovered) {
        units.computeIfAbsent(unit.dimension(), unused -> new TreeSet<>()).add(unit.name());
      }
    }
    for (int i = 0; i < side.words().size(); i++) {
      Unit unit = counted.contains(i) ? null : Unit.named(side.words().get(i).lower());
      if (unit != null) {
        units.computeIfAbsent(unit.dimension(), unused -> new TreeSet<>()).add(unit.name());
      }
    }
    return units;
  }
}
