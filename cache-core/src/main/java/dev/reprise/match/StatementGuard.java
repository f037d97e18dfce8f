package dev.reprise.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells a statement from a question in the same words. Part of {@link Guard#asking}. */
final class StatementGuard {
  private static final Set<String> QUESTION_WORDS =
      Language.ENGLISH.words("statement.question-words");
  private static final Set<String> AUXILIARIES = Language.ENGLISH.words("statement.auxiliaries");

  private StatementGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    boolean isOther =
        isStatementOf(pair.askedSide(), pair.cachedSide())
            || isStatementOf(pair.cachedSide(), pair.askedSide());
    return isOther
        ? Optional.of("the one asks whether it is so, the other says that it is")
        : Optional.empty();
  }

  /** "My top-up has been cancelled." and "Has my top-up been cancelled?" */
  private static boolean isStatementOf(QuestionSide statement, QuestionSide question) {
    if (question.words().isEmpty()
        || statement.words().isEmpty()
        || statement.text().endsWith("?")) {
      return false;
    }
    String auxiliary = question.words().get(0).lower();
    return AUXILIARIES.contains(auxiliary)
        && !question.has("not")
        && statement.words().stream().noneMatch(StatementGuard::isQuestionWord)
        && !statement.words().get(0).lower().equals(auxiliary)
        && stems(statement, auxiliary).equals(stems(question, auxiliary))
        && statement.words().size() == question.words().size();
  }

  private static boolean isQuestionWord(Word word) {
    return QUESTION_WORDS.contains(word.lower());
  }

  /** Returns the stems of all words but the first {@code auxiliary}, in their order. */
  private static List<String> stems(QuestionSide side, String auxiliary) {
    List<String> stems = new ArrayList<>();
    boolean isLeft = false;
    for (Word word : side.words()) {
      if (!isLeft && word.lower().equals(auxiliary)) {
        isLeft = true;
      } else {
        stems.add(word.stem());
      }
    }
    return stems;
  }
}
