package dev.reprise.policy;

import dev.reprise.model.Reason;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A plain rule that recognises a question which must not be cached, whatever its use case.
 *
 * <p>A rule reads each sentence of the final user text on its own. Of a text with more than {@value
 * #LONGEST_TEXT} characters, it reads half as many from the start and half as many from the end.
 *
 * <p>The rules of {@link #defaults} and {@link #read} are <em>about what is asked</em>: they see
 * the text in lower case, without accents, without quoted text and code, and without what follows a
 * request such as "Translate:" or "Summarize this article:". They do not recognise a sentence that
 * asks about a thing ("How do I generate a password?"). The rules of {@link #of} see the text as it
 * stands.
 *
 * <p>Immutable.
 */
public final class QuestionRule {
  /** The longest text that is read whole, in characters: {@value}. */
  public static final int LONGEST_TEXT = 2_000;

  private static final Expressions NEVER = new Expressions(List.of());

  /** Which form of the text a rule sees. */
  enum Sees {
    /** The text as it stands. */
    RAW,
    /** What is asked: see {@link QuestionText}. */
    ASKED
  }

  private final RuleLabel label;
  private final Expressions found;
  private final Expressions exceptions;
  private final Set<String> words;
  private final Sees sees;

  QuestionRule(
      RuleLabel label, Expressions found, Expressions exceptions, Set<String> words, Sees sees) {
    this.label = label.withOneOf(Reason.Code.DYNAMIC, Reason.Code.CREATIVE, Reason.Code.RULE);
    this.found = found;
    this.exceptions = exceptions;
    this.words = Set.copyOf(words);
    this.sees = sees;
    for (String word : words) {
      if (word.isEmpty()
          || !word.chars().allMatch(Character::isLetterOrDigit)
          || !word.equals(word.toLowerCase(java.util.Locale.ROOT))) {
        throw new IllegalArgumentException(
            "word of rule "
                + label.name()
                + " is '"
                + word
                + "', but must be lower-case letters, digits");
      }
    }
  }

  /**
   * Returns the rule that finds {@code regularExpression}, whatever its case, in every text.
   *
   * @param code {@link Reason.Code#DYNAMIC}, {@link Reason.Code#CREATIVE} or {@link
   *     Reason.Code#RULE}
   * @param name the rule's name in a reason; not blank
   * @param regularExpression found anywhere in a sentence. It runs for every request, so keep
   *     repetitions bounded ("{0,80}" instead of "*")
   * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
   * @throws IllegalArgumentException if {@code code} is another one
   */
  public static QuestionRule of(Reason.Code code, String name, String regularExpression) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(regularExpression, "regularExpression");
    return new QuestionRule(
        new RuleLabel(code, name, ""), compile(regularExpression), NEVER, Set.of(), Sees.RAW);
  }

  /**
   * Returns the rules of a text in the format of the built-in rule files (docs/RULES.md).
   *
   * @param source the name of the text in messages, for example the file's path
   * @param language the suffix of the rules' names: {@code "en"} makes {@code weather.en}
   * @param text the rules
   * @throws IllegalArgumentException if the text has a mistake; the message names source and line
   */
  public static List<QuestionRule> read(String source, String language, String text) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(text, "text");
    return RuleFile.parse(source, text).questionRules(language);
  }

  /**
   * Returns the default rules of a policy. They stand in the resource files {@code
   * dev/reprise/policy/<language>/questions.txt}; docs/RULES.md lists the kinds.
   */
  public static List<QuestionRule> defaults() {
    return DefaultQuestionRules.ALL;
  }

  /**
   * Returns a copy that does not recognise a sentence in which {@code regularExpression} is found.
   *
   * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
   */
  public QuestionRule except(String regularExpression) {
    return new QuestionRule(label, found, compile(regularExpression), words, sees);
  }

  /**
   * Returns a copy that reads only texts with one of {@code words}. This makes the rule cheap.
   *
   * @param words in lower case, of letters and digits; if none, the rule reads every text
   * @throws IllegalArgumentException if a word has another character
   */
  public QuestionRule onlyWith(String... words) {
    return new QuestionRule(label, found, exceptions, Set.of(words), sees);
  }

  /** Returns a copy with {@code reason} in the outcome, after the rule's name. */
  public QuestionRule because(String reason) {
    return new QuestionRule(label.because(reason), found, exceptions, words, sees);
  }

  /** Returns the code of the reason in the outcome. */
  public Reason.Code code() {
    return label.code();
  }

  /** Returns its name, for example {@code weather.en}. */
  public String name() {
    return label.name();
  }

  /** Returns the name without the language: {@code weather} of {@code weather.en}. */
  public String kind() {
    return label.kind();
  }

  /** Returns the reason why a recognised question is not cached; empty if none is set. */
  public String reason() {
    return label.reason();
  }

  /** Returns the words of which a text must have one. If empty, the rule reads every text. */
  public Set<String> words() {
    return words;
  }

  /** Returns whether the rule recognises {@code question}. */
  public boolean recognises(String question) {
    return new QuestionRules(List.of(this)).first(question).isPresent();
  }

  /**
   * Returns {@code rules} without those that a name or a kind of {@code off} switches off.
   *
   * @param off names ({@code weather.en}) or kinds ({@code weather}: in every language)
   * @throws IllegalArgumentException if {@code off} has an unknown name or kind; the message lists
   *     the kinds
   */
  public static List<QuestionRule> without(List<QuestionRule> rules, Set<String> off) {
    Objects.requireNonNull(rules, "rules");
    Objects.requireNonNull(off, "off");
    return RuleLabel.without("question", rules, off, rule -> rule.label);
  }

  Sees sees() {
    return sees;
  }

  boolean isFoundIn(String sentence) {
    return found.areFoundIn(sentence) && !exceptions.areFoundIn(sentence);
  }

  private static Expressions compile(String regularExpression) {
    return new Expressions(
        List.of(
            Pattern.compile(regularExpression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)));
  }

  @Override
  public String toString() {
    return label.name();
  }
}
