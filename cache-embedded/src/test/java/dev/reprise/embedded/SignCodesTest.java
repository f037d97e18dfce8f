package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.embed.Vector;
import dev.reprise.testing.Vectors;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignCodesTest {
  @Test
  void oneBitForEachPositiveComponent() {
    assertThat(SignCodes.of(new float[] {1, -1, 0, 0.5f})).containsExactly(0b1001L);
    float[] last = new float[65];
    last[64] = 1;
    assertThat(SignCodes.of(last)).containsExactly(0L, 1L);
  }

  @Test
  void differencesAreCountedForEachNodeWhereverItLies() {
    SignCodes codes = new SignCodes(100);
    Random random = new Random(1);
    int[] nodes = {0, 1, 1023, 1024, 5000, 2048};
    float[][] vectors = new float[nodes.length][];
    for (int i = 0; i < nodes.length; i++) {
      vectors[i] = Vectors.random(100, random).toArray();
      codes.put(nodes[i], SignCodes.of(vectors[i]));
    }
    float[] query = Vectors.random(100, random).toArray();
    for (int i = 0; i < nodes.length; i++) {
      int expected = 0;
      for (int component = 0; component < 100; component++) {
        if (query[component] > 0 != vectors[i][component] > 0) {
          expected++;
        }
      }
      assertThat(codes.differences(nodes[i], SignCodes.of(query))).isEqualTo(expected);
    }
  }

  @Test
  void aCodeIsReplaced() {
    SignCodes codes = new SignCodes(64);
    codes.put(3, new long[] {-1});
    codes.put(3, new long[] {0});
    assertThat(codes.differences(3, new long[] {0})).isZero();
  }

  @Test
  void theShareOfDifferentSignsIsTheAngleInHalfTurns() {
    Random random = new Random(2);
    int dimension = 8192;
    for (double spread : new double[] {0.3, 1, 3}) {
      Vector one = Vectors.random(dimension, random);
      Vector other = Vectors.near(one, spread, random);
      SignCodes codes = new SignCodes(dimension);
      codes.put(0, SignCodes.of(one.toArray()));
      double share = codes.differences(0, SignCodes.of(other.toArray())) / (double) dimension;
      assertThat(share)
          .isCloseTo(Math.acos(one.similarity(other).cosine()) / Math.PI, within(0.02));
    }
  }
}
