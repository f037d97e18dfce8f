package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testservers.RedisClusterProcesses;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.testservers.Waiting;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a cluster of three masters, and what only a cluster does. */
class RedisClusterIT extends RedisTierContract {
  private static RedisClusterProcesses cluster;

  @BeforeAll
  static void start() {
    cluster = RedisClusterProcesses.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Override
  RedisExactTier.Builder builder() {
    return RedisExactTier.builder(
        "redis-cluster://"
            + cluster.masters().stream()
                .map(master -> "127.0.0.1:" + master.port())
                .collect(Collectors.joining(",")));
  }

  @Test
  void entriesLieOnAllMasters() {
    for (int i = 0; i < 100; i++) {
      store(Entries.builder("spread" + i, now()).tags(Tag.of("spread")).build());
    }

    for (RedisProcess master : cluster.masters()) {
      assertThat(Integer.parseInt(master.send("DBSIZE"))).isPositive();
    }
    assertThat(invalidate(Tag.of("spread"))).isEqualTo(100);
  }

  @Test
  void followsASlotThatMoves() {
    String name = "moving";
    store(Entries.entry(name, now()));
    RedisProcess from = cluster.masters().get(0);
    RedisProcess to = cluster.masters().get(1);
    // Slot 0 and its neighbours hold nothing: they can change hands by declaration alone.
    String idOfTo = to.send("CLUSTER", "MYID");
    for (RedisProcess master : cluster.masters()) {
      master.send("CLUSTER", "SETSLOT", "0", "NODE", idOfTo);
    }
    try {
      for (int i = 0; i < 50; i++) {
        store(Entries.builder("after" + i, now()).tags(Tag.of("after")).build());
        assertThat(fetch("after" + i)).isPresent();
      }
      assertThat(fetch(name)).isPresent();
      assertThat(invalidate(Tag.of("after"))).isEqualTo(50);
    } finally {
      String idOfFrom = from.send("CLUSTER", "MYID");
      for (RedisProcess master : cluster.masters()) {
        master.send("CLUSTER", "SETSLOT", "0", "NODE", idOfFrom);
      }
    }
  }

  @Test
  void aMasterThatIsDownCostsItsKeysOnly() {
    for (int i = 0; i < 60; i++) {
      store(Entries.entry("down" + i, now()));
    }
    RedisProcess victim = cluster.masters().get(2);
    victim.kill();
    try {
      int served = 0;
      int failed = 0;
      for (int i = 0; i < 60; i++) {
        try {
          served += fetch("down" + i).isPresent() ? 1 : 0;
        } catch (TierException e) {
          failed++;
        }
      }
      assertThat(served).isPositive();
      assertThat(failed).isPositive();
      assertThat(served + failed).isEqualTo(60);
    } finally {
      victim.restart();
    }
    assertThat(
            Waiting.until(
                Duration.ofSeconds(30),
                () -> {
                  try {
                    for (int i = 0; i < 60; i++) {
                      fetch("down" + i);
                    }
                    return true;
                  } catch (TierException e) {
                    return false;
                  }
                }))
        .as("recovers by itself")
        .isTrue();
  }
}
