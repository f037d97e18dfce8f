package dev.reprise.policy;

import dev.reprise.resource.ResourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/*
 * A rule that is too wide only costs a hit; one that is too narrow serves yesterday's weather. Still most look for the thing asked about
 * *and* a word of time, since the thing alone is common in lasting questions ("what does a weather radar do?").
 * Every gap is bounded, so that no text makes them slow.
 */
/** The rules of a policy that is given none: the resource files of each language. */
final class DefaultQuestionRules {
  /** The languages that have rules, by their resource folder. */
  static final List<String> LANGUAGES = List.of("en", "de", "fr", "es", "it", "pt", "zh");

  static final List<QuestionRule> ALL;

  /** Finds a sentence that is asked about a thing, and not for it, in every language. */
  static final Expressions ABOUT;

  /** Finds a request that is followed by the text it is about, in every language. */
  static final Expressions TASK;

  static {
    List<QuestionRule> rules = new ArrayList<>();
    List<Pattern> about = new ArrayList<>();
    List<Pattern> task = new ArrayList<>();
    for (String language : LANGUAGES) {
      String path = language + "/questions.txt";
      RuleFile file = RuleFile.parse(path, resource(path));
      rules.addAll(file.questionRules(language));
      about.addAll(file.about());
      task.addAll(file.task());
    }
    ALL = List.copyOf(rules);
    ABOUT = new Expressions(about);
    TASK = new Expressions(task);
  }

  private DefaultQuestionRules() {}

  /** Returns the text of a resource beside this class. */
  static String resource(String path) {
    return ResourceText.read(DefaultQuestionRules.class, path);
  }
}
