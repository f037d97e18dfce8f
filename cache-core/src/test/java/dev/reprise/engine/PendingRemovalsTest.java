package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Tag;
import dev.reprise.testing.EventLog;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.Fault;
import dev.reprise.testing.FaultyExactTier;
import dev.reprise.testing.MapExactTier;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.DeadlineOwner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Removals that a tier owes, over restarts of an engine with a file for them. */
@Timeout(120)
class PendingRemovalsTest {
  private static final CacheRequest CACHED = EngineFixture.request(EngineFixture.NEAR);
  private static final Duration LATER = GuardedExactTier.CLOCK_MARGIN.plusSeconds(1);

  @TempDir Path folder;

  private final FakeClock clock = new FakeClock();
  private final MapExactTier map = new MapExactTier(clock);
  private final FaultyExactTier tier = new FaultyExactTier(map, DeadlineOwner.TIER);
  private final EventLog log = new EventLog();
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("pending");
  }

  /** Returns an engine after a restart. */
  private CacheEngine engine() {
    return CacheEngine.builder()
        .exactTier(tier)
        .pendingRemovals(file)
        .clock(clock)
        .probeInterval(Duration.ofMinutes(10))
        .listener(log)
        .build();
  }

  private static boolean isHit(CacheEngine engine) throws Exception {
    return engine.getOrCompute(CACHED, ScriptedUpstream.answering("Paris"))
        instanceof Outcome.ExactHit;
  }

  @Test
  void aFileThatCannotBeReadIsNotOverwrittenAndNothingOlderIsServed() throws Exception {
    try (CacheEngine engine = engine()) {
      isHit(engine);
    }
    // A folder where the file should be cannot be read, whoever runs this.
    Files.createDirectories(file.resolve("inside"));
    try (CacheEngine engine = engine()) {
      assertThat(log.of(CacheEvent.Trouble.class))
          .extracting(trouble -> trouble.cause().getMessage())
          .anyMatch(why -> why.contains("cannot be read") && why.contains("move it away"));
      assertThat(isHit(engine)).isFalse();
      tier.fault(Fault.THROWS);
      assertThat(engine.removeAll(Tag.of("t"))).isInstanceOf(Removal.Pending.class);
      assertThat(((Removal.Pending) engine.removeAll(Tag.of("t"))).isDurable()).isFalse();
      tier.fault(Fault.NONE);
      engine.parts().tiers().probe();
      clock.advance(LATER);
      isHit(engine);
      assertThat(isHit(engine)).as("what is stored from now on is served").isTrue();
    }
    assertThat(file.resolve("inside")).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-30T00:00:00Z T !!! .",
        "yesterday T dGFn .",
        "2026-11-30T00:00:00Z E 12 .",
        "nonsense",
        ""
      })
  void aLineThatIsNoRemovalMakesAllThatIsOlderOwed(String line) throws Exception {
    try (CacheEngine engine = engine()) {
      isHit(engine);
    }
    Files.writeString(file, line + "\n" + "2026-11-30T00:00:00Z T dGFn .\n");
    for (int restart = 0; restart < 2; restart++) {
      try (CacheEngine engine = engine()) {
        assertThat(isHit(engine)).as("restart " + restart).isFalse();
      }
    }
  }

  @Test
  void aLastLineThatWasCutOffWasNotAcknowledged() throws Exception {
    try (CacheEngine engine = engine()) {
      isHit(engine);
    }
    Files.writeString(file, "2026-11-30T00:00:00Z T dGFn .\n2026-11-30T00:0");
    try (CacheEngine engine = engine()) {
      assertThat(isHit(engine)).isTrue();
    }
  }

  @Test
  void moreThanCanBeNamedOutliveARestart() throws Exception {
    try (CacheEngine engine = engine()) {
      isHit(engine);
    }
    PendingRemovals pending = new PendingRemovals(file, clock.instant(), log::onEvent);
    for (int i = 0; i < GuardedExactTier.OWED_REMOVALS; i++) {
      pending.tags().put(Tag.of("tag " + i), clock.instant());
    }
    GuardedExactTier guarded =
        new GuardedExactTier(tier, SilentTiersTest.guard(), Duration.ofSeconds(20), clock, pending);
    tier.fault(Fault.THROWS);
    Tag more = Tag.of("one more");
    for (int second = 0; second < 200; second++) {
      Instant since = clock.instant();
      guarded.invalidate(more);
      assertThat(guarded.owes(more, since)).isTrue();
      clock.advance(Duration.ofSeconds(1));
    }
    tier.fault(Fault.NONE);
    assertThat(pending.isDurable()).isTrue();
    assertThat(Files.readAllLines(file)).as("one line a minute").hasSize(4);
    for (int restart = 0; restart < 2; restart++) {
      try (CacheEngine engine = engine()) {
        assertThat(isHit(engine)).isFalse();
      }
      // The file is written anew.
      new PendingRemovals(file, clock.instant(), log::onEvent).settled();
    }
    try (CacheEngine engine = engine()) {
      clock.advance(LATER);
      isHit(engine);
      assertThat(isHit(engine)).as("what is stored from now on is served").isTrue();
    }
  }
}
