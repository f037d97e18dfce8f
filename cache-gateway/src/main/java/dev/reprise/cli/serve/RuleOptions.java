package dev.reprise.cli.serve;

import dev.reprise.cli.config.ConfigurationFile;
import dev.reprise.model.Reason;
import dev.reprise.policy.AnswerRule;
import dev.reprise.policy.QuestionRule;
import dev.reprise.policy.UseCasePolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes a policy's rules of the built-in ones and what the options say. */
final class RuleOptions {
  /** What a value of {@code --rule} may be. */
  static final String VALUES = "off, question:REGEX or answer:REGEX";

  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*(?:\\.[a-z]{2,8})?");
  private static final String QUESTION = "question:";
  private static final String ANSWER = "answer:";

  private RuleOptions() {}

  /**
   * Sets the rules of {@code policy}.
   *
   * @param settings by name: what {@link #VALUES} says
   * @param questionFiles files with more rules for questions
   * @param answerFiles files with more rules for answers
   * @throws IllegalArgumentException if a name, a value or a file is wrong
   */
  static void apply(
      UseCasePolicy.Builder policy,
      Map<String, String> settings,
      List<Path> questionFiles,
      List<Path> answerFiles) {
    List<QuestionRule> questions = new ArrayList<>(QuestionRule.defaults());
    List<AnswerRule> answers = new ArrayList<>(AnswerRule.defaults());
    for (Path file : questionFiles) {
      questions.addAll(QuestionRule.read(file.toString(), "", ConfigurationFile.text(file)));
    }
    for (Path file : answerFiles) {
      answers.addAll(AnswerRule.read(file.toString(), "", ConfigurationFile.text(file)));
    }
    Set<String> off = new HashSet<>();
    settings.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                "\"" + name + "\" is no name of a rule; use lower-case words with hyphens");
          }
          String setting = value.strip();
          if (setting.equals("off")) {
            off.add(name);
          } else if (setting.startsWith(QUESTION)) {
            questions.add(
                QuestionRule.of(Reason.Code.RULE, name, setting.substring(QUESTION.length())));
          } else if (setting.startsWith(ANSWER)) {
            answers.add(
                AnswerRule.of(name, AnswerRule.LONGEST_TEXT, setting.substring(ANSWER.length())));
          } else {
            throw new IllegalArgumentException(
                name + " is \"" + value + "\", but must be " + VALUES);
          }
        });
    policy.questionRules(without(questions, off, answers));
    policy.answerRules(answersWithout(answers, off));
  }

  private static List<QuestionRule> without(
      List<QuestionRule> questions, Set<String> off, List<AnswerRule> answers) {
    Set<String> here = new HashSet<>(off);
    here.removeIf(
        name ->
            answers.stream().anyMatch(rule -> rule.name().equals(name) || rule.kind().equals(name))
                && questions.stream()
                    .noneMatch(rule -> rule.name().equals(name) || rule.kind().equals(name)));
    try {
      return QuestionRule.without(questions, here);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; ./reprise rules lists all", e);
    }
  }

  private static List<AnswerRule> answersWithout(List<AnswerRule> answers, Set<String> off) {
    Set<String> here = new HashSet<>(off);
    here.removeIf(
        name ->
            answers.stream()
                .noneMatch(rule -> rule.name().equals(name) || rule.kind().equals(name)));
    return AnswerRule.without(answers, here);
  }
}
