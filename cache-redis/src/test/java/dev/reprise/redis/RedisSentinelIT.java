package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.Entries;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.testservers.Waiting;
import dev.reprise.tier.TierException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The contract on a master that a sentinel names, and a failover to its replica. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisSentinelIT extends RedisTierContract {
  private static RedisProcess master;
  private static RedisProcess replica;
  private static RedisProcess sentinel;

  @BeforeAll
  static void start() {
    master = RedisProcess.start();
    replica =
        RedisProcess.start(
            "--replicaof", "127.0.0.1", "" + master.port(), "--repl-diskless-sync-delay", "0");
    sentinel = RedisProcess.startSentinel("main", master);
  }

  @AfterAll
  static void stop() {
    sentinel.close();
    replica.close();
    master.close();
  }

  @Override
  RedisExactTier.Builder builder() {
    return RedisExactTier.builder("redis-sentinel://127.0.0.1:" + sentinel.port() + "/main");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void goesOnWithTheReplicaWhenTheMasterDies() {
    store(Entries.entry("a", now()));
    assertThat(
            Waiting.until(
                Duration.ofSeconds(30),
                () ->
                    replica.send("INFO", "replication").contains("master_link_status:up")
                        && sentinel.send("SENTINEL", "MASTER", "main").contains("num-slaves\n1")))
        .as("the sentinel knows the replica")
        .isTrue();
    master.kill();

    assertThat(
            Waiting.until(
                Duration.ofSeconds(60),
                () -> {
                  try {
                    tier.store(Entries.entry("b", now()));
                    return tier.fetch(Entries.key("b")).isPresent();
                  } catch (TierException e) {
                    return false;
                  }
                }))
        .as("recovers by itself")
        .isTrue();
  }
}
