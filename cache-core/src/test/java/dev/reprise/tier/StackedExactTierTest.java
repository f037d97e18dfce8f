package dev.reprise.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.Fault;
import dev.reprise.testing.FaultyExactTier;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.testing.MapExactTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StackedExactTierTest {
  private static final Duration STAY = Duration.ofMinutes(1);

  private final FakeClock clock = new FakeClock();
  private final CaffeineExactTier near = CaffeineExactTier.builder().clock(clock).build();
  private final MapExactTier entries = new MapExactTier("far", clock);
  private final FaultyExactTier far = new FaultyExactTier(entries, DeadlineOwner.ENGINE);
  private final ExactTier stacked = ExactTier.stacked(near, far);

  @Test
  void defaults() {
    assertThat(ExactTier.DEFAULT_MAXIMUM_NEAR_STAY).isEqualTo(Duration.ofMinutes(1));
    assertThat(stacked.name()).isEqualTo("memory+far");
    assertThat(stacked.deadlineOwner()).isEqualTo(DeadlineOwner.ENGINE);
    assertThat(ExactTier.stacked(near, near).deadlineOwner()).isEqualTo(DeadlineOwner.TIER);
  }

  @Test
  void refusesAStayOfNothing() {
    assertThatThrownBy(() -> ExactTier.stacked(near, far, Duration.ZERO))
        .hasMessage("maximumNearStay is PT0S, but must be longer than zero");
  }

  @Test
  void aFarHitFillsNearWithTheSameExpiry() {
    Entry entry = Entries.builder("a", clock.now()).life(Duration.ofSeconds(40)).build();
    clock.advance(Duration.ofSeconds(30));
    far.store(entry);

    assertThat(stacked.fetch(entry.key())).contains(new ExactTier.Fetched(entry, "far"));
    assertThat(stacked.fetch(entry.key())).contains(new ExactTier.Fetched(entry, "memory"));
    assertThat(near.fetch(entry.key()).orElseThrow().entry().expiresAt())
        .isEqualTo(entry.expiresAt());

    clock.advance(Duration.ofSeconds(10));
    assertThat(near.fetch(entry.key())).isEmpty();
  }

  @Test
  void whatAnotherProcessInvalidatedIsServedForTheMaximumStayAtMost() {
    Entry entry = Entries.builder("a", clock.now()).tags(Tag.of("t")).build();
    stacked.store(entry);
    far.invalidate(Tag.of("t"));

    clock.advance(STAY.minusMillis(1));
    assertThat(stacked.fetch(entry.key())).contains(new ExactTier.Fetched(entry, "memory"));
    clock.advance(Duration.ofMillis(1));
    assertThat(stacked.fetch(entry.key())).isEmpty();
  }

  @Test
  void anEntryThatIsStillFarComesBackAfterItsStay() {
    Entry entry = Entries.entry("a", clock.now());
    stacked.store(entry);
    clock.advance(STAY);

    assertThat(stacked.fetch(entry.key())).contains(new ExactTier.Fetched(entry, "far"));
    assertThat(stacked.fetch(entry.key())).contains(new ExactTier.Fetched(entry, "memory"));
  }

  @Test
  void storesFarBeforeNearAndRemovesFromBoth() {
    Entry a = Entries.builder("a", clock.now()).tags(Tag.of("t")).build();
    Entry b = Entries.builder("b", clock.now()).tags(Tag.of("t")).build();
    stacked.store(a);
    stacked.store(b);
    assertThat(entries.entries()).containsValues(a, b);

    assertThat(stacked.remove(a.key())).isTrue();
    assertThat(stacked.remove(a.key())).isFalse();
    assertThat(stacked.invalidate(Tag.of("t"))).isEqualTo(1);
    assertThat(near.fetch(a.key())).isEmpty();
    assertThat(near.fetch(b.key())).isEmpty();
    assertThat(entries.entries()).isEmpty();
  }

  @Test
  void aFailingFarTierDoesNotLoseNear() {
    Entry before = Entries.builder("a", clock.now()).tags(Tag.of("t")).build();
    stacked.store(before);
    far.fault(Fault.THROWS);

    assertThat(stacked.fetch(before.key())).contains(new ExactTier.Fetched(before, "memory"));

    Entry during = Entries.builder("b", clock.now()).tags(Tag.of("t")).build();
    assertThatThrownBy(() -> stacked.store(during)).isInstanceOf(TierException.class);
    assertThat(stacked.fetch(during.key())).contains(new ExactTier.Fetched(during, "memory"));

    assertThatThrownBy(() -> stacked.remove(before.key())).isInstanceOf(TierException.class);
    assertThat(near.fetch(before.key())).isEmpty();
    assertThatThrownBy(() -> stacked.invalidate(Tag.of("t"))).isInstanceOf(TierException.class);
    assertThat(near.fetch(during.key())).isEmpty();
    assertThatThrownBy(() -> stacked.fetch(during.key())).isInstanceOf(TierException.class);
  }

  @Test
  void aFetchUnderWayDoesNotPutBackWhatIsRemovedMeanwhile() {
    Entry entry = Entries.builder("a", clock.now()).tags(Tag.of("t")).build();
    far.store(entry);
    AtomicReference<ExactTier> stackedOverIt = new AtomicReference<>();
    ExactTier invalidating =
        new ForwardingExactTier(far) {
          @Override
          public Optional<Fetched> fetch(ExactKey key) {
            Optional<Fetched> found = super.fetch(key);
            stackedOverIt.get().invalidate(Tag.of("t"));
            return found;
          }
        };
    stackedOverIt.set(ExactTier.stacked(near, invalidating));

    assertThat(stackedOverIt.get().fetch(entry.key())).isPresent();

    assertThat(near.fetch(entry.key())).isEmpty();
  }

  @Test
  void aFailingNearTierDoesNotLoseAFarHit() {
    Entry entry = Entries.entry("a", clock.now());
    far.store(entry);
    ExactTier halfBroken = ExactTier.stacked(new NearThatCannotStore(near), far);

    assertThat(halfBroken.fetch(entry.key())).contains(new ExactTier.Fetched(entry, "far"));
  }

  @Test
  void aScanShowsWhatFarHolds() {
    Entry kept = Entries.entry("a", clock.now());
    Entry goneFar = Entries.entry("b", clock.now());
    stacked.store(kept);
    stacked.store(goneFar);
    far.remove(goneFar.key());

    List<Entry> shown = new ArrayList<>();
    assertThat(stacked.scan(shown::add)).isEqualTo(Scan.COMPLETE);
    assertThat(shown).containsExactly(kept);

    far.fault(Fault.THROWS);
    assertThatThrownBy(() -> stacked.scan(shown::add)).isInstanceOf(TierException.class);
  }

  @Test
  void closesBoth() {
    stacked.close();

    assertThat(entries.closings()).isEqualTo(1);
  }

  /** Lets everything through but what is to be stored. */
  private static final class NearThatCannotStore extends ForwardingExactTier implements NearTier {
    NearThatCannotStore(NearTier tier) {
      super(tier);
    }

    @Override
    public void store(Entry entry) {
      throw new TierException(name(), "is full");
    }

    @Override
    public void store(Entry entry, Duration maximumStay) {
      throw new TierException(name(), "is full");
    }
  }
}
