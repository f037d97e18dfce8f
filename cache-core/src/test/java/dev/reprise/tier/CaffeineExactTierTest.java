package dev.reprise.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.ExactTierContract;
import dev.reprise.testing.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CaffeineExactTierTest extends ExactTierContract {
  @Override
  protected ExactTier createTier(FakeClock clock) {
    return CaffeineExactTier.builder().clock(clock).build();
  }

  private CaffeineExactTier memory() {
    return (CaffeineExactTier) tier;
  }

  @Test
  void defaults() {
    assertThat(CaffeineExactTier.DEFAULT_MAXIMUM_BYTES).isEqualTo(67_108_864);
    assertThat(CaffeineExactTier.SMALLEST_MAXIMUM_BYTES).isEqualTo(65_536);
    assertThat(tier.name()).isEqualTo("memory");
    assertThat(tier.deadlineOwner()).isEqualTo(DeadlineOwner.TIER);
  }

  @Test
  void refusesABoundThatHoldsNothing() {
    assertThatThrownBy(() -> CaffeineExactTier.builder().maximumBytes(100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximumBytes is 100, but must be from 65536 to " + Long.MAX_VALUE);
  }

  @Test
  void staysWithinItsBytesAndForgetsTheTagsOfWhatItDrops() {
    CaffeineExactTier small = CaffeineExactTier.builder().maximumBytes(1_000_000).build();
    for (int i = 0; i < 1_000; i++) {
      small.store(
          Entries.builder("e" + i, java.time.Instant.now())
              .text("x".repeat(10_000))
              .tags(Tag.of("tag" + i), Tag.of("all"))
              .build());
    }
    small.cleanUp();

    // 10,000 bytes of text and about 1,000 for the rest of each.
    assertThat(small.size()).isBetween(80L, 100L);
    assertThat(small.indexSize()).isEqualTo((int) (2 * small.size()));
    assertThat(small.invalidate(Tag.of("all"))).isBetween(80L, 100L);
    assertThat(small.indexSize()).isZero();
    small.close();
  }

  @Test
  void countsBytesAndNotCharacters() {
    int latin = HeapBytes.of(Entries.builder("a", now()).text("é".repeat(10_000)).build());
    int wide = HeapBytes.of(Entries.builder("a", now()).text("東".repeat(10_000)).build());

    assertThat(wide - latin).isEqualTo(10_000);
    assertThat(latin).isBetween(10_000, 11_500);
  }

  @Test
  void theIndexForgetsWhatExpiresIsReplacedAndIsRemoved() {
    for (int i = 0; i < 100; i++) {
      Tag tag = Tag.of("tag" + i);
      store(Entries.builder("expiring" + i, now()).life(Duration.ofMinutes(1)).tags(tag).build());
      store(Entries.builder("replaced", now()).tags(tag).build());
      store(Entries.builder("removed", now()).tags(tag).build());
      tier.remove(Entries.key("removed"));
    }
    assertThat(memory().indexSize()).isEqualTo(101);

    clock.advance(Duration.ofMinutes(2));
    memory().cleanUp();

    assertThat(memory().indexSize()).isEqualTo(1);
    assertThat(memory().size()).isEqualTo(1);
  }

  @Test
  void aStayShorterThanItsLifeDropsAnEntryThatKeepsItsExpiry() {
    Entry entry = Entries.builder("a", now()).life(Duration.ofHours(1)).build();
    memory().store(entry, Duration.ofMinutes(1));

    clock.advance(Duration.ofMinutes(1).minusMillis(1));
    assertThat(fetch("a")).contains(entry);
    clock.advance(Duration.ofMillis(1));
    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void aStayLongerThanItsLifeDoesNotLengthenIt() {
    memory()
        .store(Entries.builder("a", now()).life(Duration.ofMinutes(1)).build(), Duration.ofDays(9));

    clock.advance(Duration.ofMinutes(1));
    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void closingLosesEverything() {
    store(Entries.builder("a", now()).tags(Tag.of("t")).build());
    tier.close();

    assertThat(fetch("a")).isEmpty();
    assertThat(memory().indexSize()).isZero();
  }
}
