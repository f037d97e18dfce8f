package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import dev.reprise.model.TokenUsage;
import dev.reprise.model.UseCase;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Plan;
import dev.reprise.testing.Fault;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a request may ask of the cache, and what the engine does with what the parts give it. */
@Timeout(60)
class EngineControlTest {
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);
  private static final CacheRequest NEAR = EngineFixture.request(EngineFixture.NEAR);

  private EngineFixture fixture = new EngineFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static CacheRequest with(Directive directive) {
    return ASKED.withControl(CacheControl.DEFAULT.with(directive));
  }

  private Outcome ask(CacheRequest request, String fresh) throws Exception {
    return fixture.engine.getOrCompute(request, ScriptedUpstream.answering(fresh));
  }

  @Test
  void anAnswerOfAClockThatIsAheadIsNotTakenForYoung() throws Exception {
    CacheRequest young =
        ASKED.withControl(CacheControl.DEFAULT.withMaximumAge(Duration.ofSeconds(5)));
    Entry now = fixture.entry(ASKED, "old");
    for (long ahead : new long[] {0, 3, 5, 6, 7_200}) {
      Entry entry =
          new Entry(
              now.key(),
              now.question(),
              now.answer(),
              now.upstreamTime(),
              now.model(),
              now.storedAt().plusSeconds(ahead),
              now.expiresAt().plusSeconds(ahead),
              now.tags());
      fixture.map.store(entry);
      CacheRequest cachedOnly = young.withControl(young.control().with(Directive.ONLY_IF_CACHED));
      assertThat(ask(cachedOnly, "never") instanceof Outcome.ExactHit)
          .as("%d s ahead", ahead)
          .isEqualTo(ahead <= 5);
      assertThat(ask(ASKED, "never")).as("of any age").isInstanceOf(Outcome.ExactHit.class);
    }
  }

  @Test
  void noCacheDoesNotLookUpButStores() throws Exception {
    fixture.put(ASKED, "old");
    fixture.put(NEAR, "old");
    Outcome.Computed computed = (Outcome.Computed) ask(with(Directive.NO_CACHE), "new");
    assertThat(computed.answer().text()).isEqualTo("new");
    assertThat(((Outcome.ExactHit) ask(ASKED, "newer")).answer().text()).isEqualTo("new");
    fixture.drain();
    assertThat(fixture.hasRow(ASKED)).isTrue();
    fixture.audit(2);
  }

  @Test
  void noStoreLooksUpButDoesNotStore() throws Exception {
    Outcome.Computed computed = (Outcome.Computed) ask(with(Directive.NO_STORE), "new");
    assertThat(((Admission.Skip) computed.admission()).reason().code())
        .isEqualTo(Reason.Code.NO_STORE);
    assertThat(fixture.map.entries()).isEmpty();
    fixture.put(NEAR, "old");
    assertThat(ask(with(Directive.NO_STORE), "new")).isInstanceOf(Outcome.SemanticHit.class);
    fixture.put(ASKED, "old");
    assertThat(ask(with(Directive.NO_STORE), "new")).isInstanceOf(Outcome.ExactHit.class);
    fixture.audit(3);
  }

  @Test
  void bothTogetherBypass() throws Exception {
    CacheRequest both =
        ASKED.withControl(CacheControl.DEFAULT.with(Directive.NO_CACHE).with(Directive.NO_STORE));
    Outcome.Bypassed bypassed = (Outcome.Bypassed) ask(both, "new");
    assertThat(bypassed.reason().code()).isEqualTo(Reason.Code.CALLER);
    assertThat(fixture.exact.calls()).isZero();
    fixture.audit(1);
  }

  @Test
  void onlyIfCachedNeverCallsTheUpstream() throws Exception {
    ScriptedUpstream never = ScriptedUpstream.answering("never asked");
    CacheRequest request = with(Directive.ONLY_IF_CACHED);
    assertThat(fixture.engine.getOrCompute(request, never)).isInstanceOf(Outcome.Unsatisfied.class);
    RecordingSubscriber subscriber = new RecordingSubscriber();
    ScriptedStreamingUpstream neverStarted = new ScriptedStreamingUpstream();
    fixture.engine.stream(request, neverStarted, subscriber);
    assertThat(subscriber.awaitEnd()).isInstanceOf(Outcome.Unsatisfied.class);
    fixture.put(NEAR, "near");
    assertThat(fixture.engine.getOrCompute(request, never)).isInstanceOf(Outcome.SemanticHit.class);
    fixture.put(ASKED, "exact");
    assertThat(fixture.engine.getOrCompute(request, never)).isInstanceOf(Outcome.ExactHit.class);
    assertThat(never.calls()).isZero();
    assertThat(neverStarted.calls()).isZero();
    fixture.audit(4);
  }

  @Test
  void noEntryOlderThanTheMaximumAgeIsServed() throws Exception {
    fixture.put(NEAR, "old");
    fixture.put(ASKED, "old");
    fixture.clock.advance(Duration.ofMinutes(10));
    CacheRequest tenMinutes =
        ASKED.withControl(CacheControl.DEFAULT.withMaximumAge(Duration.ofMinutes(10)));
    Outcome.ExactHit hit = (Outcome.ExactHit) ask(tenMinutes, "new");
    assertThat(hit.age()).isEqualTo(Duration.ofMinutes(10));
    fixture.clock.advance(Duration.ofMillis(1));
    assertThat(ask(tenMinutes, "new")).isInstanceOf(Outcome.Computed.class);
    assertThat(((Outcome.ExactHit) ask(tenMinutes, "newer")).answer().text()).isEqualTo("new");
    fixture.audit(3);
  }

  @Test
  void theCallersTimeToLiveShortensThePolicys() throws Exception {
    CacheRequest hour = ASKED.withControl(CacheControl.DEFAULT.withTimeToLive(Duration.ofHours(1)));
    ask(hour, "old");
    fixture.clock.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(ask(ASKED, "new")).isInstanceOf(Outcome.ExactHit.class);
    fixture.clock.advance(Duration.ofMillis(1));
    assertThat(ask(ASKED, "new")).isInstanceOf(Outcome.Computed.class);
  }

  @Test
  void anAnswerWhoseDocumentHasAnotherVersionNowIsNotServed() throws Exception {
    fixture.close();
    Document[] current = {new Document("tariff", "1")};
    fixture = new EngineFixture(builder -> builder.documentVersions(doc -> doc.equals(current[0])));
    Answer answer =
        new Answer(
            "old",
            "old",
            Completion.COMPLETE,
            new TokenUsage.Unknown(),
            Set.of(new Document("tariff", "1")));
    fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering(answer));
    assertThat(ask(ASKED, "new")).isInstanceOf(Outcome.ExactHit.class);
    current[0] = new Document("tariff", "2");
    assertThat(ask(ASKED, "new")).isInstanceOf(Outcome.Computed.class);
    fixture.audit(3);
  }

  @Test
  void whereNobodyKnowsTheVersionsTheAnswerIsNotServed() throws Exception {
    fixture.close();
    fixture =
        new EngineFixture(
            builder ->
                builder.documentVersions(
                    doc -> {
                      throw new IllegalStateException("the catalogue is down");
                    }));
    Answer answer =
        new Answer(
            "old",
            "old",
            Completion.COMPLETE,
            new TokenUsage.Unknown(),
            Set.of(new Document("tariff", "1")));
    fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering(answer));
    assertThat(ask(ASKED, "new")).isInstanceOf(Outcome.Computed.class);
    assertThat(fixture.engine.stats().troubleByPart()).containsKey("documents");
    fixture.audit(2);
  }

  @Test
  void aTextThatIsTooLongForTheEmbedderIsMatchedExactlyOnlyAndEmbeddedOnce() throws Exception {
    CacheRequest tooLong = EngineFixture.request("x".repeat(HashEmbedder.WINDOW + 1));
    ask(tooLong, "long");
    fixture.drain();
    assertThat(fixture.embedder.calls()).isEqualTo(1);
    assertThat(fixture.semantic.searches()).isZero();
    assertThat(fixture.semantic.writes()).isZero();
    assertThat(ask(tooLong, "new")).isInstanceOf(Outcome.ExactHit.class);
    fixture.audit(2);
  }

  @Test
  void aQuestionIsEmbeddedOnceForTheSearchAndTheRow() throws Exception {
    ask(ASKED, "fresh");
    fixture.drain();
    assertThat(fixture.embedder.calls()).isEqualTo(1);
    assertThat(fixture.hasRow(ASKED)).isTrue();
  }

  @Test
  void aUseCaseThatIsExactOnlyIsNotEmbedded() throws Exception {
    CacheRequest faq = EngineFixture.requestBuilder("Opening hours?").useCase(UseCase.FAQ).build();
    ask(faq, "9 to 5");
    fixture.drain();
    assertThat(fixture.embedder.calls()).isZero();
    assertThat(ask(faq, "new")).isInstanceOf(Outcome.ExactHit.class);
  }

  @Test
  void whatThePolicyDoesNotAdmitIsNotStored() throws Exception {
    for (Completion completion : Completion.values()) {
      Answer answer = new Answer("text", "text", completion, new TokenUsage.Unknown(), Set.of());
      fixture.engine.getOrCompute(
          EngineFixture.request("question " + completion), ScriptedUpstream.answering(answer));
    }
    fixture.engine.getOrCompute(
        EngineFixture.request("empty"), ScriptedUpstream.answering(Answer.ofText(" ")));
    assertThat(fixture.map.entries()).hasSize(1);
    fixture.audit(Completion.values().length + 1);
    assertThat(fixture.engine.stats().notStored()).isEqualTo(Completion.values().length);
  }

  @Test
  void noPartOfTheCacheBreaksTheCall() throws Exception {
    fixture.close();
    RuntimeException told = new IllegalStateException("told to");
    fixture =
        new EngineFixture(
            builder ->
                builder
                    .pricing(
                        (model, usage) -> {
                          throw told;
                        })
                    .matcher(
                        candidate -> {
                          throw new StackOverflowError("told to");
                        })
                    .listener(
                        event -> {
                          throw new AssertionError("told to");
                        }));
    fixture.put(NEAR, "old");
    assertThat(ask(ASKED, "new")).isInstanceOf(Outcome.Computed.class);
    Outcome.ExactHit hit = (Outcome.ExactHit) ask(ASKED, "newer");
    assertThat(hit.saving().cost()).isEqualTo(new Cost.Unknown());
    assertThat(fixture.engine.stats().troubleByPart())
        .containsEntry("pricing", 1L)
        .containsEntry("matcher", 1L);
    fixture.audit(2);
  }

  @Test
  void aPolicyThatThrowsIsABypass() throws Exception {
    fixture.close();
    fixture =
        new EngineFixture(
            builder ->
                builder.policy(
                    new CachePolicy() {
                      @Override
                      public Plan plan(CacheRequest request) {
                        throw new StackOverflowError("a rule went too deep");
                      }

                      @Override
                      public Admission admit(CacheRequest request, Answer answer, Instant now) {
                        throw new AssertionError("is not asked");
                      }
                    }));
    assertThat(ask(ASKED, "new")).isInstanceOf(Outcome.Bypassed.class);
    assertThat(fixture.engine.stats().troubleByPart()).containsEntry("policy", 1L);
    fixture.audit(1);
  }

  @Test
  void anAnswerThatNoCalendarCanHoldIsStored() throws Exception {
    fixture.close();
    CachePolicy defaults = CachePolicy.defaults();
    fixture =
        new EngineFixture(
            builder ->
                builder.policy(
                    new CachePolicy() {
                      @Override
                      public Plan plan(CacheRequest request) {
                        return defaults.plan(request);
                      }

                      @Override
                      public Admission admit(CacheRequest request, Answer answer, Instant now) {
                        return new Admission.Store(Duration.ofSeconds(Long.MAX_VALUE), Set.of());
                      }
                    }));
    Outcome.Computed computed = (Outcome.Computed) ask(ASKED, "new");
    assertThat(computed.answer().text()).isEqualTo("new");
    assertThat(computed.admission()).isInstanceOf(Admission.Store.class);
    assertThat(ask(ASKED, "newer")).isInstanceOf(Outcome.Hit.class);
  }

  @Test
  void anOpenCircuitCostsCallersNothingAndClosesByItself() throws Exception {
    fixture.exact.fault(Fault.THROWS);
    for (int i = 0; i < 20; i++) {
      ask(EngineFixture.request("question " + i), "fresh");
    }
    int calls = fixture.exact.calls();
    int embedded = fixture.embedder.calls();
    ask(ASKED, "fresh");
    assertThat(fixture.exact.calls()).isEqualTo(calls);
    assertThat(fixture.embedder.calls()).isEqualTo(embedded);
    assertThat(fixture.log.of(CacheEvent.Circuit.class))
        .containsExactly(new CacheEvent.Circuit("map", CacheEvent.CircuitState.OPEN));
    fixture.engine.parts().tiers().probe();
    assertThat(fixture.log.of(CacheEvent.Circuit.class)).hasSize(1);
    fixture.exact.fault(Fault.NONE);
    fixture.engine.parts().tiers().probe();
    assertThat(fixture.log.of(CacheEvent.Circuit.class)).hasSize(2);
    ask(ASKED, "fresh");
    assertThat(ask(ASKED, "fresh")).isInstanceOf(Outcome.ExactHit.class);
    fixture.audit(23);
  }

  @Test
  void theMaintenanceThreadProbes() throws Exception {
    fixture.close();
    fixture = new EngineFixture(builder -> builder.probeInterval(Duration.ofMillis(10)));
    fixture.exact.fault(Fault.THROWS);
    for (int i = 0; i < 20; i++) {
      ask(EngineFixture.request("question " + i), "fresh");
    }
    fixture.exact.fault(Fault.NONE);
    EngineFixture.await(
        "the circuit is closed",
        () ->
            fixture
                .log
                .events()
                .contains(new CacheEvent.Circuit("map", CacheEvent.CircuitState.CLOSED)));
  }

  @Test
  void closingClosesTheTiersOnceAndCallsGoOnWithoutThem() throws Exception {
    fixture.engine.close();
    fixture.engine.close();
    assertThat(fixture.map.closings()).isEqualTo(1);
    assertThat(ask(ASKED, "fresh")).isInstanceOf(Outcome.Bypassed.class);
    fixture.audit(1);
    assertThat(fixture.engine.stats().bypassedByReason())
        .containsExactly(java.util.Map.entry(dev.reprise.model.Reason.Code.CLOSED, 1L));
    assertThat(fixture.map.entries()).isEmpty();
  }

  @Test
  void aHitSavesTheUpstreamsTimeAndMoney() throws Exception {
    fixture.close();
    fixture = new EngineFixture(builder -> builder.pricing(Pricing.perMillionTokens(1, 10)));
    Answer answer =
        new Answer(
            "Paris", "Paris", Completion.COMPLETE, new TokenUsage.Known(1_000, 100), Set.of());
    fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering(answer));
    Outcome.ExactHit hit = (Outcome.ExactHit) ask(ASKED, "new");
    assertThat(hit.saving().cost()).isEqualTo(new Cost.Dollars(0.002));
    assertThat(hit.wasCached()).isTrue();
    assertThat(hit.tier()).isEqualTo("map");
    assertThat(fixture.engine.stats().dollarsSaved()).isEqualTo(0.002);
    assertThat(fixture.engine.stats().timeSaved()).isEqualTo(hit.saving().time());
    assertThat(fixture.engine.stats().hitRate()).isEqualTo(0.5);
  }
}
