package dev.reprise.match;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a task from the question how to do it: "write a cover letter", "how do I write a cover
 * letter". Part of {@link Guard#asking}. Keywords such as "reset password" are both.
 */
final class TaskGuard {
  private static final double ALIKE = 0.75;

  private static final Set<String> TASKS = Language.ENGLISH.words("task.verbs");

  /** "Set up a deposit" is a question; a timer is set by whoever is asked. */
  private static final Set<String> TIMERS = Language.ENGLISH.words("task.timers");

  private static final Set<String> LEADS = Language.ENGLISH.words("task.leads");
  private static final Set<String> HOW = Language.ENGLISH.words("task.how");

  private TaskGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    return isOther(pair, pair.askedSide(), pair.cachedSide())
            || isOther(pair, pair.cachedSide(), pair.askedSide())
        ? Optional.of("one question is a task where the other asks how to do it")
        : Optional.empty();
  }

  private static boolean isOther(QuestionPair pair, QuestionSide task, QuestionSide how) {
    String verb = task(task);
    return verb != null && verb.equals(method(how.words())) && pair.overlap(Set.of()) >= ALIKE;
  }

  /** Returns the verb of a command, or null where it is none. */
  private static @Nullable String task(QuestionSide side) {
    List<Word> words = side.words();
    int at = 0;
    while (at < words.size() && LEADS.contains(words.get(at).lower())) {
      at++;
    }
    boolean isTask =
        at < words.size()
            && TASKS.contains(words.get(at).lower())
            && (!words.get(at).lower().equals("set") || TIMERS.stream().anyMatch(side::has));
    return isTask ? words.get(at).lower() : null;
  }

  /** Returns the verb of "how do I write", "how to write", or null. */
  private static @Nullable String method(List<Word> words) {
    if (words.size() < 3 || !words.get(0).lower().equals("how")) {
      return null;
    }
    for (int i = 1; i < words.size() && i < 5; i++) {
      String lower = words.get(i).lower();
      if (TASKS.contains(lower)) {
        return lower;
      }
      if (!HOW.contains(lower)) {
        return null;
      }
    }
    return null;
  }
}
