package dev.reprise.policy;

import dev.reprise.model.Reason;
import dev.reprise.model.internal.Checks;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A plain rule that recognises a question which must not be cached, whatever its use case.
 *
 * <p>It is asked of each sentence of the final user text on its own. Of a text of more than {@value
 * #LONGEST_TEXT} characters only the first and the last half as many are looked at: what is asked
 * stands at one end of a long prompt, and what stands between is what it is asked about.
 *
 * @param code {@link Reason.Code#DYNAMIC}, {@link Reason.Code#CREATIVE} or {@link Reason.Code#RULE}
 * @param name what a reason calls it
 * @param pattern found anywhere in a sentence. It is asked on the way of every request: keep
 *     repetitions bounded ("{0,80}" instead of "*")
 * @param exception a sentence in which this is found, too, is not recognised
 * @param words the rule is asked only of texts that have one of these words, in lower case, of
 *     letters and digits: what makes a rule cheap. Empty: of every text
 */
public record QuestionRule(
    Reason.Code code, String name, Pattern pattern, Pattern exception, Set<String> words) {
  /** The longest text of which all is looked at, in characters: {@value}. */
  public static final int LONGEST_TEXT = 2_000;

  private static final Pattern NEVER = Pattern.compile("(?!)");

  public QuestionRule {
    Checks.notBlank("name of rule", name);
    if (code != Reason.Code.DYNAMIC && code != Reason.Code.CREATIVE && code != Reason.Code.RULE) {
      throw new IllegalArgumentException(
          "code of rule " + name + " is " + code + ", but must be DYNAMIC, CREATIVE or RULE");
    }
    words = Set.copyOf(words);
    for (String word : words) {
      if (word.isEmpty()
          || !word.chars().allMatch(Character::isLetterOrDigit)
          || !word.equals(word.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "word of rule " + name + " is '" + word + "', but must be lower-case letters, digits");
      }
    }
  }

  /**
   * Returns the rule that finds {@code regularExpression}, whatever its case, in every text.
   *
   * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
   */
  public static QuestionRule of(Reason.Code code, String name, String regularExpression) {
    return new QuestionRule(code, name, compile(regularExpression), NEVER, Set.of());
  }

  /**
   * Returns a copy that does not recognise a sentence in which {@code regularExpression} is found.
   *
   * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
   */
  public QuestionRule except(String regularExpression) {
    return new QuestionRule(code, name, pattern, compile(regularExpression), words);
  }

  /** Returns a copy that is asked only of texts that have one of {@code words}. */
  public QuestionRule onlyWith(String... words) {
    return new QuestionRule(code, name, pattern, exception, Set.of(words));
  }

  /** Returns whether it recognises {@code question}. */
  public boolean recognises(String question) {
    return new QuestionRules(List.of(this)).first(question).isPresent();
  }

  /**
   * Returns the rules of a policy that is given none: English, for weather, time, prices, news,
   * status, and creative texts.
   */
  public static List<QuestionRule> defaults() {
    return DefaultQuestionRules.ALL;
  }

  boolean isFoundIn(CharSequence sentence) {
    return !exception.matcher(sentence).find() && pattern.matcher(sentence).find();
  }

  private static Pattern compile(String regularExpression) {
    return Pattern.compile(regularExpression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }
}
