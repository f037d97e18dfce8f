package dev.reprise.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.demo.DemoQuestion.Label;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Resources;
import dev.reprise.cli.io.TextFile;
import dev.reprise.model.Document;
import dev.reprise.model.UseCase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads questions: JSON Lines, or plain text with one question a line.
 *
 * <p>It is JSON Lines where the first line that is not blank begins with a brace. A line is then
 * one object with {@code question} and, where one likes, {@code answer} (the label of the right
 * answer), {@code useCase}, {@code documents} (objects with {@code id} and {@code version}), {@code
 * temperature} and {@code system}. Blank lines are passed over in both.
 */
public final class QuestionFile {
  /** The resource with the built-in questions. */
  static final String BUILT_IN = "questions.jsonl";

  private static final Set<String> FIELDS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              List.of("question", "answer", "useCase", "documents", "temperature", "system")));

  private static final List<UseCase> USE_CASES =
      List.of(
          UseCase.QUESTION,
          UseCase.FAQ,
          UseCase.DOCUMENT_SUMMARY,
          UseCase.QUERY_REFORMULATION,
          UseCase.CREATIVE,
          UseCase.DYNAMIC);

  private QuestionFile() {}

  /** Returns the built-in questions. */
  public static List<DemoQuestion> builtIn() {
    return parse(BUILT_IN, Resources.text(BUILT_IN));
  }

  /** Returns the questions in {@code file}. */
  static List<DemoQuestion> read(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InputException("there is no file " + file, e);
    } catch (IOException e) {
      throw new InputException("cannot read " + file + ": " + e, e);
    }
    try {
      return parse(
          file.toString(),
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
    } catch (CharacterCodingException e) {
      throw new InputException(file + " is not UTF-8 text; convert it first", e);
    }
  }

  /** Returns the questions in {@code content}; {@code name} is for messages. */
  static List<DemoQuestion> parse(String name, String content) {
    List<String> lines = content.replace("\uFEFF", "").lines().toList();
    boolean json =
        lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("").startsWith("{");
    List<DemoQuestion> questions = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty()) {
        continue;
      }
      String where = name + ":" + (i + 1);
      DemoQuestion question =
          json
              ? question(questions.size() + 1, JsonLines.read(line, where, FIELDS), where)
              : DemoQuestion.plain(questions.size() + 1, line);
      if (question.text().length() > TextFile.LONGEST_TEXT) {
        throw new InputException(
            where
                + ": the question has "
                + question.text().length()
                + " characters, but may have at most "
                + TextFile.LONGEST_TEXT);
      }
      questions.add(question);
    }
    if (questions.isEmpty()) {
      throw new InputException(name + " has no questions");
    }
    return questions;
  }

  private static DemoQuestion question(int number, ObjectNode object, String where) {
    return new DemoQuestion(
        number,
        JsonLines.text(object, "question", where),
        object.has("answer")
            ? new Label.Known(JsonLines.text(object, "answer", where))
            : new Label.Unknown(),
        useCase(object, where),
        documents(object, where),
        temperature(object, where),
        object.has("system") ? JsonLines.text(object, "system", where) : "");
  }

  private static UseCase useCase(ObjectNode object, String where) {
    if (!object.has("useCase")) {
      return UseCase.QUESTION;
    }
    UseCase useCase = new UseCase(JsonLines.text(object, "useCase", where));
    if (!USE_CASES.contains(useCase)) {
      throw new InputException(
          where
              + ": unknown use case \""
              + useCase.name()
              + "\"; known are "
              + String.join(", ", USE_CASES.stream().map(UseCase::name).toList()));
    }
    return useCase;
  }

  private static double temperature(ObjectNode object, String where) {
    JsonNode value = object.get("temperature");
    if (value == null) {
      return 0;
    }
    if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 2) {
      throw new InputException(
          where + ": \"temperature\" is " + value + ", but must be a number from 0 to 2");
    }
    return value.doubleValue();
  }

  private static List<Document> documents(ObjectNode object, String where) {
    JsonNode array = object.get("documents");
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      throw new InputException(where + ": \"documents\" must be a list");
    }
    List<Document> documents = new ArrayList<>();
    for (JsonNode document : array) {
      if (!document.isObject()) {
        throw new InputException(where + ": a document is an object with \"id\" and \"version\"");
      }
      documents.add(
          new Document(
              JsonLines.text(document, "id", where), JsonLines.text(document, "version", where)));
    }
    return documents;
  }
}
