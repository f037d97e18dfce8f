package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.RedisClusterProcesses;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.Entry;
import dev.reprise.tier.TierException;
import java.time.Instant;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.util.JedisClusterCRC16;

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

  /** The tier knows the old owner of the slot; that one answers MOVED. */
  @Test
  void followsASlotThatHasMoved() {
    try (RedisExactTier known = builder().keyPrefix("moved:").deadline(PATIENT).build()) {
      Entry entry = entryOfAnEmptySlot("moved:");
      assertThat(known.fetch(entry.key())).isEmpty();
      int slot = slot("moved:", entry);
      RedisProcess from = owner(slot);
      RedisProcess to = anotherThan(from);
      declare(slot, to);
      try {
        known.store(entry);
        assertThat(known.fetch(entry.key())).isPresent();
        assertThat(to.send("CLUSTER", "COUNTKEYSINSLOT", "" + slot)).isEqualTo("1");
        assertThat(known.invalidate(Tag.of("t"))).isEqualTo(1);
        assertThat(known.fetch(entry.key())).isEmpty();
      } finally {
        declare(slot, from);
      }
    }
  }

  /** While a slot is on its way, its old owner answers ASK for what it does not have. */
  @Test
  void followsASlotThatIsMoving() {
    try (RedisExactTier known = builder().keyPrefix("moving:").deadline(PATIENT).build()) {
      Entry entry = entryOfAnEmptySlot("moving:");
      assertThat(known.fetch(entry.key())).isEmpty();
      int slot = slot("moving:", entry);
      RedisProcess from = owner(slot);
      RedisProcess to = anotherThan(from);
      to.send("CLUSTER", "SETSLOT", "" + slot, "IMPORTING", from.send("CLUSTER", "MYID"));
      from.send("CLUSTER", "SETSLOT", "" + slot, "MIGRATING", to.send("CLUSTER", "MYID"));
      try {
        known.store(entry);
        assertThat(to.send("CLUSTER", "COUNTKEYSINSLOT", "" + slot)).isEqualTo("1");
        assertThat(known.fetch(entry.key())).isPresent();
        assertThat(known.invalidate(Tag.of("t"))).isEqualTo(1);
      } finally {
        declare(slot, from);
      }
    }
  }

  /** The other tests leave thousands of keys; a slot that holds one cannot change hands. */
  private static Entry entryOfAnEmptySlot(String prefix) {
    for (int i = 0; ; i++) {
      Entry entry = Entries.builder("a" + i, Instant.now()).tags(Tag.of("t")).build();
      int slot = slot(prefix, entry);
      if (owner(slot).send("CLUSTER", "COUNTKEYSINSLOT", "" + slot).equals("0")) {
        return entry;
      }
    }
  }

  private static int slot(String prefix, Entry entry) {
    return JedisClusterCRC16.getSlot(new RedisKeys(prefix).entry(entry.key()));
  }

  /** The cluster's slots are dealt out in three parts, in the order of the masters. */
  private static RedisProcess owner(int slot) {
    return cluster.masters().get(Math.min(2, slot / (16_384 / 3)));
  }

  private static RedisProcess anotherThan(RedisProcess master) {
    int index = cluster.masters().indexOf(master);
    return cluster.masters().get((index + 1) % 3);
  }

  /** An empty slot changes hands by declaration alone. */
  private static void declare(int slot, RedisProcess owner) {
    String id = owner.send("CLUSTER", "MYID");
    for (RedisProcess master : cluster.masters()) {
      master.send("CLUSTER", "SETSLOT", "" + slot, "NODE", id);
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
    Eventually.that(
        "it recovers by itself",
        () -> {
          try {
            for (int i = 0; i < 60; i++) {
              fetch("down" + i);
            }
            return true;
          } catch (TierException e) {
            return false;
          }
        });
  }
}
