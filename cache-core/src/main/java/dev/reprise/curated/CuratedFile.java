package dev.reprise.curated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reprise.model.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Curated entries as JSON Lines: one entry on each line, with {@code question}, {@code answer} and
 * {@code scope}, and if you like {@code id}, {@code aliases}, {@code models}, {@code systems},
 * {@code reviewedBy} and {@code reviewedAt}. Empty lines and lines that begin with {@code #} are
 * skipped.
 *
 * <pre>{@code
 * {"question": "How do I reset my password?", "answer": "Open Settings.", "scope": "*"}
 * }</pre>
 */
public final class CuratedFile {
  /** The most faults that one exception lists: {@value}. */
  public static final int MOST_FAULTS = 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private CuratedFile() {}

  /**
   * Reads a file, in UTF-8.
   *
   * @param scope the scope of a line that names none, "*" for all scopes; empty if each line must
   *     name one
   * @throws IllegalArgumentException if lines cannot be used; the message has one line for each
   *     fault, with its number
   * @throws IOException if the file cannot be read
   */
  public static List<CuratedEntry> read(Path file, String scope) throws IOException {
    return parse(Files.readString(Objects.requireNonNull(file, "file")), scope);
  }

  /** Like {@link #read(Path, String)}, where each line must name its scope. */
  public static List<CuratedEntry> read(Path file) throws IOException {
    return read(file, "");
  }

  /**
   * Reads JSON Lines.
   *
   * @param scope as in {@link #read(Path, String)}
   * @throws IllegalArgumentException if lines cannot be used; the message has one line for each
   *     fault, with its number
   */
  public static List<CuratedEntry> parse(String lines, String scope) {
    Objects.requireNonNull(lines, "lines");
    Objects.requireNonNull(scope, "scope");
    List<CuratedEntry> entries = new ArrayList<>();
    Faults faults = new Faults();
    Wordings wordings = new Wordings(faults);
    int number = 0;
    for (String line : withoutMark(lines).split("\n", -1)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      try {
        CuratedEntry entry = CuratedJson.read(json(text), scope);
        if (wordings.areNew(number, entry)) {
          entries.add(entry);
        }
      } catch (IllegalArgumentException e) {
        faults.add(number, String.valueOf(e.getMessage()));
      }
    }
    faults.throwIfAny();
    return entries;
  }

  /** Returns entries as JSON Lines, which {@link #parse} reads. */
  public static String write(List<CuratedEntry> entries) {
    StringBuilder lines = new StringBuilder();
    entries.forEach(entry -> lines.append(CuratedJson.write(entry)).append('\n'));
    return lines.toString();
  }

  private static String withoutMark(String lines) {
    return lines.startsWith("\uFEFF") ? lines.substring(1) : lines;
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("this is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** What is wrong, for people. */
  private static final class Faults {
    private final List<String> lines = new ArrayList<>();
    private int count;

    void add(int line, String why) {
      count++;
      if (lines.size() < MOST_FAULTS) {
        lines.add("line " + line + ": " + why);
      }
    }

    void throwIfAny() {
      if (count > 0) {
        throw new IllegalArgumentException(
            String.join("\n", lines)
                + (count > lines.size() ? "\nand " + (count - lines.size()) + " more" : ""));
      }
    }
  }

  /** Finds entries that would answer the same question. */
  private static final class Wordings {
    private final Faults faults;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<List<Object>, Integer> questions = new HashMap<>();

    Wordings(Faults faults) {
      this.faults = faults;
    }

    boolean areNew(int line, CuratedEntry entry) {
      List<String> all = new ArrayList<>(entry.aliases());
      all.add(entry.question());
      for (String wording : all) {
        List<Object> asked =
            List.of(
                entry.scope().map(Scope::name).orElse(""),
                entry.models(),
                entry.systems(),
                wording.strip().toLowerCase(Locale.ROOT));
        Integer before = questions.putIfAbsent(asked, line);
        if (before != null && before != line) {
          faults.add(line, "line " + before + " answers the same question: " + wording.strip());
          return false;
        }
      }
      Integer before = ids.putIfAbsent(entry.id(), line);
      if (before != null) {
        faults.add(line, "line " + before + " has the same id: " + entry.id());
        return false;
      }
      return true;
    }
  }
}
