package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.Entry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that may evict the sets of tags: one warning, and removal by tag all the same. */
class EvictionIT {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Tag TAG = Tag.of("prices");

  private static RedisExactTier tier(RedisProcess server) {
    return RedisExactTier.builder("redis://127.0.0.1:" + server.port()).deadline(DEADLINE).build();
  }

  /** Returns what is logged while an engine starts on {@code server} and until it has looked. */
  private static String log(RedisProcess server) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(captured, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try (CacheEngine engine = CacheEngine.builder().exactTier(tier(server)).build()) {
      Eventually.that("it looks twice", PATIENCE, () -> asked(server) >= 2);
      assertThat(engine.stats().requests()).isZero();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }

  /** Returns how often the server was asked for its time: right before the policy is looked at. */
  private static int asked(RedisProcess server) {
    return server
        .send("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_time:calls="))
        .map(line -> line.replaceAll("^cmdstat_time:calls=(\\d+).*", "$1").strip())
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  @ParameterizedTest
  @CsvSource({
    "allkeys-lru, 100mb, 1",
    "volatile-ttl, 100mb, 1",
    "noeviction, 100mb, 0",
    "allkeys-lru, 0, 0"
  })
  void aPolicyThatEvictsIsWarnedOfOnce(String policy, String limit, int warnings) {
    try (RedisProcess server =
        RedisProcess.start("--maxmemory", limit, "--maxmemory-policy", policy)) {
      assertThat(
              log(server).lines().filter(line -> line.contains("has maxmemory-policy " + policy)))
          .hasSize(warnings);
    }
  }

  /** As after a restart on persisted data: the server has forgotten that it evicted. */
  @Test
  void whereTheServerMayEvictItsCountIsNotTrustedAtOnce() {
    try (RedisProcess server =
            RedisProcess.start("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        RedisExactTier tier = tier(server)) {
      assertRemovedWithoutItsSet(server, tier);
    }
  }

  /** As an operator does who has read the warning: the sets are gone all the same. */
  @Test
  void whatWasEvictedBeforeThePolicyWasChangedIsRemoved() {
    try (RedisProcess server =
            RedisProcess.start("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-random");
        RedisExactTier tier = tier(server)) {
      evictOne(server);
      server.send("CONFIG", "SET", "maxmemory-policy", "noeviction");
      assertRemovedWithoutItsSet(server, tier);
    }
  }

  @Test
  void whatHasATagWhoseSetWasEvictedIsRemovedAllTheSame() {
    try (RedisProcess server =
            RedisProcess.start("--maxmemory", "3mb", "--maxmemory-policy", "allkeys-random");
        RedisExactTier tier = tier(server)) {
      evictOne(server);
      assertRemovedWithoutItsSet(server, tier);
    }
  }

  private static void evictOne(RedisProcess server) {
    String filler = "x".repeat(50_000);
    for (int i = 0; server.send("INFO", "stats").contains("evicted_keys:0"); i++) {
      server.send("SET", "filler:" + i, filler);
      assertThat(i).as("it evicts").isLessThan(10_000);
    }
    server.send("CONFIG", "SET", "maxmemory", "100mb");
  }

  private static void assertRemovedWithoutItsSet(RedisProcess server, RedisExactTier tier) {
    Entry entry = Entries.builder("a", Instant.now()).tags(TAG).build();
    tier.store(entry);
    assertThat(tier.fetch(entry.key())).isPresent();
    String set = new String(new RedisKeys("reprise:").tag(TAG), StandardCharsets.ISO_8859_1);
    assertThat(server.send("UNLINK", set)).contains("1");

    assertThat(tier.invalidate(TAG)).isEqualTo(1);

    assertThat(tier.fetch(entry.key())).isEmpty();
  }
}
