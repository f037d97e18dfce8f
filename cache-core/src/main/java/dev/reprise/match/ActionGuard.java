package dev.reprise.match;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/*
 * "Reset my password" and "change my password" are near for every model of meaning, and need other answers. The list has sets of
 * verbs that may mean the same; two of its verbs that share no set are different actions. The rest of the two must be the same.
 */
/** See {@link Guard#actions}. */
final class ActionGuard {
  /** How alike the rest must be for another action to be an objection. */
  private static final double ALIKE = 0.75;

  /** Before the verb of a request: "how do I", "I want to", "help me". */
  private static final Set<String> LEADS = Language.ENGLISH.words("action.leads");

  /** Before the verb's -ing form: "steps for resetting". */
  private static final Set<String> GERUND_LEADS = Language.ENGLISH.words("action.gerund-leads");

  /** What is left out where the rest is compared. */
  private static final Set<String> NO_REST = new HashSet<>();

  /** The sets that a verb is in, by the stem of a word, or by two words. */
  private static final Map<String, Set<Integer>> SETS = new HashMap<>();

  /** The verbs as they are written in a request. */
  private static final Set<String> VERBS = new HashSet<>();

  static {
    Language.ENGLISH.words("fillers").forEach(filler -> NO_REST.add(QuestionSide.stem(filler)));
    List<String> lines = Language.ENGLISH.lines("actions");
    for (int set = 0; set < lines.size(); set++) {
      for (String written : lines.get(set).split(" ", -1)) {
        String verb = written.replace('_', ' ');
        VERBS.add(verb);
        SETS.computeIfAbsent(key(verb), unused -> new HashSet<>()).add(set);
      }
    }
  }

  private ActionGuard() {}

  /** Returns whether it is one of the verbs that are compared. */
  static boolean isVerb(String lower) {
    return VERBS.contains(lower);
  }

  static Optional<String> objection(QuestionPair pair) {
    Map<String, String> asked = actions(pair.askedSide());
    Map<String, String> cached = actions(pair.cachedSide());
    Set<String> common = new HashSet<>(asked.keySet());
    common.retainAll(cached.keySet());
    asked.keySet().removeAll(common);
    cached.keySet().removeAll(common);
    if (asked.isEmpty() || cached.isEmpty() || areRelated(asked.keySet(), cached.keySet())) {
      return Optional.empty();
    }
    Set<String> different = new HashSet<>(NO_REST);
    for (Map<String, String> actions : List.of(asked, cached)) {
      actions.keySet().forEach(action -> different.addAll(List.of(action.split(" ", -1))));
    }
    return pair.overlap(different) < ALIKE
        ? Optional.empty()
        : Optional.of(
            String.format(
                "the question asks to \"%s\", the cached one to \"%s\"",
                asked.values().iterator().next(), cached.values().iterator().next()));
  }

  /** Returns what is asked to be done: the verbs by their keys. */
  private static Map<String, String> actions(QuestionSide side) {
    Map<String, String> actions = new LinkedHashMap<>();
    List<Word> words = side.words();
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      String before = i == 0 || word.opensSentence() ? "" : words.get(i - 1).lower();
      String both = i + 1 == words.size() ? "" : word.lower() + " " + words.get(i + 1).lower();
      boolean isRequest = before.isEmpty() || LEADS.contains(before);
      if (isRequest && VERBS.contains(both)) {
        actions.put(both, both);
      } else if ((isRequest && VERBS.contains(word.lower())) || isGerund(word, before)) {
        actions.put(word.stem(), word.lower());
      }
    }
    return actions;
  }

  private static boolean isGerund(Word word, String before) {
    return word.lower().endsWith("ing")
        && GERUND_LEADS.contains(before)
        && SETS.containsKey(word.stem());
  }

  private static String key(String verb) {
    return verb.indexOf(' ') > 0 ? verb : QuestionSide.stem(verb);
  }

  private static boolean areRelated(Set<String> some, Set<String> others) {
    Set<Integer> sets = new HashSet<>();
    some.forEach(action -> sets.addAll(SETS.getOrDefault(action, Set.of())));
    return others.stream()
        .flatMap(action -> SETS.getOrDefault(action, Set.of()).stream())
        .anyMatch(sets::contains);
  }
}
