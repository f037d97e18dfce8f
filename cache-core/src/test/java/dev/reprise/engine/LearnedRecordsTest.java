package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.key.ExactKey;
import dev.reprise.match.Observation;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Tag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of what was learnt come back as they were written. */
class LearnedRecordsTest {
  @Test
  void observations() {
    List<Observation> all = new ArrayList<>();
    for (double confidence : new double[] {-1, 0, 1e-9, 0.1 + 0.2, 0.99999999, 1}) {
      for (boolean wasServed : new boolean[] {true, false}) {
        all.add(new Observation.LookedUp(confidence, wasServed));
        all.add(new Observation.Judged(confidence, wasServed, true));
        all.add(new Observation.Judged(confidence, wasServed, false));
      }
    }
    String record = LearnedRecords.observed("kind", all);
    assertThat(LearnedRecords.observations(record, "kind"))
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(LearnedRecords.observations(record, "another")).isEmpty();
  }

  @Test
  void turns() {
    List<SharedLearning.Turn> turns =
        List.of(
            new SharedLearning.Turn(
                ExactKey.ofHex("0".repeat(64)), ExactKey.ofHex("ab".repeat(32))));
    assertThat(LearnedRecords.turns(LearnedRecords.answered(turns))).isEqualTo(turns);
  }

  @Test
  void promotions() {
    ExactKey one = ExactKey.ofHex("0".repeat(64));
    ExactKey other = ExactKey.ofHex("ab".repeat(32));
    List<PromotionChange> changes =
        List.of(
            new PromotionChange.Asked(one, Tag.of("contributor:a, b \"c\"")),
            new PromotionChange.Withdrawn(one),
            new PromotionChange.Approved(other, ContentHash.of(new byte[] {1})),
            new PromotionChange.Asked(one, Tag.of("contributor:d")));
    assertThat(LearnedRecords.promotions(LearnedRecords.promoted(changes))).isEqualTo(changes);
    assertThat(LearnedRecords.promotions(LearnedRecords.answered(List.of()))).isEmpty();
    assertThatThrownBy(
            () -> LearnedRecords.promotions("{\"format\":1,\"promotions\":[[\"asked\",\"0\"]]}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNoRecordIsRefused() {
    for (String wrong : List.of("", "{", "[]", "{\"format\":2}", "{\"of\":\"kind\"}")) {
      assertThatThrownBy(() -> LearnedRecords.observations(wrong, "kind"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> LearnedRecords.turns(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> LearnedRecords.observations("{\"format\":1,\"of\":\"kind\",\"hit\":[7]}", "kind"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LearnedRecords.turns("{\"format\":1,\"turns\":[[\"0\",\"1\"]]}"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
