package dev.reprise.match;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.testing.LabelledData;
import dev.reprise.verify.OnnxVerifier;
import dev.reprise.verify.ReadLookups;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Prints what each guard is worth among near pairs: run it by {@code ./reprise bench guards}. No
 * test of the build.
 */
class GuardTable {
  private static final long SEED = 20261124;
  private static final double NEAR = 0.8;

  private final Embedder embedder = MiniLmEmbedder.load();
  private final Map<String, Vector> vectors = new HashMap<>();

  @Test
  void printReadPairs() throws Exception {
    if (!ReadLookups.areThere()) {
      return;
    }
    Matcher unguarded = VerifiedMatcher.builder(OnnxVerifier.load()).guards(List.of()).build();
    ReadGuardCounts hits = new ReadGuardCounts();
    ReadGuardCounts all = new ReadGuardCounts();
    for (String part : List.of("train", "calibration", "test")) {
      for (ReadLookups.Row row : ReadLookups.all(part)) {
        all.add(row);
        if (unguarded.decide(candidate(row)) instanceof MatchDecision.Accept) {
          hits.add(row);
        }
      }
    }
    System.out.printf(
        "read pairs: %d right, %d wrong; accepted without guards: %d right, %d wrong%n",
        all.right(), all.wrong(), hits.right(), hits.wrong());
    System.out.println(
        "| guard | right hits refused, % | wrong hits stopped, % | right pairs refused, % | wrong"
            + " pairs stopped, % |");
    List<String> guards = new ArrayList<>(Guard.all().stream().map(Guard::label).toList());
    guards.add(ReadGuardCounts.ANY);
    for (String guard : guards) {
      System.out.printf("| %s | %s | %s |%n", guard, hits.cells(guard), all.cells(guard));
    }
  }

  private static MatchCandidate candidate(ReadLookups.Row row) {
    return MatchCandidate.alone(
        Scope.of("table"),
        row.asked(),
        row.cached(),
        Answer.ofText("an answer"),
        new Similarity(row.cosine()));
  }

  @Test
  void print() throws Exception {
    if (!LabelledData.isThere()) {
      return;
    }
    int count = Integer.getInteger("guards.count", 10_000);
    for (String name : List.of("semantoneg", "apt", "stsb", "qqp")) {
      List<LabelledData.Pair> pairs = new ArrayList<>(LabelledData.pairs(name));
      Collections.shuffle(pairs, new Random(SEED));
      print(name, pairs.subList(0, Math.min(count, pairs.size())));
    }
  }

  private void print(String name, List<LabelledData.Pair> pairs) {
    int[] near = new int[2];
    Map<String, int[]> objections = new LinkedHashMap<>();
    for (LabelledData.Pair pair : pairs) {
      if (vector(pair.cached()).similarity(vector(pair.query())).cosine() < NEAR) {
        continue;
      }
      int polarity = pair.isSame() ? 1 : 0;
      near[polarity]++;
      QuestionPair questions = QuestionPair.of(pair.query(), pair.cached());
      boolean isAny = false;
      for (Guard guard : Guard.all()) {
        int[] own = objections.computeIfAbsent(guard.label(), unused -> new int[2]);
        if (guard.objection(questions).isPresent()) {
          own[polarity]++;
          isAny = true;
        }
      }
      objections.computeIfAbsent("all", unused -> new int[2])[polarity] += isAny ? 1 : 0;
    }
    System.out.printf("%s: %d right, %d wrong with cosine %.1f%n", name, near[1], near[0], NEAR);
    objections.forEach(
        (guard, own) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d (%.2f %%) | %d (%.2f %%) |%n",
                name,
                guard,
                own[1],
                100.0 * own[1] / near[1],
                own[0],
                100.0 * own[0] / near[0]));
  }

  /** The vector of a text that is too long to be embedded. */
  private Vector nowhere() {
    float[] components = new float[embedder.dimension()];
    components[0] = 1;
    return Vector.normalized(components);
  }

  private Vector vector(String text) {
    return vectors.computeIfAbsent(
        text,
        unused ->
            embedder.embed(text) instanceof Embedder.Embedding.Embedded embedded
                ? embedded.vector()
                : nowhere());
  }
}
