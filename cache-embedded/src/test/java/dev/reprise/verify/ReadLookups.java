package dev.reprise.verify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Lookups whose best candidate was read: may the cached answer be served, word for word, for the
 * question asked? The texts lie beside the repository, the verdicts in matcher-training/verdicts.
 */
public final class ReadLookups {
  private static final Path DATA =
      Path.of(System.getProperty("shared.data", "../../shared/data")).resolve("read");
  private static final Path VERDICTS = Path.of("../matcher-training/verdicts/read.tsv.gz");
  private static final List<String> SETS =
      List.of("qqp", "banking77", "clinc150", "mined_quora", "mined_intents", "mined_other");

  /** How many lookups each group is of, the candidates that were not read included. */
  static final Map<String, Integer> LOOKUPS =
      new LinkedHashMap<>(
          Map.of(
              "qqp", 5_000,
              "banking77, first half", 2_500,
              "banking77, second half", 2_500,
              "clinc150, first half", 2_500,
              "clinc150, second half", 2_500,
              "mined_quora", 7_000,
              "mined_intents", 4_500,
              "mined_other", 3_000));

  /**
   * One pair that was read.
   *
   * @param group the set, and which half of it
   * @param part {@code train}, {@code calibration} or {@code test}
   * @param lookups how many lookups of the group it stands for among its part
   * @param isSame whether the cached answer may be served; what cannot be told is different
   */
  public record Row(
      String group,
      String part,
      String cached,
      String asked,
      double cosine,
      double lookups,
      boolean isSame) {}

  private ReadLookups() {}

  /** Returns whether the texts are there; says so where they are not. */
  public static boolean areThere() {
    boolean areThere = Files.isDirectory(DATA);
    if (!areThere) {
      System.out.println(
          "NOT TESTED on read pairs: there is no folder " + DATA.toAbsolutePath().normalize());
    }
    return areThere;
  }

  /** Returns the pairs of one part that stand for lookups. */
  public static List<Row> of(String part) throws IOException {
    return all(part).stream().filter(row -> row.lookups() > 0).toList();
  }

  /** Returns all pairs of one part. */
  public static List<Row> all(String part) throws IOException {
    Map<String, Map<String, String>> verdicts = new HashMap<>();
    for (Map<String, String> verdict : rows(VERDICTS)) {
      verdicts.put(verdict.get("pair") + verdict.get("group"), verdict);
    }
    List<Row> rows = new ArrayList<>();
    for (String set : SETS) {
      for (Map<String, String> row : rows(DATA.resolve(set + ".tsv.gz"))) {
        String half = row.getOrDefault("half", "-");
        String group = half.equals("-") ? set : set + ", " + half + " half";
        String cached = row.getOrDefault("cached", "");
        String asked = row.getOrDefault("query", "");
        Map<String, String> verdict = verdicts.get(digest(cached, asked) + group);
        if (verdict == null) {
          throw new IOException(VERDICTS + " does not have the pair " + cached + " / " + asked);
        }
        double lookups = number(verdict, "lookups");
        if (part.equals(verdict.get("part"))) {
          boolean isSame = "1".equals(verdict.get("verdict"));
          rows.add(new Row(group, part, cached, asked, number(row, "cosine"), lookups, isSame));
        }
      }
    }
    return rows;
  }

  private static double number(Map<String, String> row, String name) {
    return Double.parseDouble(row.getOrDefault(name, ""));
  }

  private static List<Map<String, String>> rows(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      String[] header = reader.readLine().split("\t", -1);
      List<Map<String, String>> rows = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] values = line.split("\t", -1);
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < header.length; i++) {
          row.put(header[i], values[i]);
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static String digest(String cached, String asked) {
    try {
      byte[] bytes = (cached + "\t" + asked).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
          .substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
