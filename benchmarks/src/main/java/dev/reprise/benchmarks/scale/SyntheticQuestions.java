package dev.reprise.benchmarks.scale;

import java.util.SplittableRandom;

/**
 * Vectors that lie as those of questions do: in topics, in each of them a few intents, and around
 * an intent the questions that ask for it. They are made from their number alone, so that a million
 * of them need not be kept. Most of a vector lies in a space of few dimensions, as with real
 * embeddings; a little of it lies in all.
 */
final class SyntheticQuestions {
  private static final int TOPICS = 1_000;
  private static final int INTENTS_OF_A_BLOCK = 2_500;

  /** So many questions in a row share their intents, so that a cluster has as many at any size. */
  private static final int BLOCK = 10_000;

  private static final int LATENT = 64;
  private static final long SEED = 42;
  private static final double TOPIC = 0.55;
  private static final double INTENT = 0.65;
  private static final double QUESTION = 0.45;
  private static final double EVERYWHERE = 0.25;
  private static final double PARAPHRASE = 0.4;

  private final int dimension;

  /** From a latent vector to one of the embedder's dimension: a column for each latent number. */
  private final float[][] projection;

  private final float[][] topics = new float[TOPICS][];

  SyntheticQuestions(int dimension) {
    this.dimension = dimension;
    SplittableRandom random = new SplittableRandom(SEED);
    projection = new float[LATENT][dimension];
    for (int k = 0; k < LATENT; k++) {
      // The first directions matter most, as with the principal components of real embeddings.
      double weight = 1 / Math.sqrt(1 + k / 8.0);
      for (int d = 0; d < dimension; d++) {
        projection[k][d] = (float) (weight * random.nextGaussian());
      }
    }
    for (int t = 0; t < TOPICS; t++) {
      topics[t] = latent(random);
    }
  }

  /** Returns the vector of question {@code number}, of length 1. */
  float[] question(long number) {
    SplittableRandom own = random(number, 1);
    long intent = number / BLOCK * INTENTS_OF_A_BLOCK + own.nextInt(INTENTS_OF_A_BLOCK);
    SplittableRandom ofIntent = random(intent, 2);
    float[] topic = topics[ofIntent.nextInt(TOPICS)];
    float[] between = latent(ofIntent);
    float[] around = latent(own);
    float[] sum = new float[LATENT];
    for (int k = 0; k < LATENT; k++) {
      sum[k] = (float) (TOPIC * topic[k] + INTENT * between[k] + QUESTION * around[k]);
    }
    float[] vector = unit(projected(sum));
    return unit(mixed(vector, EVERYWHERE, own));
  }

  /** Returns the vector of question {@code number} in other words; its cosine is about 0.93. */
  float[] paraphrase(long number) {
    return unit(mixed(question(number), PARAPHRASE, random(number, 3)));
  }

  private static float[] latent(SplittableRandom random) {
    float[] numbers = new float[LATENT];
    for (int k = 0; k < LATENT; k++) {
      numbers[k] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private float[] projected(float[] numbers) {
    float[] vector = new float[dimension];
    for (int k = 0; k < LATENT; k++) {
      float[] column = projection[k];
      float factor = numbers[k];
      for (int d = 0; d < dimension; d++) {
        vector[d] += factor * column[d];
      }
    }
    return vector;
  }

  /** Adds something of length {@code share} that points anywhere. */
  private float[] mixed(float[] vector, double share, SplittableRandom random) {
    float scale = (float) (share / Math.sqrt(dimension));
    for (int d = 0; d < dimension; d++) {
      vector[d] += scale * (float) random.nextGaussian();
    }
    return vector;
  }

  private static float[] unit(float[] vector) {
    double sum = 0;
    for (float component : vector) {
      sum += (double) component * component;
    }
    float scale = (float) (1 / Math.sqrt(sum));
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
    return vector;
  }

  private static SplittableRandom random(long number, int purpose) {
    return new SplittableRandom(SEED * 31 + number * 4 + purpose);
  }
}
