package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.reprise.match.MatchStage;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.model.UseCase;
import dev.reprise.testing.Fault;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CacheMetricsTest {
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CacheMetrics metrics = CacheMetrics.named("answers");

  private long count(String meter, String... tags) {
    return Math.round(sum(meter, tags));
  }

  private double sum(String meter, String... tags) {
    return registry.get(meter).tag("cache", "answers").tags(tags).counter().count();
  }

  /** Does everything that is counted, once. */
  private EngineFixture everything() throws Exception {
    EngineFixture fixture =
        new EngineFixture(
            builder -> builder.listener(metrics).pricing(Pricing.perMillionTokens(1_000_000, 0)));
    metrics.bindTo(registry);
    CacheEngine engine = fixture.engine;
    ScriptedUpstream paris =
        ScriptedUpstream.answering(
            new Answer(
                "Paris", "Paris", Completion.COMPLETE, new TokenUsage.Known(3, 1), Set.of()));
    CacheControl tagged = CacheControl.DEFAULT.with(Tag.of("t"));
    engine.getOrCompute(EngineFixture.request(EngineFixture.NEAR).withControl(tagged), paris);
    engine.getOrCompute(EngineFixture.request(EngineFixture.NEAR), paris);
    fixture.drain();
    engine.getOrCompute(ASKED, paris);
    CacheRequest creative =
        EngineFixture.requestBuilder("Be creative.").useCase(UseCase.CREATIVE).build();
    engine.getOrCompute(creative, paris);
    engine.getOrCompute(
        EngineFixture.request("?").withControl(CacheControl.DEFAULT.with(Directive.ONLY_IF_CACHED)),
        paris);
    engine.getOrCompute(
        EngineFixture.request("?").withControl(CacheControl.DEFAULT.with(Directive.NO_STORE)),
        paris);
    assertThatThrownBy(
            () ->
                engine.getOrCompute(
                    EngineFixture.request("??"),
                    ScriptedUpstream.throwing(new IOException("told to"))))
        .isInstanceOf(IOException.class);
    engine.stream(
            EngineFixture.request("???"),
            new ScriptedStreamingUpstream(),
            new RecordingSubscriber())
        .cancel();
    ScriptedStreamingUpstream shared = new ScriptedStreamingUpstream();
    RecordingSubscriber follower = new RecordingSubscriber();
    engine.stream(EngineFixture.request("????"), shared, new RecordingSubscriber());
    engine.stream(EngineFixture.request("????"), shared, follower);
    shared.give("x").complete();
    follower.awaitEnd();
    engine.invalidate(Tag.of("t"));
    engine
        .parts()
        .events()
        .emit(new CacheEvent.Rejected(EngineFixture.key(ASKED), MatchStage.MATCHER, "told to"));
    engine
        .parts()
        .events()
        .emit(
            new CacheEvent.Judged(
                EngineFixture.key(ASKED), 0.5, CacheEvent.Occasion.MISS, /* isSame= */ true));
    fixture.drain();
    fixture.semantic.fault(Fault.THROWS);
    for (int i = 0; i < 20; i++) {
      engine.getOrCompute(EngineFixture.request("question " + i), paris);
    }
    fixture.drain();
    return fixture;
  }

  @Test
  void names() throws Exception {
    everything().close();
    assertThat(
            registry.getMeters().stream()
                .map(Meter::getId)
                .map(
                    id ->
                        id.getName()
                            + id.getTags().stream()
                                .filter(tag -> !tag.getKey().equals("cache"))
                                .map(tag -> tag.getKey() + "=" + tag.getValue())
                                .sorted()
                                .collect(Collectors.joining(",", "{", "}")))
                .sorted()
                .toList())
        .containsExactly(
            "cache.gets{result=hit,tier=map}",
            "cache.gets{result=hit,tier=semantic}",
            "cache.gets{result=miss,tier=none}",
            "cache.puts{}",
            "reprise.bypasses{reason=creative}",
            "reprise.circuit.open{tier=flat-writes}",
            "reprise.circuit.open{tier=flat}",
            "reprise.cost.saved{}",
            "reprise.ends{end=cancelled}",
            "reprise.ends{end=failed}",
            "reprise.invalidated{}",
            "reprise.judged{occasion=miss,result=same}",
            "reprise.not.stored{reason=no-store}",
            "reprise.overhead{outcome=bypassed}",
            "reprise.overhead{outcome=computed}",
            "reprise.overhead{outcome=exact-hit}",
            "reprise.overhead{outcome=semantic-hit}",
            "reprise.overhead{outcome=shared}",
            "reprise.overhead{outcome=unsatisfied}",
            "reprise.rejected{language=none,stage=matcher}",
            "reprise.requests{outcome=bypassed}",
            "reprise.requests{outcome=computed}",
            "reprise.requests{outcome=exact-hit}",
            "reprise.requests{outcome=semantic-hit}",
            "reprise.requests{outcome=shared}",
            "reprise.requests{outcome=unsatisfied}",
            "reprise.time.saved{}",
            "reprise.trouble{part=flat-writes}",
            "reprise.trouble{part=flat}",
            "reprise.writes.dropped{}");
  }

  @Test
  void figuresAreThoseOfTheStatistics() throws Exception {
    try (EngineFixture fixture = everything()) {
      CacheStats stats = fixture.engine.stats();
      assertThat(count("cache.gets", "result", "hit", "tier", "map"))
          .isEqualTo(stats.exactHits())
          .isEqualTo(1);
      assertThat(count("cache.gets", "result", "hit", "tier", "semantic"))
          .isEqualTo(stats.semanticHits())
          .isEqualTo(1);
      assertThat(count("cache.gets", "result", "miss"))
          .isEqualTo(stats.computed() + stats.unsatisfied());
      assertThat(count("cache.puts")).isEqualTo(stats.stored());
      assertThat(count("reprise.bypasses", "reason", "creative"))
          .isEqualTo(stats.bypassedByReason().get(Reason.Code.CREATIVE));
      assertThat(count("reprise.not.stored", "reason", "no-store"))
          .isEqualTo(stats.notStoredByReason().get(Reason.Code.NO_STORE));
      assertThat(count("reprise.ends", "end", "failed")).isEqualTo(stats.failed());
      assertThat(count("reprise.ends", "end", "cancelled")).isEqualTo(stats.cancelled());
      assertThat(count("reprise.rejected")).isEqualTo(stats.rejected());
      assertThat(count("reprise.judged")).isEqualTo(stats.judgedSame()).isEqualTo(1);
      assertThat(count("reprise.invalidated")).isEqualTo(1);
      assertThat(count("reprise.writes.dropped")).isEqualTo(stats.writesDropped());
      assertThat(count("reprise.trouble", "part", "flat"))
          .isEqualTo(stats.troubleByPart().get("flat"));
      assertThat(sum("reprise.time.saved")).isEqualTo(stats.timeSaved().toNanos() / 1e9, within());
      assertThat(sum("reprise.cost.saved")).isEqualTo(stats.dollarsSaved()).isEqualTo(6);
      assertThat(registry.get("reprise.requests").tag("outcome", "shared").timer().count())
          .isEqualTo(stats.shared())
          .isEqualTo(1);
      assertThat(registry.get("reprise.circuit.open").tag("tier", "flat").gauge().value())
          .isEqualTo(1);
      fixture.semantic.fault(Fault.NONE);
      fixture.engine.parts().tiers().probe();
      assertThat(registry.get("reprise.circuit.open").tag("tier", "flat").gauge().value()).isZero();
    }
  }

  @Test
  void aSecondRegistryCountsFromItsBindingOn() throws Exception {
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    try (EngineFixture fixture = new EngineFixture(builder -> builder.listener(metrics))) {
      metrics.bindTo(registry);
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("x"));
      metrics.bindTo(second);
      fixture.engine.getOrCompute(ASKED, ScriptedUpstream.answering("x"));
    }
    assertThat(count("cache.gets", "result", "miss")).isEqualTo(1);
    assertThat(count("cache.gets", "result", "hit")).isEqualTo(1);
    assertThat(second.get("cache.gets").tag("result", "miss").counter().count()).isZero();
    assertThat(second.get("cache.gets").tag("result", "hit").counter().count()).isEqualTo(1);
    assertThat(second.get("reprise.requests").timer().count()).isEqualTo(1);
  }

  @Test
  void rejectionsAreCountedByLanguageInFewValues() throws Exception {
    try (EngineFixture fixture = new EngineFixture(builder -> builder.listener(metrics))) {
      metrics.bindTo(registry);
      for (String language : List.of("en", "de", "de", "und", "mul", "sw", "hu", "")) {
        fixture
            .engine
            .parts()
            .events()
            .emit(
                new CacheEvent.Rejected(
                    EngineFixture.key(ASKED), MatchStage.GUARDS, "another question", language));
      }
    }
    assertThat(
            registry.get("reprise.rejected").tag("stage", "guards").counters().stream()
                .collect(
                    Collectors.toMap(
                        counter -> counter.getId().getTag("language"),
                        counter -> Math.round(counter.count()))))
        .containsOnly(
            entry("en", 1L),
            entry("de", 2L),
            entry("und", 1L),
            entry("mul", 1L),
            entry("other", 2L),
            entry("none", 1L));
  }

  @Test
  void aCacheHasAName() {
    assertThatThrownBy(() -> CacheMetrics.named(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name of cache must not be blank");
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-6);
  }
}
