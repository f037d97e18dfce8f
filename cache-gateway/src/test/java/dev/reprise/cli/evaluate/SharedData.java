package dev.reprise.cli.evaluate;

import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.LabelledPair;
import dev.reprise.evaluate.LabelledPair.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The labelled questions beside the repository, which are there or not, and our own. */
final class SharedData {
  private static final Path FOLDER = Path.of("../../shared/data");
  private static final Path OWN =
      Path.of("../cache-embedded/src/test/resources/dev/reprise/match/questions.tsv");
  private static final Path ACRONYMS = Path.of("src/test/resources/dev/reprise/cli/acronyms.jsonl");
  private static final long SEED = 20261124;

  private SharedData() {}

  /** Returns whether the data are there; says so where they are not. */
  static boolean isThere() {
    boolean isThere = Files.isDirectory(FOLDER);
    if (!isThere) {
      System.out.println(
          "NOT TESTED on labelled data: there is no folder " + FOLDER.toAbsolutePath().normalize());
    }
    return isThere;
  }

  /** Returns our own pairs, which are always there. */
  static LabelledData.Pairs own() throws IOException {
    List<LabelledPair> pairs = new ArrayList<>();
    for (String line : Files.readAllLines(OWN).stream().skip(1).toList()) {
      String[] columns = line.split("\t", -1);
      Label label = columns[2].equals("1") ? Label.SAME : Label.OTHER;
      pairs.add(new LabelledPair(columns[0], columns[1], label, ""));
    }
    return new LabelledData.Pairs("own", pairs);
  }

  /** Returns our own pairs in which one question has an acronym that the other's answer defines. */
  static LabelledData.Pairs acronyms() {
    return new LabelledData.Pairs("acronyms", LabelledFile.pairs(ACRONYMS).pairs());
  }

  /**
   * Returns a sample, the same every time, of the pairs of a file that the verifier was not trained
   * on.
   *
   * @param count how many at most
   */
  static LabelledData.Pairs unseen(String name, int count) {
    List<LabelledPair> pairs =
        new ArrayList<>(
            TestSplit.of(name, LabelledFile.pairs(FOLDER.resolve("pairs/" + name + ".tsv.gz"))));
    Collections.shuffle(pairs, new Random(SEED));
    return new LabelledData.Pairs(name, pairs.subList(0, Math.min(count, pairs.size())));
  }

  /**
   * Returns the first arrivals of a stream. The verifier was not trained on the first 10,000.
   *
   * @param count how many at most
   */
  static LabelledData.Stream stream(String name, int count) {
    LabelledData.Stream all = LabelledFile.stream(FOLDER.resolve("streams/" + name + ".tsv.gz"));
    return new LabelledData.Stream(
        name, all.arrivals().subList(0, Math.min(count, all.arrivals().size())));
  }
}
