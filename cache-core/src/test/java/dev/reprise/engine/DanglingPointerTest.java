package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequest;
import dev.reprise.testing.Fault;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.Entry;
import dev.reprise.tier.SemanticRow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DanglingPointerTest {
  private static final String NEARER = "What city is the capital of France?";
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);
  private static final CacheRequest NEAR = EngineFixture.request(EngineFixture.NEAR);

  @Test
  void aPointerWhosePayloadIsGoneIsFollowedByTheNextCandidateAndRemoved() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.embedder.near(NEARER, EngineFixture.ASKED, 0.99);
      CacheRequest nearer = EngineFixture.request(NEARER);
      fixture.putRow(fixture.entry(nearer, "gone"));
      fixture.put(NEAR, "Paris");
      ScriptedUpstream never = ScriptedUpstream.answering("never asked");

      Outcome.SemanticHit hit = (Outcome.SemanticHit) fixture.engine.getOrCompute(ASKED, never);

      assertThat(hit.answer().text()).isEqualTo("Paris");
      assertThat(hit.similarity().cosine()).isBetween(0.96, 0.98);
      fixture.drain();
      assertThat(fixture.hasRow(nearer)).isFalse();
      assertThat(fixture.hasRow(NEAR)).isTrue();
      fixture.audit(1);
    }
  }

  @Test
  void whereAllPayloadsAreGoneItIsAMiss() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.putRow(fixture.entry(NEAR, "gone"));
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("Paris")))
          .isInstanceOf(Outcome.Computed.class);
      fixture.drain();
      assertThat(fixture.hasRow(NEAR)).isFalse();
      assertThat(fixture.hasRow(ASKED)).isTrue();
      fixture.audit(1);
    }
  }

  @Test
  void anExpiredPayloadIsGone() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      Entry entry = fixture.put(NEAR, "Paris");
      // A row that outlives its entry, as after a change of the time to live.
      fixture.flat.store(
          new SemanticRow(
              entry.key(),
              ((Question.Semantic) entry.question()).fingerprint(),
              fixture.embedder.vector(EngineFixture.NEAR),
              entry.expiresAt().plus(Duration.ofDays(1))));
      fixture.clock.advance(Duration.ofHours(24));
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh")))
          .isInstanceOf(Outcome.Computed.class);
      fixture.drain();
      assertThat(fixture.hasRow(NEAR)).isFalse();
    }
  }

  @Test
  void anOutageOfTheExactTierTakesNoRowAway() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.put(NEAR, "Paris");
      fixture.exact.fault(Fault.THROWS);
      for (int i = 0; i < 20; i++) {
        fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh"));
      }
      fixture.drain();
      assertThat(fixture.hasRow(NEAR)).isTrue();
      fixture.exact.fault(Fault.NONE);
      fixture.engine.parts().tiers().probe();
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("never asked")))
          .isInstanceOf(Outcome.SemanticHit.class);
      fixture.audit(21);
    }
  }

  @Test
  void aPayloadThatTheExactTierDoesNotAnswerForIsNotGone() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.put(NEAR, "Paris");
      fixture.exact.faultAt(EngineFixture.key(NEAR), Fault.THROWS);
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh")))
          .isInstanceOf(Outcome.Computed.class);
      fixture.drain();
      assertThat(fixture.hasRow(NEAR)).isTrue();
      fixture.audit(1);
    }
  }

  @Test
  void aRowWithAnotherFingerprintIsNotFollowedWhateverTheTierSays() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.put(NEAR, "Paris");
      fixture.semantic.fault(Fault.WRONG);
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh")))
          .isInstanceOf(Outcome.Computed.class);
      assertThat(fixture.log.of(CacheEvent.Rejected.class)).isEmpty();
    }
  }

  @Test
  void aPayloadWithAnotherFingerprintIsNotServedWhateverItsRowSays() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      CacheRequest another =
          EngineFixture.requestBuilder(EngineFixture.NEAR).system("Answer in French.").build();
      Entry entry = fixture.entry(another, "C'est Paris.");
      fixture.map.store(entry);
      // The row lies: it has the fingerprint of the one who asks.
      fixture.flat.store(
          new SemanticRow(
              entry.key(),
              ((Question.Semantic) Canonicalizer.question(ASKED)).fingerprint(),
              fixture.embedder.vector(EngineFixture.NEAR),
              entry.expiresAt()));
      assertThat(fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("fresh")))
          .isInstanceOf(Outcome.Computed.class);
      fixture.audit(1);
    }
  }
}
