package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.embed.Embedder;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.Fault;
import dev.reprise.testing.FaultyExactTier;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.MapExactTier;
import dev.reprise.testing.WordingMatcher;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.Scan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an engine holds can be walked through, written down and restored. */
@Timeout(60)
class EntriesTest {
  private static final CacheRequest REQUEST = EngineFixture.request(EngineFixture.NEAR);
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);

  @Test
  void everyEntryIsShownWhoeverOwnsTheDeadline() {
    for (DeadlineOwner owner : DeadlineOwner.values()) {
      try (EngineFixture fixture = new EngineFixture(owner, owner, UnaryOperator.identity())) {
        Entry entry = fixture.put(REQUEST, "Paris");
        List<Entry> shown = new ArrayList<>();

        assertThat(fixture.engine.entries(shown::add)).isEqualTo(Scan.COMPLETE);
        assertThat(shown).containsExactly(entry);
        assertThat(fixture.engine.entries(any -> false)).isEqualTo(Scan.STOPPED);
        assertThatThrownBy(
                () ->
                    fixture.engine.entries(
                        any -> {
                          throw new IllegalStateException("no room");
                        }))
            .hasMessage("no room");
        assertThat(fixture.engine.stats().troubleByPart()).isEmpty();
      }
    }
  }

  @Test
  void whoIsShownEntriesLearnsThatTheyAreNotAll() {
    for (Fault fault : List.of(Fault.THROWS, Fault.DIES)) {
      try (EngineFixture fixture = new EngineFixture()) {
        fixture.put(REQUEST, "Paris");
        fixture.exact.fault(fault);

        assertThat(fixture.engine.entries(any -> true)).isEqualTo(Scan.BROKEN_OFF);
        assertThat(fixture.engine.stats().troubleByPart()).containsEntry("map", 1L);
      }
    }
  }

  @Test
  void aWalkMayTakeLongButNotWithoutProgress() throws Exception {
    SlowWalk slow = new SlowWalk();
    try (CacheEngine engine =
        CacheEngine.builder().exactTier(slow).writeDeadline(Duration.ofSeconds(1)).build()) {
      List<Entry> shown = new ArrayList<>();
      assertThat(engine.entries(shown::add)).isEqualTo(Scan.BROKEN_OFF);
      slow.goOn.countDown();
      assertThat(slow.over.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(shown).hasSize(SlowWalk.STEPS);
      assertThat(engine.stats().troubleByPart()).containsEntry("slow", 1L);
    }
  }

  @Test
  void whatShouldHaveBeenRemovedIsNotShown() {
    try (EngineFixture fixture = new EngineFixture()) {
      Entry entry = fixture.put(REQUEST, "Paris");
      fixture.exact.fault(Fault.THROWS);
      fixture.engine.remove(entry.key());
      fixture.exact.fault(Fault.NONE);
      List<Entry> shown = new ArrayList<>();

      assertThat(fixture.engine.entries(shown::add)).isEqualTo(Scan.COMPLETE);
      assertThat(shown).isEmpty();
    }
  }

  @Test
  void aRestoredEntryIsFoundInItsOwnWordsAndByMeaning() throws Exception {
    Entry entry;
    try (EngineFixture before = new EngineFixture()) {
      entry = before.entry(REQUEST, "Paris");
    }
    try (EngineFixture after = new EngineFixture()) {
      assertThat(after.engine.restore(entry)).isTrue();
      assertThat(after.engine.drain(Duration.ofSeconds(10))).isTrue();

      assertThat(after.engine.getOrCompute(REQUEST, () -> Answer.ofText("asked")))
          .isInstanceOf(Outcome.ExactHit.class);
      assertThat(after.engine.getOrCompute(ASKED, () -> Answer.ofText("asked")))
          .isInstanceOf(Outcome.SemanticHit.class);
      assertThat(after.engine.stats().stored()).as("fresh answers").isZero();
    }
  }

  @Test
  void whatIsExpiredOrNotTakenIsNotRestored() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      Entry entry = fixture.entry(REQUEST, "Paris");
      fixture.exact.fault(Fault.THROWS);
      assertThat(fixture.engine.restore(entry)).isFalse();
      fixture.exact.fault(Fault.NONE);
      fixture.clock.advance(Duration.ofHours(24));
      assertThat(fixture.engine.restore(entry)).isFalse();
      assertThat(fixture.engine.entries(any -> true)).isEqualTo(Scan.COMPLETE);
      assertThat(fixture.map.entries()).isEmpty();
    }
  }

  @Test
  void whatIsRestoredTeachesTheMatcherInTheScopeThatItsTagNames() throws Exception {
    List<String> learnt = new ArrayList<>();
    Matcher matcher =
        new WordingMatcher() {
          @Override
          public MatchDecision decide(MatchCandidate candidate) {
            return Matcher.threshold(1).decide(candidate);
          }

          @Override
          public synchronized void stored(Scope scope, String question, Answer answer) {
            learnt.add(scope.name() + ": " + answer.text());
          }
        };
    try (EngineFixture fixture = new EngineFixture(builder -> builder.matcher(matcher))) {
      Entry plain = fixture.entry(REQUEST, "Paris");
      Entry tagged =
          new Entry(
              plain.key(),
              plain.question(),
              plain.answer(),
              plain.upstreamTime(),
              plain.model(),
              plain.storedAt(),
              plain.expiresAt(),
              Set.of(Tag.of("geography"), Tag.scope(EngineFixture.SCOPE)));

      fixture.engine.restore(plain);
      fixture.engine.restore(tagged);
      assertThat(fixture.engine.drain(Duration.ofSeconds(10))).isTrue();

      assertThat(learnt).containsExactly("tenant-a: Paris");
      assertThat(fixture.engine.invalidate(Tag.scope(EngineFixture.SCOPE))).isEqualTo(1);
    }
  }

  @Test
  void aQueueThatIsFullIsWaitedFor() throws Exception {
    CountDownLatch embedding = new CountDownLatch(1);
    try (EngineFixture fixture =
        new EngineFixture(
            builder ->
                builder
                    .writeQueueCapacity(1)
                    .semanticTier(
                        new FlatSemanticTier(HashEmbedder.DIMENSION, new FakeClock()),
                        waiting(embedding)))) {
      Thread restoring = Thread.currentThread();
      Thread later =
          new Thread(
              () -> {
                Eventually.that(
                    "the queue is full and waited for",
                    () ->
                        restoring.getState() == Thread.State.WAITING
                            || restoring.getState() == Thread.State.TIMED_WAITING);
                embedding.countDown();
              });
      later.start();
      for (int i = 0; i < 20; i++) {
        fixture.engine.restore(fixture.entry(EngineFixture.request("Question " + i), "answer"));
      }
      assertThat(fixture.engine.drain(Duration.ofSeconds(10))).isTrue();
      assertThat(fixture.engine.stats().writesDropped()).isZero();
      later.join();
    }
  }

  private static Embedder waiting(CountDownLatch latch) {
    Embedder embedder = new HashEmbedder();
    return new Embedder() {
      @Override
      public String id() {
        return embedder.id();
      }

      @Override
      public int dimension() {
        return embedder.dimension();
      }

      @Override
      public Embedding embed(String text) {
        try {
          latch.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return embedder.embed(text);
      }
    };
  }

  /** Shows an entry every 300 ms, and then nothing more. */
  private static final class SlowWalk extends ForwardingExactTier {
    static final int STEPS = 4;

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final EngineFixture entries = new EngineFixture();

    SlowWalk() {
      super(
          new FaultyExactTier(
              new MapExactTier("slow", InstantSource.system()), DeadlineOwner.ENGINE));
    }

    @Override
    public Scan scan(Predicate<Entry> visitor) {
      try {
        for (int i = 0; i < STEPS; i++) {
          Thread.sleep(300);
          if (!visitor.test(entries.entry(EngineFixture.request("Question " + i), "answer"))) {
            return Scan.STOPPED;
          }
        }
        awaitWhateverIsSaid(goOn);
        return visitor.test(entries.entry(REQUEST, "too late")) ? Scan.COMPLETE : Scan.STOPPED;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        over.countDown();
      }
    }

    /** Waits as a tier does that does not hear when it is interrupted. */
    private static void awaitWhateverIsSaid(CountDownLatch latch) {
      boolean isOver = false;
      while (!isOver) {
        try {
          latch.await();
          isOver = true;
        } catch (InterruptedException e) {
          // It does not hear it.
        }
      }
    }

    @Override
    public void close() {}
  }
}
