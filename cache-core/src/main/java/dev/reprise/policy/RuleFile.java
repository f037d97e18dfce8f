package dev.reprise.policy;

import dev.reprise.model.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules from a text. One statement a line:
 *
 * <pre>
 * # a comment
 * let NAME = regular expression     written %NAME% in the lines below it
 * about regular expression          sentences in which it is found are asked about a thing
 * task regular expression           a request that is followed by the text it is about
 * rule name                         begins a rule; the lines below belong to it
 * code dynamic                      dynamic, creative or rule
 * reason why it is not cached
 * words a b c                       a text must have one of them
 * match regular expression          found in a sentence; several: one of them
 * unless regular expression         found in the same sentence: not recognised
 * longest 300                       answers only: the longest answer, in characters
 * </pre>
 *
 * <p>Expressions are matched against text in lower case and without accents.
 */
final class RuleFile {
  private static final Pattern STATEMENT = Pattern.compile("([a-z]+)\\s+(.*)");
  private static final Pattern LET = Pattern.compile("([A-Z_]+)\\s*=\\s*(.*)");
  private static final Pattern MACRO = Pattern.compile("%([A-Z_]+)%");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");
  private static final String NOTHING = "(?!)";

  private final String source;
  private final Map<String, String> macros = new HashMap<>();
  private final List<Pattern> about = new ArrayList<>();
  private final List<Pattern> task = new ArrayList<>();
  private final List<Raw> rules = new ArrayList<>();

  /** A rule while it is read. */
  private static final class Raw {
    final String name;
    final int line;
    Reason.@Nullable Code code;
    String reason = "";
    int longest = AnswerRule.LONGEST_TEXT;
    final Set<String> words = new LinkedHashSet<>();
    final List<Pattern> match = new ArrayList<>();
    final List<Pattern> unless = new ArrayList<>();

    Raw(String name, int line) {
      this.name = name;
      this.line = line;
    }
  }

  private RuleFile(String source) {
    this.source = source;
  }

  /**
   * Returns the rules of {@code text}.
   *
   * @throws IllegalArgumentException if it has a mistake; the message begins with source and line
   */
  static RuleFile parse(String source, String text) {
    RuleFile file = new RuleFile(source);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        file.statement(line, i + 1);
      }
    }
    for (Raw rule : file.rules) {
      if (rule.match.isEmpty()) {
        throw file.wrong(rule.line, "rule " + rule.name + " has no match");
      }
    }
    return file;
  }

  private void statement(String line, int number) {
    Matcher statement = STATEMENT.matcher(line);
    if (!statement.matches()) {
      throw wrong(number, "\"" + line + "\" is no statement");
    }
    String value = statement.group(2);
    switch (statement.group(1)) {
      case "let" -> let(value, number);
      case "about" -> about.add(expression(value, number));
      case "task" -> task.add(expression(value, number));
      case "rule" -> {
        if (!NAME.matcher(value).matches()) {
          throw wrong(number, "\"" + value + "\" is no name; use lower-case words with hyphens");
        }
        rules.add(new Raw(value, number));
      }
      case "code" -> rule(number).code = code(value, number);
      case "reason" -> rule(number).reason = value;
      case "words" -> rule(number).words.addAll(List.of(Folding.fold(value).split("\\s+")));
      case "match" -> rule(number).match.add(expression(value, number));
      case "unless" -> rule(number).unless.add(expression(value, number));
      case "longest" -> rule(number).longest = number(value, number);
      default -> throw wrong(number, "there is no statement \"" + statement.group(1) + "\"");
    }
  }

  private Raw rule(int line) {
    if (rules.isEmpty()) {
      throw wrong(line, "it belongs to no rule; begin one with \"rule name\"");
    }
    return rules.get(rules.size() - 1);
  }

  private void let(String value, int line) {
    Matcher let = LET.matcher(value);
    if (!let.matches()) {
      throw wrong(line, "let needs NAME = regular expression");
    }
    macros.put(let.group(1), expression(let.group(2), line).pattern());
  }

  private Reason.Code code(String value, int line) {
    return switch (value) {
      case "dynamic" -> Reason.Code.DYNAMIC;
      case "creative" -> Reason.Code.CREATIVE;
      case "rule" -> Reason.Code.RULE;
      case "refused" -> Reason.Code.REFUSED;
      case "incomplete" -> Reason.Code.INCOMPLETE;
      default -> throw wrong(line, "code is \"" + value + "\", which is not known");
    };
  }

  private int number(String value, int line) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw wrong(line, "\"" + value + "\" is no number", e);
    }
  }

  private Pattern expression(String text, int line) {
    Matcher macro = MACRO.matcher(text);
    StringBuilder whole = new StringBuilder();
    while (macro.find()) {
      String value = macros.get(macro.group(1));
      if (value == null) {
        throw wrong(line, "there is no %" + macro.group(1) + "% above");
      }
      macro.appendReplacement(whole, Matcher.quoteReplacement("(?:" + value + ")"));
    }
    macro.appendTail(whole);
    try {
      return Pattern.compile(whole.toString());
    } catch (PatternSyntaxException e) {
      throw wrong(line, "is no regular expression: " + e.getMessage(), e);
    }
  }

  private IllegalArgumentException wrong(int line, String message) {
    return wrong(line, message, null);
  }

  private IllegalArgumentException wrong(int line, String message, @Nullable Throwable cause) {
    return new IllegalArgumentException(source + ":" + line + ": " + message, cause);
  }

  /** Returns what finds a sentence that is asked about a thing. */
  List<Pattern> about() {
    return about;
  }

  /** Returns what finds a request that is followed by the text it is about. */
  List<Pattern> task() {
    return task;
  }

  List<QuestionRule> questionRules(String language) {
    List<QuestionRule> found = new ArrayList<>();
    for (Raw rule : rules) {
      try {
        found.add(
            new QuestionRule(
                new RuleLabel(
                    rule.code == null ? Reason.Code.DYNAMIC : rule.code,
                    name(rule, language),
                    rule.reason),
                new Expressions(rule.match),
                new Expressions(rule.unless),
                rule.words,
                QuestionRule.Sees.ASKED));
      } catch (IllegalArgumentException e) {
        throw wrong(rule.line, String.valueOf(e.getMessage()), e);
      }
    }
    return List.copyOf(found);
  }

  List<AnswerRule> answerRules(String language) {
    List<AnswerRule> found = new ArrayList<>();
    for (Raw rule : rules) {
      try {
        found.add(
            new AnswerRule(
                new RuleLabel(
                    rule.code == null ? Reason.Code.RULE : rule.code,
                    name(rule, language),
                    rule.reason),
                rule.longest,
                any(rule.match),
                any(rule.unless)));
      } catch (IllegalArgumentException e) {
        throw wrong(rule.line, String.valueOf(e.getMessage()), e);
      }
    }
    return List.copyOf(found);
  }

  private static String name(Raw rule, String language) {
    return language.isEmpty() ? rule.name : rule.name + "." + language.toLowerCase(Locale.ROOT);
  }

  /** Returns the pattern that finds one of {@code expressions}. */
  private static Pattern any(List<Pattern> expressions) {
    return Pattern.compile(
        expressions.isEmpty()
            ? NOTHING
            : expressions.stream()
                .map(Pattern::pattern)
                .collect(Collectors.joining(")|(?:", "(?:", ")")));
  }
}
