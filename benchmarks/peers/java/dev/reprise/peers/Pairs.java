package dev.reprise.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Asks every contender pairs of questions, and counts the hits. Arguments: the address of a Redis
 * with Search, then files: tab-separated with a first line "cached query same", or Kmemo's corpora.
 */
public final class Pairs {
  private record Pair(String cached, String query, boolean same) {}

  private Pairs() {}

  public static void main(String[] arguments) throws IOException {
    String[] address = arguments[0].split(":", 2);
    try (RepriseContender reprise = new RepriseContender();
        SpringAiContender springAi =
            new SpringAiContender(address[0], Integer.parseInt(address[1]));
        KmemoContender kmemo = new KmemoContender()) {
      int next = 0;
      System.out.println("| Pairs | Cache | Right hits | Wrong hits | Wrong among hits |");
      System.out.println("| --- | --- | --- | --- | --- |");
      for (int file = 1; file < arguments.length; file++) {
        Path path = Path.of(arguments[file]);
        List<Pair> pairs = read(path);
        for (Contender contender : List.of(reprise, springAi, kmemo)) {
          print(path, contender, pairs, next);
        }
        next += pairs.size();
      }
    }
  }

  private static void print(Path file, Contender contender, List<Pair> pairs, int first) {
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      if (contender.hits(first + i, pair.cached(), pair.query())) {
        right += pair.same() ? 1 : 0;
        wrong += pair.same() ? 0 : 1;
      }
    }
    long same = pairs.stream().filter(Pair::same).count();
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %d of %d | %d of %d | %.0f %% |%n",
        file.getFileName(),
        contender.name(),
        right,
        same,
        wrong,
        pairs.size() - same,
        right + wrong == 0 ? 0.0 : 100.0 * wrong / (right + wrong));
  }

  private static List<Pair> read(Path file) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    if (file.toString().endsWith(".json")) {
      for (JsonNode pair : new ObjectMapper().readTree(file.toFile()).path("pairs")) {
        pairs.add(
            new Pair(
                pair.path("a").asText(),
                pair.path("b").asText(),
                pair.path("shouldMatch").asBoolean()));
      }
      return pairs;
    }
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      pairs.add(new Pair(cells[0], cells[1], cells[2].equals("1")));
    }
    return pairs;
  }
}
