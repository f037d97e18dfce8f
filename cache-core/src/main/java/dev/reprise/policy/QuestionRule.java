package dev.reprise.policy;

import dev.reprise.model.Checks;
import dev.reprise.model.Reason;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A plain rule that recognises a question which must not be cached, whatever its use case.
 *
 * @param code {@link Reason.Code#DYNAMIC}, {@link Reason.Code#CREATIVE} or {@link Reason.Code#RULE}
 * @param name what a reason calls it
 * @param pattern found anywhere in the final user text
 */
public record QuestionRule(Reason.Code code, String name, Pattern pattern) {
  private static final String TODAY =
      "(?:right now|just now|at the moment|at this moment|currently|today|tonight|this (?:morning|afternoon|evening|week|month|weekend)|as of now|these days|latest|live|now(?=\\s*(?:[?.!]|$|in\\b|at\\b|for\\b)))";

  public QuestionRule {
    Checks.notBlank("name of rule", name);
    if (code != Reason.Code.DYNAMIC && code != Reason.Code.CREATIVE && code != Reason.Code.RULE) {
      throw new IllegalArgumentException(
          "code of rule " + name + " is " + code + ", but must be DYNAMIC, CREATIVE or RULE");
    }
  }

  /**
   * Returns the rule that finds {@code regularExpression}, whatever its case.
   *
   * @throws java.util.regex.PatternSyntaxException if it is not a regular expression
   */
  public static QuestionRule of(Reason.Code code, String name, String regularExpression) {
    return new QuestionRule(
        code,
        name,
        Pattern.compile(regularExpression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
  }

  /** Returns whether it recognises {@code question}. */
  public boolean recognises(String question) {
    return pattern.matcher(question).find();
  }

  /*
   * A rule that is too wide only costs a hit; one that is too narrow serves yesterday's weather. Still they look for the thing
   * asked about *and* a word of time, where the thing alone is common in lasting questions ("what does a weather radar do?").
   */
  /**
   * The rules of a policy that is given none: English, for weather, time, prices, news, stock,
   * status, and creative texts.
   */
  public static List<QuestionRule> defaults() {
    return List.of(
        of(
            Reason.Code.DYNAMIC,
            "weather",
            "\\b(?:weather|temperature|forecast|rain(?:ing)?|snow(?:ing)?|sunny|humid(?:ity)?)\\b.{0,120}\\b(?:in|at|for|outside|tomorrow|"
                + TODAY
                + ")\\b.{0,120}|\\b(?:will|is) it (?:going to )?(?:rain|snow|be (?:sunny|hot|cold|warm))"),
        of(
            Reason.Code.DYNAMIC,
            "time",
            "\\bwhat(?:'s| is)? (?:the )?(?:time|date|day)\\b(?: is it)?\\s*(?:[?.!]|$|now\\b|today\\b|in\\b)|\\b(?:current|today's) (?:time|date|day|year)\\b|\\bwhat (?:day|year|month) is it\\b"),
        of(
            Reason.Code.DYNAMIC,
            "price",
            "\\b(?:price|prices|cost|costs|rate|rates|quote|worth|trading|exchange)\\b.{0,120}\\b"
                + TODAY
                + "\\b|\\b(?:current|today's|latest|live)\\b.{0,120}\\b(?:price|prices|cost|costs|rate|rates|quote)\\b|\\b(?:stock|share|bitcoin|btc|eth|crypto|gold|oil) price\\b"),
        of(
            Reason.Code.DYNAMIC,
            "news",
            "\\b(?:news|headlines|score|scores|standings)\\b.{0,120}\\b"
                + TODAY
                + "\\b|\\b(?:latest|today's|breaking|recent)\\b.{0,120}\\b(?:news|headlines|scores?|results?)\\b"),
        of(
            Reason.Code.DYNAMIC,
            "status",
            "\\b(?:in stock|available|open|down|online|running late|delayed|traffic)\\b.{0,120}\\b(?:right now|just now|at the moment|currently|today|tonight)\\b|\\b(?:is|are)\\b.{0,120}\\b(?:currently|right now)\\b.{0,120}\\b(?:down|open|available|in stock|delayed)\\b"),
        of(
            Reason.Code.CREATIVE,
            "writing",
            "\\b(?:write|compose|invent|make up|come up with|create|draft|tell)\\b(?: me| us)?(?: an?| the| some| another)?(?: [\\w'-]+){0,3} (?:poems?|haikus?|sonnets?|limericks?|stor(?:y|ies)|jokes?|songs?|lyrics|raps?|slogans?|taglines?|riddles?|screenplays?|fairy ?tales?|names? for)\\b"),
        of(
            Reason.Code.CREATIVE,
            "chance",
            "\\b(?:brainstorm|surprise me|roll (?:a|the|two) dic?e|flip a coin|(?:give|pick|choose|generate|tell)\\b.{0,120}\\brandom)\\b"));
  }
}
