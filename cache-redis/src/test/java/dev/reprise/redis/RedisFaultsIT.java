package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.Entry;
import dev.reprise.tier.TierException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that is down, slow, wiped, restarted, or talks nonsense. */
class RedisFaultsIT {
  /** Long enough for a healthy call on a machine that is busy with other tests. */
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** Of a call that waits for its deadline: some room for a busy machine, far from a second one. */
  private static final Duration BOUND = DEADLINE.multipliedBy(3);

  private final RedisProcess server = RedisProcess.start();
  private final FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port());
  private final RedisExactTier tier =
      RedisExactTier.builder("redis://127.0.0.1:" + proxy.port()).deadline(DEADLINE).build();
  private final Entry entry =
      Entries.builder("a", Instant.now()).text("x".repeat(3_000)).tags(Tag.of("t")).build();

  @AfterEach
  void stop() {
    tier.close();
    proxy.close();
    server.close();
  }

  @Test
  void downFailsAtOnceAndRecoversByItself() {
    tier.store(entry);
    server.kill();

    fails("look whether it runs");

    server.restart();
    assertThat(tier.fetch(entry.key())).as("what it held is lost").isEmpty();
    tier.store(entry);
    assertThat(tier.fetch(entry.key())).isPresent();
  }

  @Test
  void neverThereFailsAtOnce() {
    try (RedisExactTier nowhere = RedisExactTier.builder("redis://127.0.0.1:1").build()) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> nowhere.fetch(entry.key()))
          .isInstanceOf(TierException.class)
          .hasMessageStartingWith("tier redis: no connection to redis://127.0.0.1:1;");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"redis-sentinel://127.0.0.1:1,127.0.0.1:2/m", "redis-cluster://127.0.0.1:1"})
  void sentinelsAndClustersThatAreDownFailAtOnce(String url) {
    try (RedisExactTier nowhere = RedisExactTier.builder(url).deadline(DEADLINE).build()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> nowhere.fetch(entry.key())).isInstanceOf(TierException.class);
        assertThatThrownBy(() -> nowhere.invalidate(Tag.of("t"))).isInstanceOf(TierException.class);
      }
    }
  }

  @Test
  void aRestartCostsNotOneCall() throws Exception {
    tier.store(entry);
    fetchAtOnce(8);
    server.restart();

    for (int i = 0; i < 20; i++) {
      assertThat(tier.fetch(entry.key())).isEmpty();
    }
  }

  @Test
  void wipedIsAMiss() {
    tier.store(entry);
    server.send("FLUSHALL");

    assertThat(tier.fetch(entry.key())).isEmpty();
    assertThat(tier.invalidate(Tag.of("t"))).isZero();
    tier.store(entry);
    assertThat(tier.invalidate(Tag.of("t"))).isEqualTo(1);
  }

  @Test
  void slowFailsAtTheDeadlineAndNoLateAnswerReachesAnotherCall() {
    Entry other = Entries.builder("b", Instant.now()).text("other").build();
    tier.store(entry);
    tier.store(other);

    proxy.delay(DEADLINE.multipliedBy(2));
    for (int i = 0; i < 3; i++) {
      fails("did not answer within 1000 ms");
    }
    proxy.heal();

    for (int i = 0; i < 20; i++) {
      assertThat(tier.fetch(other.key()).orElseThrow().entry()).isEqualTo(other);
      assertThat(tier.fetch(entry.key()).orElseThrow().entry()).isEqualTo(entry);
    }
  }

  @Test
  void silentFailsAtTheDeadline() {
    tier.store(entry);
    proxy.hang();

    fails("did not answer within 1000 ms");
  }

  /** Bytes keep coming, each before the socket's own time-out: the whole answer has a deadline. */
  @Test
  void tricklingFailsAtTheDeadline() {
    tier.store(entry);
    proxy.trickle(Duration.ofMillis(20));

    fails("did not answer within 1000 ms");

    proxy.heal();
    assertThat(tier.fetch(entry.key())).isPresent();
  }

  @Test
  void cutOffFailsAtOnceAndRecovers() {
    tier.store(entry);
    proxy.cut();
    fails("look whether it runs");

    proxy.heal();
    assertThat(tier.fetch(entry.key())).isPresent();
    proxy.dropConnections();
    assertThat(tier.fetch(entry.key())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "+OK\r\n",
        ":7\r\n",
        "*1\r\n:1\r\n",
        "$2147483647\r\nx",
        "$-7\r\n",
        "*2147483647\r\n",
        "-\r\n",
        "-ERR unknown command `AUTH`, with args beginning with: `app` `s3cret`\r\n",
        "\r\n\r\n",
        "$5\r\nabcdefghijk\r\n"
      })
  void nonsenseIsATierExceptionOrAMiss(String nonsense) {
    tier.store(entry);
    proxy.answer(nonsense.getBytes(StandardCharsets.ISO_8859_1));

    missesOrFails(() -> tier.fetch(entry.key()).isPresent());
    missesOrFails(
        () -> {
          tier.remove(entry.key());
          return false;
        });
    missesOrFails(() -> tier.invalidate(Tag.of("t")) < 0);

    proxy.heal();
    proxy.dropConnections();
    assertThat(tier.fetch(entry.key())).isPresent();
  }

  @Test
  void entriesOfAnotherSchemaAndGarbageAreMisses() {
    tier.store(entry);
    String key = "reprise:entry:" + entry.key().hex();
    server.send("SETRANGE", key, "0", "\u0002");
    assertThat(tier.fetch(entry.key())).as("layout 2").isEmpty();

    tier.store(entry);
    // Behind the head of 3 bytes and the mark of one tag, the codec's version.
    server.send("SETRANGE", key, "19", "\u0000");
    assertThat(tier.fetch(entry.key())).as("schema 0").isEmpty();

    server.send("SET", key, "garbage");
    assertThat(tier.fetch(entry.key())).isEmpty();
    assertThat(tier.invalidate(Tag.of("t"))).isZero();
  }

  @Test
  void anotherKeysEntryIsAMiss() {
    tier.store(entry);
    server.send(
        "RENAME", "reprise:entry:" + entry.key().hex(), "reprise:entry:" + Entries.key("b").hex());

    assertThat(tier.fetch(Entries.key("b"))).isEmpty();
  }

  @Test
  void everyKeyExpiresOnTheServerAndATagLastsAsLongAsItsLongestEntry() {
    Instant now = Instant.now();
    tier.store(Entries.builder("long", now).life(Duration.ofHours(2)).tags(Tag.of("t")).build());
    tier.store(Entries.builder("short", now).life(Duration.ofMinutes(1)).tags(Tag.of("t")).build());

    long tag = 0;
    for (String key : server.send("KEYS", "*").strip().split("\n", -1)) {
      long left = Long.parseLong(server.send("PTTL", key));
      assertThat(left).as(key).isPositive();
      assertThat(key).matches("reprise:(entry|tag):[0-9a-f]{64}");
      tag = key.startsWith("reprise:tag:") ? left : tag;
    }
    assertThat(tag).isBetween(2 * 3_600_000L, 2 * 3_600_000L + 300_000);
  }

  @Test
  void aTagsSetForgetsWhatExpired() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    dev.reprise.testing.FakeClock clock = new dev.reprise.testing.FakeClock(start);
    try (RedisExactTier patient =
        RedisExactTier.builder(server.url())
            .deadline(RedisTierContract.PATIENT)
            .clock(clock)
            .build()) {
      for (int i = 0; i < 200; i++) {
        patient.store(
            Entries.builder("e" + i, clock.now())
                .life(Duration.ofMinutes(10))
                .tags(Tag.of("t"))
                .build());
        clock.advance(Duration.ofMinutes(1));
      }
      String set = server.send("KEYS", "reprise:tag:*").trim();
      assertThat(Integer.parseInt(server.send("ZCARD", set))).isBetween(10, 17);
    }
  }

  @Test
  void moreCallersThanConnectionsWaitForOneAndNoLonger() throws Exception {
    try (RedisExactTier narrow =
        RedisExactTier.builder("redis://127.0.0.1:" + proxy.port())
            .maximumConnections(1)
            .deadline(DEADLINE)
            .build()) {
      narrow.store(entry);
      proxy.delay(DEADLINE.multipliedBy(5));
      ExecutorService threads = Executors.newFixedThreadPool(4);
      long start = System.nanoTime();
      List<Callable<String>> work = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        work.add(
            () -> {
              try {
                narrow.fetch(entry.key());
                return "answered";
              } catch (TierException e) {
                return String.valueOf(e.getMessage());
              }
            });
      }
      List<Future<String>> done = threads.invokeAll(work);
      threads.shutdownNow();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(5));
      for (Future<String> message : done) {
        assertThat(message.get()).startsWith("tier redis: ");
      }
    }
  }

  @Test
  void anInterruptIsNotLost() {
    tier.store(entry);
    proxy.hang();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> tier.fetch(entry.key())).isInstanceOf(TierException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  private void fetchAtOnce(int count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    List<Callable<Boolean>> work = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      work.add(() -> tier.fetch(entry.key()).isPresent());
    }
    for (Future<Boolean> done : threads.invokeAll(work)) {
      assertThat(done.get()).isTrue();
    }
    threads.shutdownNow();
  }

  private void fails(String words) {
    long start = System.nanoTime();
    assertThatThrownBy(() -> tier.fetch(entry.key()))
        .isInstanceOf(TierException.class)
        .hasMessageStartingWith("tier redis: ")
        .hasMessageContaining(words);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
  }

  private static void missesOrFails(Callable<Boolean> call) {
    try {
      assertThat(call.call()).isFalse();
    } catch (TierException e) {
      assertThat(e).hasMessageStartingWith("tier redis: ").message().doesNotContain("s3cret");
    } catch (Exception e) {
      throw new AssertionError("only a TierException may leave the tier", e);
    }
  }
}
