package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;
import dev.reprise.policy.Admission;
import dev.reprise.testing.EventLog;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.Fault;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.testing.MapExactTier;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InvalidationRaceTest {
  private static final Tag TAG = Tag.of("prices");
  private static final CacheRequest REQUEST =
      EngineFixture.requestBuilder("What does it cost to send a parcel?")
          .control(CacheControl.DEFAULT.with(TAG))
          .document(new Document("tariff", "1"))
          .build();

  @Test
  void anAnswerMadeWhileItsTagIsInvalidatedIsNotStored() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      for (Tag tag : Set.of(TAG, Tag.document("tariff"))) {
        Outcome.Computed computed =
            (Outcome.Computed)
                fixture.engine.getOrCompute(
                    REQUEST,
                    () -> {
                      fixture.engine.invalidate(tag);
                      return Answer.ofText("stale");
                    });
        assertThat(computed.answer().text()).isEqualTo("stale");
        assertInvalidated(computed.admission());
        assertThat(fixture.map.entries()).isEmpty();
      }
      fixture.drain();
      assertThat(fixture.hasRow(REQUEST)).isFalse();
      fixture.audit(2);
    }
  }

  @Test
  void aStreamMadeWhileItsTagIsInvalidatedIsNotStored() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
      RecordingSubscriber subscriber = new RecordingSubscriber();
      fixture.engine.stream(REQUEST, upstream, subscriber);
      upstream.give("stale");
      fixture.engine.invalidate(TAG);
      upstream.complete();
      assertInvalidated(((Outcome.Computed) subscriber.awaitEnd()).admission());
      assertThat(fixture.map.entries()).isEmpty();
      fixture.audit(1);
    }
  }

  @Test
  void anInvalidationBetweenThePolicyAndTheTierIsNotLost() throws Exception {
    FakeClock clock = new FakeClock();
    EventLog log = new EventLog();
    MapExactTier map = new MapExactTier(clock);
    CacheEngine[] engine = new CacheEngine[1];
    // The invalidation finds nothing in the tier, since the answer is just on its way there.
    ExactTier slow =
        new ForwardingExactTier(map) {
          @Override
          public void store(Entry entry) {
            engine[0].invalidate(TAG);
            super.store(entry);
          }
        };
    engine[0] = CacheEngine.builder().exactTier(slow).clock(clock).listener(log).build();
    try (CacheEngine closed = engine[0]) {
      Outcome.Computed computed =
          (Outcome.Computed) closed.getOrCompute(REQUEST, ScriptedUpstream.answering("stale"));
      assertInvalidated(computed.admission());
      assertThat(map.entries()).isEmpty();
      log.audit(closed.stats(), 1);
    }
  }

  @Test
  void anAnswerMadeAfterTheInvalidationIsStored() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("old"));
      assertThat(fixture.engine.invalidateDocument("tariff")).isEqualTo(1);
      assertThat(fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("new")))
          .isInstanceOf(Outcome.Computed.class);
      assertThat(fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("newer")))
          .isInstanceOf(Outcome.ExactHit.class);
      assertThat(fixture.log.of(CacheEvent.Invalidated.class))
          .containsExactly(new CacheEvent.Invalidated(Tag.document("tariff"), 1));
      fixture.audit(3);
    }
  }

  @Test
  void anotherTagsInvalidationDoesNotMatter() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.engine.getOrCompute(
          REQUEST,
          () -> {
            fixture.engine.invalidate(Tag.of("another"));
            return Answer.ofText("fresh");
          });
      assertThat(fixture.map.entries()).hasSize(1);
    }
  }

  @Test
  void whatATierMissedWhileItWasDownIsNotServedAndIsMadeUpFor() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("old"));
      CacheRequest other = EngineFixture.request("What may a parcel weigh?");
      fixture.engine.getOrCompute(other, ScriptedUpstream.answering("underway"));
      fixture.clock.advance(Duration.ofSeconds(1));
      fixture.exact.fault(Fault.THROWS);
      assertThat(fixture.engine.invalidate(TAG)).isZero();
      assertThat(fixture.engine.remove(EngineFixture.key(other))).isFalse();
      fixture.exact.fault(Fault.NONE);
      fixture.clock.advance(Duration.ofSeconds(1));

      assertThat(fixture.map.entries()).hasSize(2);
      CacheRequest onlyIfCached =
          REQUEST.withControl(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED));
      ScriptedUpstream never = ScriptedUpstream.answering("never asked");
      assertThat(fixture.engine.getOrCompute(onlyIfCached, never))
          .isInstanceOf(Outcome.Unsatisfied.class);
      assertThat(fixture.engine.getOrCompute(other.withControl(onlyIfCached.control()), never))
          .isInstanceOf(Outcome.Unsatisfied.class);

      fixture.engine.parts().tiers().probe();
      assertThat(fixture.map.entries()).isEmpty();
      fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("new"));
      assertThat(fixture.engine.getOrCompute(onlyIfCached, never))
          .isInstanceOf(Outcome.ExactHit.class);
      fixture.audit(6);
    }
  }

  @Test
  void aTagThatTheLogForgotCountsAsInvalidated() {
    InvalidationLog log = new InvalidationLog();
    long before = log.now();
    log.invalidate(TAG);
    assertThat(log.anySince(before, Set.of(TAG))).isTrue();
    assertThat(log.anySince(before, Set.of(Tag.of("untouched")))).isFalse();
    assertThat(log.anySince(log.now(), Set.of(TAG))).isFalse();
    for (int i = 0; i < InvalidationLog.REMEMBERED_TAGS; i++) {
      log.invalidate(Tag.of("tag " + i));
    }
    assertThat(log.anySince(before, Set.of(TAG))).isTrue();
    assertThat(log.anySince(before, Set.of())).isFalse();
    assertThat(log.anySince(log.now(), Set.of(TAG))).isFalse();
  }

  private static void assertInvalidated(Admission admission) {
    assertThat(((Admission.Skip) admission).reason().code()).isEqualTo(Reason.Code.INVALIDATED);
  }
}
