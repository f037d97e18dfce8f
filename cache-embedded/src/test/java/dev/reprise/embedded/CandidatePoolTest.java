package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CandidatePoolTest {
  private final CandidatePool pool = new CandidatePool();

  @Test
  void theBestComeFirst() {
    pool.reset(4);
    float[] scores = {-0.5f, 0.25f, -1, 1, 0, 0.75f};
    for (int slot = 0; slot < scores.length; slot++) {
      pool.offer(slot, scores[slot]);
    }
    assertThat(pool.size()).isEqualTo(4);
    assertThat(List.of(pool.slot(0), pool.slot(1), pool.slot(2), pool.slot(3)))
        .containsExactly(3, 5, 1, 4);
    assertThat(pool.score(1)).isEqualTo(0.75f);
    assertThat(pool.bound()).isZero();
  }

  @Test
  void negativeScoresAreKeptAsTheyAre() {
    pool.reset(3);
    pool.offer(1, -0.25f);
    pool.offer(2, -0.75f);
    assertThat(pool.slot(0)).isEqualTo(1);
    assertThat(pool.score(0)).isEqualTo(-0.25f);
    assertThat(pool.score(1)).isEqualTo(-0.75f);
  }

  @Test
  void aBetterSlotIsVisitedNextAndNoneTwice() {
    pool.reset(3);
    pool.offer(1, 0.5f);
    pool.visit(pool.next(), true);
    pool.offer(2, 0.9f);
    pool.offer(3, 0.1f);
    assertThat(pool.slot(pool.next())).isEqualTo(2);
    pool.visit(pool.next(), true);
    assertThat(pool.slot(pool.next())).isEqualTo(3);
    pool.visit(pool.next(), true);
    assertThat(pool.next()).isEqualTo(-1);
  }

  /** However many of the best are not served, as many as the limit are found that are. */
  @Test
  void whatIsNotServedTakesNoPlace() {
    int limit = 10;
    int expired = 300;
    pool.reset(limit);
    for (int slot = 0; slot < 400; slot++) {
      // Offered as a walk does it: while it goes on.
      pool.offer(slot, 1 - slot / 1000f);
      int place = pool.next();
      if (place >= 0) {
        pool.visit(place, pool.slot(place) >= expired);
      }
    }
    List<Integer> served = new ArrayList<>();
    for (int place = 0; place < pool.size(); place++) {
      if (pool.isServed(place)) {
        served.add(pool.slot(place));
      }
    }
    assertThat(served).hasSize(limit).startsWith(expired, expired + 1);
  }

  @Test
  void slotsAreTakenOnce() {
    SlotSet set = new SlotSet();
    TreeSet<Integer> expected = new TreeSet<>(Comparator.naturalOrder());
    Random random = new Random(5);
    for (int round = 0; round < 2; round++) {
      set.clear();
      expected.clear();
      for (int i = 0; i < 20_000; i++) {
        int slot = random.nextInt(10_000);
        assertThat(set.add(slot)).isEqualTo(expected.add(slot));
      }
    }
  }
}
