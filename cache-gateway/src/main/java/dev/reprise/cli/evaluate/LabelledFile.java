package dev.reprise.cli.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.TextFile;
import dev.reprise.evaluate.Arrival;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.LabelledPair;
import dev.reprise.evaluate.LabelledPair.Label;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Reads labelled questions. What a file is, its content says, not its name: gzip where it begins
 * with gzip's two bytes; JSON Lines where the first line that is not blank begins with a brace,
 * else tab-separated columns under a header. Blank lines are passed over. A line that is not as it
 * must be fails the whole file.
 */
final class LabelledFile {
  private static final String PAIRS_HEADER = "cached\tquery\tsame";
  private static final String STREAM_HEADER = "label\tquery";
  private static final Set<String> PAIR_FIELDS = fields("cached", "query", "same", "response");
  private static final Set<String> STREAM_FIELDS =
      fields("label", "answer", "query", "question", "scope", "response");

  /** What a kind of file holds, and how it is written. */
  private record Form<T>(
      String option,
      String rows,
      String header,
      String otherHeader,
      String otherOption,
      BiFunction<String[], String, T> columns,
      BiFunction<ObjectNode, String, T> object,
      Set<String> fields) {}

  private static final Form<LabelledPair> PAIRS =
      new Form<>(
          "--pairs",
          "pairs",
          PAIRS_HEADER,
          STREAM_HEADER,
          "--stream",
          LabelledFile::pair,
          LabelledFile::pair,
          PAIR_FIELDS);

  private static final Form<Arrival> STREAM =
      new Form<>(
          "--stream",
          "arrivals",
          STREAM_HEADER,
          PAIRS_HEADER,
          "--pairs",
          LabelledFile::arrival,
          LabelledFile::arrival,
          STREAM_FIELDS);

  private LabelledFile() {}

  /** Returns the pairs in {@code file}. */
  static LabelledData.Pairs pairs(Path file) {
    return new LabelledData.Pairs(file.toString(), read(file, PAIRS));
  }

  /** Returns the stream in {@code file}. */
  static LabelledData.Stream stream(Path file) {
    return new LabelledData.Stream(file.toString(), read(file, STREAM));
  }

  private static <T> List<T> read(Path file, Form<T> form) {
    List<String> lines = TextFile.read(file).replace("\uFEFF", "").lines().toList();
    String first = lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("");
    boolean json = first.stripLeading().startsWith("{");
    List<T> rows = new ArrayList<>(lines.size());
    boolean headed = json;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String where = file + ":" + (i + 1);
      if (line.isBlank()) {
        continue;
      }
      if (!headed) {
        requireHeader(line, where, form);
        headed = true;
      } else if (json) {
        rows.add(form.object().apply(JsonLines.read(line, where, form.fields()), where));
      } else {
        rows.add(form.columns().apply(columns(line, where, form), where));
      }
    }
    if (rows.isEmpty()) {
      throw new InputException(file + " has no " + form.rows());
    }
    return rows;
  }

  private static void requireHeader(String line, String where, Form<?> form) {
    if (line.equals(form.header())) {
      return;
    }
    String expected =
        where
            + ": expected JSON Lines, or a first line with the tab-separated words "
            + spaced(form.header())
            + "; ";
    throw new InputException(
        line.equals(form.otherHeader())
            ? expected + "this is a file for " + form.otherOption()
            : expected + "found: " + shortened(line));
  }

  private static String[] columns(String line, String where, Form<?> form) {
    String[] columns = line.split("\t", -1);
    int expected = form.header().split("\t", -1).length;
    if (columns.length != expected) {
      throw new InputException(
          where
              + ": expected "
              + expected
              + " tab-separated columns ("
              + spaced(form.header())
              + "), found "
              + columns.length
              + ": "
              + shortened(line));
    }
    return columns;
  }

  private static LabelledPair pair(String[] columns, String where) {
    return new LabelledPair(
        question(columns[0], "cached", where),
        question(columns[1], "query", where),
        switch (columns[2].strip()) {
          case "1" -> Label.SAME;
          case "0" -> Label.OTHER;
          default ->
              throw new InputException(
                  where + ": \"same\" must be 1 or 0, found: " + shortened(columns[2]));
        },
        "");
  }

  private static LabelledPair pair(ObjectNode object, String where) {
    return new LabelledPair(
        question(JsonLines.text(object, "cached", where), "cached", where),
        question(JsonLines.text(object, "query", where), "query", where),
        label(object.get("same"), where),
        optional(object, "response", where));
  }

  private static Label label(JsonNode same, String where) {
    if (same != null && (same.isBoolean() || same.isIntegralNumber())) {
      String value = same.asText();
      if (value.equals("true") || value.equals("1")) {
        return Label.SAME;
      }
      if (value.equals("false") || value.equals("0")) {
        return Label.OTHER;
      }
    }
    throw new InputException(
        where
            + ": \"same\" must be true, false, 1 or 0"
            + (same == null ? "" : ", found: " + same));
  }

  private static Arrival arrival(String[] columns, String where) {
    if (columns[0].isBlank()) {
      throw new InputException(where + ": \"label\" must not be blank");
    }
    return new Arrival("", columns[0], question(columns[1], "query", where), "");
  }

  private static Arrival arrival(ObjectNode object, String where) {
    String query = either(object, "query", "question", where);
    return new Arrival(
        optional(object, "scope", where),
        JsonLines.text(object, either(object, "label", "answer", where), where),
        question(JsonLines.text(object, query, where), query, where),
        optional(object, "response", where));
  }

  /** Returns which of two names of the same thing the object has. */
  private static String either(ObjectNode object, String name, String other, String where) {
    if (object.has(name) == object.has(other)) {
      throw new InputException(
          where
              + ": expected \""
              + name
              + "\" or \""
              + other
              + "\", found "
              + (object.has(name) ? "both" : "neither"));
    }
    return object.has(name) ? name : other;
  }

  private static String optional(ObjectNode object, String name, String where) {
    return object.has(name) ? JsonLines.text(object, name, where) : "";
  }

  private static String question(String text, String name, String where) {
    if (text.isBlank()) {
      throw new InputException(where + ": \"" + name + "\" must not be blank");
    }
    if (text.length() > TextFile.LONGEST_TEXT) {
      throw new InputException(
          where
              + ": \""
              + name
              + "\" has "
              + text.length()
              + " characters, but may have at most "
              + TextFile.LONGEST_TEXT);
    }
    return text;
  }

  private static String spaced(String header) {
    return header.replace("\t", " ");
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  private static Set<String> fields(String... names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
  }
}
