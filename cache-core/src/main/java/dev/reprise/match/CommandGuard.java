package dev.reprise.match;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the commands of a program apart: "git revert", "git reset". Part of actions. */
final class CommandGuard {
  /** How alike the rest must be. */
  private static final double ALIKE = 0.75;

  private static final Set<String> PROGRAMS = Language.ENGLISH.words("command.programs");

  private CommandGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    for (String program : PROGRAMS) {
      if (!asked.has(program) || !cached.has(program)) {
        continue;
      }
      Word one = command(asked.words(), program);
      Word other = command(cached.words(), program);
      if (one != null
          && other != null
          && !one.stem().equals(other.stem())
          && !cached.stems().contains(one.stem())
          && !asked.stems().contains(other.stem())
          && pair.overlap(Set.of(one.stem(), other.stem())) >= ALIKE) {
        return Optional.of(
            String.format(
                "the question is about %s %s, the cached one about %s %s",
                program, one.text(), program, other.text()));
      }
    }
    return Optional.empty();
  }

  /** Returns the word behind the program's name, or null where it is no command. */
  private static @Nullable Word command(List<Word> words, String program) {
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).lower().equals(program)) {
        int next = i + 1;
        if (words.get(next).lower().equals("get") && next + 1 < words.size()) {
          next++;
        }
        Word word = words.get(next);
        return word.isContent() && !word.isNumeric() && !word.opensSentence() ? word : null;
      }
    }
    return null;
  }
}
