package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.Fault;
import dev.reprise.testing.FaultyExactTier;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.FetchResult;
import dev.reprise.tier.StoreResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** "There is none" and "it was stored" are said only where every tier answered. */
class SilentTiersTest {
  private static final ExactKey ABSENT = Entries.key("absent");

  private final FakeClock clock = new FakeClock();
  private final FaultyExactTier near = faulty();
  private final FaultyExactTier far = faulty();
  private final ExactTier stacked =
      ExactTier.stacked(
          new GuardedNearTier(near, guard(), Duration.ofSeconds(20), clock),
          new GuardedExactTier(
              far,
              guard(),
              Duration.ofSeconds(20),
              clock,
              new PendingRemovals(null, clock.instant(), event -> {})));
  private final Entry entry = Entries.entry("a", clock.instant());

  private enum Broken {
    NEAR,
    FAR
  }

  private FaultyExactTier faulty() {
    return new FaultyExactTier(
        CaffeineExactTier.builder().clock(clock).build(), DeadlineOwner.TIER);
  }

  static TierGuard guard() {
    return new TierGuard(
        "tier",
        DeadlineOwner.TIER,
        Duration.ofSeconds(20),
        Runnable::run,
        System::nanoTime,
        event -> {});
  }

  private void breakOne(Broken broken) {
    (broken == Broken.NEAR ? near : far).fault(Fault.THROWS);
  }

  @Test
  void tiersThatAnswerSaySo() {
    assertThat(stacked.tryFetch(ABSENT)).isEqualTo(new FetchResult.Absent());
    assertThat(stacked.tryStore(entry)).isEqualTo(StoreResult.STORED);
    assertThat(stacked.tryStore(entry, stacked.begin())).isEqualTo(StoreResult.STORED);
    assertThat(stacked.tryFetch(entry.key())).isInstanceOf(FetchResult.Found.class);
  }

  @ParameterizedTest
  @EnumSource(Broken.class)
  void whatOneTierDoesNotKnowIsNotAbsent(Broken broken) {
    breakOne(broken);
    assertThat(stacked.tryFetch(ABSENT)).isEqualTo(new FetchResult.Unavailable());
    assertThat(stacked.fetch(ABSENT)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Broken.class)
  void whatOneTierHasIsFound(Broken broken) {
    stacked.store(entry);
    breakOne(broken);
    assertThat(stacked.tryFetch(entry.key()).asOptional().orElseThrow().entry()).isEqualTo(entry);
  }

  @ParameterizedTest
  @EnumSource(Broken.class)
  void whatOneTierDoesNotTakeIsNotStored(Broken broken) {
    breakOne(broken);
    assertThat(stacked.tryStore(entry)).isEqualTo(StoreResult.UNAVAILABLE);
    assertThat(stacked.tryStore(entry, stacked.begin())).isEqualTo(StoreResult.UNAVAILABLE);
    assertThat(stacked.store(entry, stacked.begin())).isTrue();
  }

  @Test
  void aRemovalThatATierDoesNotTakeIsPending() {
    try (CacheEngine engine = CacheEngine.builder().clock(clock).exactTiers(near, far).build()) {
      assertThat(engine.removeEntry(entry.key())).isEqualTo(new Removal.Done(0));
      assertThat(engine.removeAll(Tag.of("t"))).isEqualTo(new Removal.Done(0));
      far.fault(Fault.THROWS);
      clock.advance(Duration.ofSeconds(1));
      assertThat(engine.removeEntry(entry.key())).isInstanceOf(Removal.Pending.class);
      assertThat(engine.removeAll(Tag.of("t"))).isInstanceOf(Removal.Pending.class);
      far.fault(Fault.NONE);
      clock.advance(Duration.ofSeconds(1));
      assertThat(engine.removeEntry(Entries.key("b"))).isEqualTo(new Removal.Done(0));
      assertThat(engine.removeAll(Tag.of("u"))).isEqualTo(new Removal.Done(0));
    }
  }
}
