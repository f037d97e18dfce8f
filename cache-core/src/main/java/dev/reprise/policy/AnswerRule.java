package dev.reprise.policy;

import dev.reprise.model.Reason;
import dev.reprise.model.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A plain rule that recognises an answer which must not be stored, by its words: a refusal, an
 * apology or the text of an error.
 *
 * <p>A rule sees the whole answer, in lower case and without accents. It ignores an answer longer
 * than its limit, since a real answer that quotes such words is usually longer.
 *
 * <p>Immutable.
 */
public final class AnswerRule {
  /** The upper limit of {@link #longest}, in characters: {@value}. */
  public static final int LONGEST_TEXT = 2_000;

  private static final Pattern NEVER = Pattern.compile("(?!)");

  private final RuleLabel label;
  private final int longest;
  private final Pattern pattern;
  private final Pattern exception;

  AnswerRule(RuleLabel label, int longest, Pattern pattern, Pattern exception) {
    this.label = label.withOneOf(Reason.Code.REFUSED, Reason.Code.INCOMPLETE, Reason.Code.RULE);
    this.longest =
        Checks.inRange("longest answer of rule " + label.name(), longest, 1, LONGEST_TEXT);
    this.pattern = pattern;
    this.exception = exception;
  }

  /**
   * Returns a rule of your own, with the code {@link Reason.Code#RULE}.
   *
   * @param name the rule's name in a reason; not blank
   * @param longest the rule ignores longer answers; from 1 to {@value #LONGEST_TEXT} characters
   * @param regularExpression found anywhere in the answer, which is in lower case and without
   *     accents
   * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
   * @throws IllegalArgumentException if {@code longest} is out of range
   */
  public static AnswerRule of(String name, int longest, String regularExpression) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(regularExpression, "regularExpression");
    return new AnswerRule(
        new RuleLabel(Reason.Code.RULE, name, ""),
        longest,
        Pattern.compile(regularExpression),
        NEVER);
  }

  /**
   * Returns the rules of a text in the format of the built-in rule files (docs/RULES.md).
   *
   * @param source the name of the text in messages, for example the file's path
   * @param language the suffix of the rules' names: {@code "en"} makes {@code refusal.en}; empty
   *     for none
   * @param text the rules
   * @throws IllegalArgumentException if the text has a mistake; the message names source and line
   */
  public static List<AnswerRule> read(String source, String language, String text) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(text, "text");
    return RuleFile.parse(source, text).answerRules(language);
  }

  /**
   * Returns the default rules of a policy. They stand in the resource files {@code
   * dev/reprise/policy/<language>/answers.txt}; docs/RULES.md lists the kinds.
   */
  public static List<AnswerRule> defaults() {
    return Defaults.ALL;
  }

  /** Loads the resource files on first use. */
  private static final class Defaults {
    static final List<AnswerRule> ALL;

    static {
      List<AnswerRule> rules = new ArrayList<>();
      for (String language : DefaultQuestionRules.LANGUAGES) {
        String path = language + "/answers.txt";
        rules.addAll(read(path, language, DefaultQuestionRules.resource(path)));
      }
      ALL = List.copyOf(rules);
    }
  }

  /** Returns a copy with {@code reason} in the outcome, after the rule's name. */
  public AnswerRule because(String reason) {
    return new AnswerRule(label.because(reason), longest, pattern, exception);
  }

  /** Returns the code of the reason in the outcome. */
  public Reason.Code code() {
    return label.code();
  }

  /** Returns its name, for example {@code refusal.en}. */
  public String name() {
    return label.name();
  }

  /** Returns the name without the language: {@code refusal} of {@code refusal.en}. */
  public String kind() {
    return label.kind();
  }

  /** Returns the reason why a recognised answer is not stored; empty if none is set. */
  public String reason() {
    return label.reason();
  }

  /** Returns the limit above which the rule ignores an answer, in characters. */
  public int longest() {
    return longest;
  }

  /** Returns whether the rule recognises {@code answer}. */
  public boolean recognises(String answer) {
    String text = answer.strip();
    return text.length() <= longest && isFoundIn(fold(text));
  }

  /**
   * Returns {@code rules} without those that a name or a kind of {@code off} switches off.
   *
   * @param off names ({@code refusal.en}) or kinds ({@code refusal}: in every language)
   * @throws IllegalArgumentException if {@code off} has an unknown name or kind; the message lists
   *     the kinds
   */
  public static List<AnswerRule> without(List<AnswerRule> rules, Set<String> off) {
    Objects.requireNonNull(rules, "rules");
    Objects.requireNonNull(off, "off");
    return RuleLabel.without("answer", rules, off, rule -> rule.label);
  }

  boolean isFoundIn(String folded) {
    return pattern.matcher(folded).find() && !exception.matcher(folded).find();
  }

  /** Returns the form of an answer that rules see: folded, in one line. */
  static String fold(String answer) {
    return Folding.fold(answer).replaceAll("\\s+", " ");
  }

  @Override
  public String toString() {
    return label.name();
  }
}
