package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Tag;
import dev.reprise.testing.Entries;
import dev.reprise.testing.FakeClock;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

class RedisExactTierTest {
  @Test
  void defaults() {
    assertThat(RedisExactTier.NAME).isEqualTo("redis");
    assertThat(RedisExactTier.DEFAULT_KEY_PREFIX).isEqualTo("reprise:");
    assertThat(RedisExactTier.DEFAULT_DEADLINE).isEqualTo(Duration.ofMillis(50));
    assertThat(RedisExactTier.SHORTEST_DEADLINE).isEqualTo(Duration.ofMillis(1));
    assertThat(RedisExactTier.LONGEST_DEADLINE).isEqualTo(Duration.ofMinutes(1));
    assertThat(RedisExactTier.DEFAULT_MAXIMUM_CONNECTIONS).isEqualTo(16);
    assertThat(RedisExactTier.MOST_CONNECTIONS).isEqualTo(1024);
    try (RedisExactTier tier = RedisExactTier.builder("redis://localhost").build()) {
      assertThat(tier.name()).isEqualTo("redis");
      assertThat(tier.deadlineOwner()).isEqualTo(DeadlineOwner.TIER);
    }
  }

  /** Nothing listens there; a constructor that asked would fail or wait. */
  @Test
  void buildingAsksNobody() {
    RedisExactTier.builder("redis://127.0.0.1:1").build().close();
    RedisExactTier.builder("redis-sentinel://127.0.0.1:1/m").build().close();
    RedisExactTier.builder("redis-cluster://127.0.0.1:1").build().close();
  }

  @Test
  void refusesWithNameValueAndRange() {
    RedisExactTier.Builder builder = RedisExactTier.builder("redis://localhost");
    assertThatThrownBy(() -> builder.deadline(Duration.ZERO))
        .hasMessage("deadline is PT0S, but must be from PT0.001S to PT1M");
    assertThatThrownBy(() -> builder.maximumConnections(0))
        .hasMessage("maximumConnections is 0, but must be from 1 to 1024");
    for (String prefix : new String[] {"a b", "{tag}", "a\n", "ü", "x".repeat(65)}) {
      assertThatThrownBy(() -> builder.keyPrefix(prefix))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("keyPrefix is \"" + prefix + "\", but must be 0 to 64 visible");
    }
    assertThatThrownBy(() -> RedisExactTier.builder("redis://localhost:port"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its port must be a number from 1 to 65535");
    assertThatThrownBy(
            () ->
                builder.sslSocketFactory((SSLSocketFactory) SSLSocketFactory.getDefault()).build())
        .hasMessage(
            "sslSocketFactory is set, but the url redis://localhost:6379 has no TLS; write rediss");
  }

  @Test
  void keysHoldNoText() {
    RedisKeys keys = new RedisKeys("p:");
    assertThat(new String(keys.entry(Entries.key("a")), StandardCharsets.UTF_8))
        .matches("p:entry:[0-9a-f]{64}");
    assertThat(new String(keys.tag(Tag.of("customer Müller")), StandardCharsets.UTF_8))
        .matches("p:tag:[0-9a-f]{64}");
  }

  @Test
  void aStoredValueOfAnotherLayoutIsAbsent() {
    Entry entry = Entries.builder("a", FakeClock.START).tags(Tag.of("t"), Tag.of("u")).build();
    byte[] value = StoredValue.encode(entry);
    assertThat(StoredValue.decode(entry.key(), value)).contains(entry);

    for (int i = 0; i < value.length; i++) {
      byte[] altered = value.clone();
      altered[i] ^= 0x40;
      if (i < 3 || i >= 3 + 2 * RedisKeys.TAG_BYTES) {
        assertThat(StoredValue.decode(entry.key(), altered)).as("byte %d", i).isEmpty();
      }
    }
    for (int length = 0; length < value.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(value, length);
      assertThat(StoredValue.decode(entry.key(), cut)).isEmpty();
    }
  }
}
