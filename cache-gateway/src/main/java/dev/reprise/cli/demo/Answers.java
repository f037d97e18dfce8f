package dev.reprise.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Resources;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The right answers to the built-in questions, by label. Immutable. */
public final class Answers {
  private static final String BUILT_IN = "answers.jsonl";
  private static final Set<String> FIELDS =
      new LinkedHashSet<>(List.of("label", "answer", "changes"));

  private final Map<String, String> texts;
  private final Set<String> changing;

  private Answers(Map<String, String> texts, Set<String> changing) {
    this.texts = Map.copyOf(texts);
    this.changing = Set.copyOf(changing);
  }

  /** Returns the answers to the built-in questions. */
  public static Answers builtIn() {
    return parse(BUILT_IN, Resources.text(BUILT_IN));
  }

  /** Returns no answers. */
  static Answers none() {
    return new Answers(Map.of(), Set.of());
  }

  /** Returns the answers in {@code content}, JSON Lines; {@code name} is for messages. */
  static Answers parse(String name, String content) {
    Map<String, String> texts = new LinkedHashMap<>();
    Set<String> changing = new LinkedHashSet<>();
    List<String> lines = content.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String where = name + ":" + (i + 1);
      ObjectNode object = JsonLines.read(lines.get(i), where, FIELDS);
      String label = JsonLines.text(object, "label", where);
      if (texts.put(label, JsonLines.text(object, "answer", where)) != null) {
        throw new InputException(where + ": a second answer with the label \"" + label + "\"");
      }
      if (object.path("changes").asBoolean(false)) {
        changing.add(label);
      }
    }
    return new Answers(texts, changing);
  }

  /** Returns these and one more. */
  Answers and(String label, String text) {
    Map<String, String> more = new LinkedHashMap<>(texts);
    more.put(label, text);
    return new Answers(more, changing);
  }

  /** Returns which labels change, without the texts: for a model that has its own words. */
  Answers withoutTexts() {
    return new Answers(Map.of(), changing);
  }

  /** Returns the right answer, where it is known. */
  Optional<String> text(String label) {
    return Optional.ofNullable(texts.get(label));
  }

  /** Returns whether the right answer is another one each time (a price, the weather). */
  public boolean changes(String label) {
    return changing.contains(label);
  }

  /** Returns the labels. */
  Set<String> labels() {
    return texts.keySet();
  }
}
