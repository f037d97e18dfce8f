package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.curated.JudgeRole;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheRequest;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.CaffeineExactTier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Every default of the engine, and what each setter refuses. */
class EngineDefaultsTest {

  @Test
  void defaults() {
    assertThat(CacheEngine.Builder.DEFAULT_TIER_DEADLINE).isEqualTo(Duration.ofMillis(50));
    assertThat(CacheEngine.Builder.DEFAULT_WRITE_DEADLINE).isEqualTo(Duration.ofSeconds(5));
    assertThat(CacheEngine.Builder.DEFAULT_FOLLOWER_WAIT).isEqualTo(Duration.ofSeconds(60));
    assertThat(CacheEngine.Builder.DEFAULT_PROBE_INTERVAL).isEqualTo(Duration.ofSeconds(1));
    assertThat(CacheEngine.Builder.DEFAULT_SWEEP_INTERVAL).isEqualTo(Duration.ofMinutes(1));
    assertThat(CacheEngine.Builder.DEFAULT_CLOSE_WAIT).isEqualTo(Duration.ofSeconds(5));
    assertThat(CacheEngine.Builder.DEFAULT_WRITE_QUEUE_CAPACITY).isEqualTo(1024);
    assertThat(CacheEngine.Builder.DEFAULT_CURATED_BY_JUDGE).isEqualTo(JudgeRole.PROPOSE);
    assertThat(CacheEngine.Builder.DEFAULT_CANDIDATES).isEqualTo(5);
    assertThat(CacheEngine.Builder.DEFAULT_COALESCING).isEqualTo(Coalescing.ACROSS_INSTANCES);
    assertThat(Circuits.MINIMUM_CALLS).isEqualTo(5);
    assertThat(TierGuard.CALLS_AT_ONCE).isEqualTo(32);
    assertThat(TierGuard.SLOW_DEADLINES).isEqualTo(10);
  }

  @Test
  void anEngineWithoutSettingsCachesInTheProcess() throws Exception {
    CacheRequest request = EngineFixture.request("What is a default?");
    try (CacheEngine engine = CacheEngine.builder().build()) {
      engine.getOrCompute(request, ScriptedUpstream.answering("this"));
      Outcome.ExactHit hit =
          (Outcome.ExactHit)
              engine.getOrCompute(request, ScriptedUpstream.answering("never asked"));
      assertThat(hit.tier()).isEqualTo(CaffeineExactTier.NAME);
    }
  }

  @Test
  void aSemanticTierWithoutAMatcherIsRefused() {
    HashEmbedder embedder = new HashEmbedder();
    CacheEngine.Builder builder =
        CacheEngine.builder()
            .semanticTier(
                new FlatSemanticTier(embedder.dimension(), InstantSource.system()), embedder);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has no matcher")
        .hasMessageContaining("EmbeddedCache.builder()");
    try (CacheEngine engine = builder.matcher(Matcher.threshold(0.9)).build()) {
      assertThat(engine.risk()).isEmpty();
    }
  }

  private record Range<T>(
      BiFunction<CacheEngine.Builder, T, CacheEngine.Builder> setter,
      T least,
      T most,
      T tooLittle,
      T tooMuch) {

    void check(String option) {
      CacheEngine.Builder builder = CacheEngine.builder();
      assertThat(setter.apply(builder, least)).isSameAs(builder);
      assertThat(setter.apply(builder, most)).isSameAs(builder);
      for (T refused : List.of(tooLittle, tooMuch)) {
        assertThatThrownBy(() -> setter.apply(builder, refused))
            .as(option)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(option + " is " + refused + ", but must be from " + least + " to " + most);
      }
    }

    static Range<Duration> of(
        BiFunction<CacheEngine.Builder, Duration, CacheEngine.Builder> setter,
        Duration least,
        Duration most) {
      return new Range<>(setter, least, most, least.minusNanos(1), most.plusNanos(1));
    }

    static Range<Integer> of(
        BiFunction<CacheEngine.Builder, Integer, CacheEngine.Builder> setter, int least, int most) {
      return new Range<>(setter, least, most, least - 1, most + 1);
    }
  }

  @Test
  void refusalsNameTheOptionTheValueAndTheRange() {
    Duration millisecond = Duration.ofMillis(1);
    Map<String, Range<?>> options = new TreeMap<>();
    options.put(
        "tierDeadline",
        Range.of(CacheEngine.Builder::tierDeadline, millisecond, Duration.ofMinutes(1)));
    options.put(
        "writeDeadline",
        Range.of(CacheEngine.Builder::writeDeadline, millisecond, Duration.ofMinutes(10)));
    options.put(
        "followerWait",
        Range.of(CacheEngine.Builder::followerWait, millisecond, Duration.ofHours(1)));
    options.put(
        "probeInterval",
        Range.of(
            CacheEngine.Builder::probeInterval, Duration.ofMillis(10), Duration.ofMinutes(10)));
    options.put(
        "sweepInterval",
        Range.of(CacheEngine.Builder::sweepInterval, Duration.ofSeconds(1), Duration.ofDays(1)));
    options.put(
        "closeWait", Range.of(CacheEngine.Builder::closeWait, millisecond, Duration.ofMinutes(10)));
    options.put(
        "maximumNearStay",
        Range.of(CacheEngine.Builder::maximumNearStay, millisecond, Duration.ofDays(1)));
    options.put(
        "writeQueueCapacity", Range.of(CacheEngine.Builder::writeQueueCapacity, 1, 1_000_000));
    options.put("candidates", Range.of(CacheEngine.Builder::candidates, 1, 100));
    options.forEach((option, range) -> range.check(option));
  }
}
