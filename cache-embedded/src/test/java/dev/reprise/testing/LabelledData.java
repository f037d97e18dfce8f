package dev.reprise.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Labelled questions in the forms of ../shared/data, which lies beside the repository or not. */
public final class LabelledData {
  private static final Path FOLDER = Path.of("../../shared/data");
  private static final String QUESTIONS = "/dev/reprise/match/questions.tsv";

  /** Two questions, and whether the answer to the cached one may be served for the other. */
  public record Pair(String cached, String query, boolean isSame) {}

  /** A question that arrives; its label says which others have its answer. */
  public record Arrival(String label, String query) {}

  /** A pair of our own, with the kind of its difference or likeness, and its domain. */
  public record Question(String cached, String query, boolean isSame, String kind, String domain) {}

  private LabelledData() {}

  /** Returns our own pairs, which are always there. */
  public static List<Question> questions() throws IOException {
    List<Question> questions = new ArrayList<>();
    try (InputStream stream = LabelledData.class.getResourceAsStream(QUESTIONS)) {
      for (List<String> row : rows(Objects.requireNonNull(stream, QUESTIONS))) {
        questions.add(
            new Question(row.get(0), row.get(1), row.get(2).equals("1"), row.get(3), row.get(4)));
      }
    }
    return questions;
  }

  /** Returns whether the data are there; says so where they are not. */
  public static boolean isThere() {
    boolean isThere = Files.isDirectory(FOLDER);
    if (!isThere) {
      System.out.println(
          "NOT TESTED on labelled data: there is no folder " + FOLDER.toAbsolutePath().normalize());
    }
    return isThere;
  }

  public static List<Pair> pairs(String name) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    for (List<String> row : rows("pairs/" + name)) {
      pairs.add(new Pair(row.get(0), row.get(1), row.get(2).equals("1")));
    }
    return pairs;
  }

  public static List<Arrival> stream(String name) throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    for (List<String> row : rows("streams/" + name)) {
      arrivals.add(new Arrival(row.get(0), row.get(1)));
    }
    return arrivals;
  }

  private static List<List<String>> rows(String name) throws IOException {
    try (InputStream stream =
        new GZIPInputStream(Files.newInputStream(FOLDER.resolve(name + ".tsv.gz")))) {
      return rows(stream);
    }
  }

  /** Returns the rows below the header. */
  private static List<List<String>> rows(InputStream stream) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    reader.readLine();
    List<List<String>> rows = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      rows.add(List.of(line.split("\t", -1)));
    }
    return rows;
  }
}
