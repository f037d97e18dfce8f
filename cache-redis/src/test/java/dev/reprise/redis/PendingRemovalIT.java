package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Removal;
import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Removals while Redis does not answer are said to be pending, and are made up for. */
class PendingRemovalIT {
  private static final Tag TARIFF = Tag.document("tariff");
  private static final CacheRequest REQUEST =
      CacheRequest.builder(Scope.of("tenant"))
          .provider("test")
          .model("m")
          .user("What does a parcel cost?")
          .temperature(0)
          .control(CacheControl.DEFAULT.with(TARIFF))
          .build();

  @TempDir private Path directory;
  private final RedisProcess server = RedisProcess.start();
  private final FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port());
  private final List<CacheEngine> engines = new ArrayList<>();

  @AfterEach
  void stop() {
    engines.forEach(CacheEngine::close);
    proxy.close();
    server.close();
  }

  private CacheEngine instance(int port) {
    CacheEngine engine =
        CacheEngine.builder()
            .exactTier(
                RedisExactTier.builder("redis://127.0.0.1:" + port)
                    .deadline(Duration.ofMillis(300))
                    .build())
            .pendingRemovals(file())
            .probeInterval(Duration.ofMillis(50))
            .build();
    engines.add(engine);
    return engine;
  }

  private Path file() {
    return directory.resolve("state").resolve("pending");
  }

  private static boolean isHit(CacheEngine engine) {
    return engine.getOrCompute(
            REQUEST.withControl(REQUEST.control().with(CacheControl.Directive.ONLY_IF_CACHED)),
            () -> Answer.ofText("never"))
        instanceof Outcome.Hit;
  }

  private static ExactKey put(CacheEngine engine) {
    engine.getOrCompute(REQUEST, () -> Answer.ofText("old"));
    return ((Outcome.Hit) engine.getOrCompute(REQUEST, () -> Answer.ofText("old"))).entry().key();
  }

  @Test
  void doneIsSaidWhereItIsDone() {
    CacheEngine engine = instance(proxy.port());
    put(engine);
    assertThat(engine.removeAll(TARIFF)).isEqualTo(new Removal.Done(1));
    assertThat(engine.removeAll(TARIFF)).isEqualTo(new Removal.Done(0));
    assertThat(engine.removeEntry(put(engine))).isEqualTo(new Removal.Done(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pendingIsMadeUpForByTheSameProcessAndByTheNextOne(boolean byTag) throws Exception {
    CacheEngine engine = instance(proxy.port());
    CacheEngine other = instanceWithoutFile();
    ExactKey key = put(engine);

    proxy.cut();
    Removal removal = byTag ? engine.removeAll(TARIFF) : engine.removeEntry(key);
    assertThat(removal).isEqualTo(new Removal.Pending(0, true));
    assertThat(Files.readString(file())).as("no text of a user").doesNotContain("tariff");
    engine.close();
    proxy.heal();
    assertThat(isHit(other)).as("nobody could tell the others").isTrue();

    CacheEngine restarted = instance(proxy.port());
    assertThat(isHit(restarted)).as("the first question after the restart").isFalse();
    Eventually.that("it is removed for all", () -> !isHit(other));
    Eventually.that("it is not owed any more", () -> isEmpty(file()));
    put(other);
    assertThat(isHit(restarted)).as("what came later").isTrue();
  }

  @Test
  void whereALineIsNoRemovalNothingThatWasStoredBeforeIsServed() throws Exception {
    put(instanceWithoutFile());
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "2026-11-30T00:00:00Z E 00ff\n2026-11-30T00:00:00Z T");
    assertThat(isHit(instance(proxy.port()))).isFalse();
  }

  @Test
  void whatComesBehindALineThatWasCutOffIsKept() throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "2026-11-30T00:00:00Z T");
    CacheEngine engine = instance(proxy.port());
    put(engine);
    proxy.cut();
    assertThat(engine.removeAll(TARIFF)).isEqualTo(new Removal.Pending(0, true));
    engine.close();
    proxy.heal();
    assertThat(isHit(instance(proxy.port()))).isFalse();
  }

  /** It has a clock that is a minute ahead: by its time the answer was stored after the removal. */
  @Test
  void whatAnotherProcessStoredIsNotServedWhateverItsClockSays() {
    CacheEngine ahead =
        instanceWithoutFile(InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1)));
    put(ahead);
    CacheEngine engine = instance(proxy.port());
    assertThat(isHit(engine)).isTrue();
    proxy.cut();
    assertThat(engine.removeAll(TARIFF)).isInstanceOf(Removal.Pending.class);
    engine.close();
    proxy.heal();
    assertThat(isHit(instance(proxy.port()))).isFalse();
  }

  @Test
  void aServerWhoseMemoryIsFullRemovesAllTheSame() {
    CacheEngine engine = instance(proxy.port());
    put(engine);
    server.send("CONFIG", "SET", "maxmemory", "1");
    assertThat(engine.removeAll(TARIFF)).isEqualTo(new Removal.Done(1));
    server.send("CONFIG", "SET", "maxmemory", "0");
    assertThat(isHit(engine)).isFalse();
    assertThat(isHit(instanceWithoutFile())).isFalse();
  }

  private CacheEngine instanceWithoutFile() {
    return instanceWithoutFile(InstantSource.system());
  }

  private CacheEngine instanceWithoutFile(InstantSource clock) {
    CacheEngine engine =
        CacheEngine.builder()
            .exactTier(
                RedisExactTier.builder("redis://127.0.0.1:" + server.port())
                    .deadline(Duration.ofSeconds(2))
                    .clock(clock)
                    .build())
            .clock(clock)
            .build();
    engines.add(engine);
    return engine;
  }

  private static boolean isEmpty(Path file) {
    try {
      return Files.size(file) == 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
