package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.embed.Vector;
import dev.reprise.testing.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorCodecTest {
  private static final float NO_BOUND = Float.NEGATIVE_INFINITY;

  /** One that is no power of two, one that is one, one with a word that is not full. */
  private static final int[] DIMENSIONS = {384, 1024, 200};

  @Test
  void aVectorIsNearestToItself() {
    for (int dimension : DIMENSIONS) {
      VectorCodec codec = new VectorCodec(dimension);
      float[] vector = Vectors.random(dimension, new Random(1)).toArray();
      assertThat(estimate(codec, vector, vector)).isCloseTo(1, within(0.05f));
    }
  }

  @Test
  void anEstimateIsOffByLittle() {
    Random random = new Random(2);
    for (int dimension : DIMENSIONS) {
      VectorCodec codec = new VectorCodec(dimension);
      double squares = 0;
      int count = 1_000;
      for (int i = 0; i < count; i++) {
        Vector one = Vectors.random(dimension, random);
        Vector other = Vectors.near(one, random.nextDouble() * 3, random);
        double error =
            estimate(codec, one.toArray(), other.toArray()) - one.similarity(other).cosine();
        squares += error * error;
      }
      // 0.02 for 384 dimensions.
      assertThat(Math.sqrt(squares / count)).isLessThan(0.4 / Math.sqrt(dimension));
    }
  }

  /** Without the rotation, nearly all components of these would be one level off. */
  @Test
  void vectorsWithFewComponentsAreEstimatedAsWell() {
    VectorCodec codec = new VectorCodec(384);
    for (int axis = 0; axis < 384; axis += 37) {
      float[] one = Vectors.axis(384, axis).toArray();
      float[] other = Vectors.axis(384, (axis + 100) % 384).toArray();
      assertThat(estimate(codec, one, one)).isCloseTo(1, within(0.1f));
      assertThat(estimate(codec, one, other)).isCloseTo(0, within(0.15f));
    }
  }

  /** What the signs alone rule out is below the bound, nearly always. */
  @Test
  void aBoundRulesOutWhatIsFarOnly() {
    int dimension = 384;
    VectorCodec codec = new VectorCodec(dimension);
    Random random = new Random(3);
    int far = 0;
    int wrong = 0;
    for (int i = 0; i < 2_000; i++) {
      Vector one = Vectors.random(dimension, random);
      Vector other = Vectors.near(one, random.nextDouble() * 3, random);
      long[] code = new long[codec.length()];
      float factor = codec.encode(other.toArray(), code);
      VectorCodec.Query query = codec.query(one.toArray());
      float estimate = query.estimate(code, 0, factor, NO_BOUND);
      if (query.estimate(code, 0, factor, 0.6f) == NO_BOUND) {
        far++;
        wrong += estimate > 0.6f ? 1 : 0;
      } else {
        assertThat(query.estimate(code, 0, factor, 0.6f)).isEqualTo(estimate);
      }
    }
    assertThat(far).isGreaterThan(500);
    assertThat(wrong).isLessThanOrEqualTo(2);
  }

  @Test
  void twoCodesAreComparedAsTheirVectorsWouldBe() {
    int dimension = 384;
    VectorCodec codec = new VectorCodec(dimension);
    Random random = new Random(4);
    List<Double> errors = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Vector one = Vectors.random(dimension, random);
      Vector other = Vectors.near(one, 0.5 + random.nextDouble() * 3, random);
      long[] code = new long[codec.length()];
      long[] otherCode = new long[codec.length()];
      float factor = codec.encode(one.toArray(), code);
      float otherFactor = codec.encode(other.toArray(), otherCode);
      float estimate = codec.estimate(code, 0, factor, otherCode, 0, otherFactor);
      errors.add(Math.abs(estimate - one.similarity(other).cosine()));
    }
    assertThat(errors.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
        .isLessThan(0.05);
  }

  private static float estimate(VectorCodec codec, float[] one, float[] other) {
    long[] code = new long[codec.length()];
    float factor = codec.encode(other, code);
    return codec.query(one).estimate(code, 0, factor, NO_BOUND);
  }
}
