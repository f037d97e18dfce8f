package dev.reprise.benchmarks.scale;

import dev.reprise.embed.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A search.
 *
 * @param vector what is searched
 * @param scope whose rows are searched
 * @param isParaphrase whether a stored question asks the same in other words; a new one otherwise
 */
record Query(Vector vector, int scope, boolean isParaphrase) {

  /** New questions have numbers that no stored one has. */
  private static final long NEW = 1L << 40;

  /** Returns {@code count} queries of {@code rows} stored questions, every other one a new one. */
  static List<Query> some(SyntheticQuestions questions, int count, int rows, int scopes) {
    SplittableRandom random = new SplittableRandom(rows * 31L + scopes);
    List<Query> queries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int number = random.nextInt(rows);
      boolean isParaphrase = i % 2 == 0;
      // The same blocks of intents as the stored ones: near some, equal to none.
      float[] vector =
          isParaphrase ? questions.paraphrase(number) : questions.paraphrase(NEW + number);
      queries.add(new Query(Vector.normalized(vector), number % scopes, isParaphrase));
    }
    return queries;
  }
}
