package dev.reprise.policy;

import dev.reprise.model.Reason;
import dev.reprise.model.internal.Checks;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a rule is called and what it says: the part that rules of questions and of answers share.
 *
 * @param code the code of the reason that an outcome has
 * @param name with the language behind a dot, for example {@code weather.en}
 * @param reason in words; empty for none
 */
record RuleLabel(Reason.Code code, String name, String reason) {
  RuleLabel {
    Objects.requireNonNull(code, "code");
    Checks.notBlank("name of rule", name);
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns this label.
   *
   * @throws IllegalArgumentException if its code is none of the three
   */
  RuleLabel withOneOf(Reason.Code first, Reason.Code second, Reason.Code third) {
    if (code != first && code != second && code != third) {
      throw new IllegalArgumentException(
          "code of rule "
              + name
              + " is "
              + code
              + ", but must be "
              + first
              + ", "
              + second
              + " or "
              + third);
    }
    return this;
  }

  RuleLabel because(String words) {
    return new RuleLabel(code, name, words);
  }

  /** Returns the name without the language. */
  String kind() {
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }

  private boolean isCalled(String nameOrKind) {
    return name.equals(nameOrKind) || kind().equals(nameOrKind);
  }

  /**
   * Returns {@code rules} without those that a name or a kind of {@code off} switches off.
   *
   * @param what what a message calls such a rule
   * @throws IllegalArgumentException if {@code off} has what is no name and no kind of a rule; the
   *     message lists the kinds
   */
  static <R> List<R> without(
      String what, List<R> rules, Set<String> off, Function<R, RuleLabel> label) {
    List<RuleLabel> labels = rules.stream().map(label).toList();
    for (String name : off) {
      if (labels.stream().noneMatch(one -> one.isCalled(name))) {
        throw new IllegalArgumentException(
            "there is no "
                + what
                + " rule '"
                + name
                + "'; there are "
                + labels.stream()
                    .map(RuleLabel::kind)
                    .collect(Collectors.toCollection(TreeSet::new))
                + ", each in its languages, for example "
                + (labels.isEmpty() ? "none" : labels.get(0).name()));
      }
    }
    return rules.stream()
        .filter(rule -> off.stream().noneMatch(label.apply(rule)::isCalled))
        .toList();
  }
}
