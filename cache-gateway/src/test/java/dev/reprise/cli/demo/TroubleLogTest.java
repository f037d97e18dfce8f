package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEvent;
import dev.reprise.key.ExactKey;
import dev.reprise.model.ContentHash;
import dev.reprise.tier.TierException;
import org.junit.jupiter.api.Test;

class TroubleLogTest {
  @Test
  void countsByPartAndKeepsTheFirstMessage() {
    TroubleLog log = new TroubleLog();
    log.onEvent(new CacheEvent.Trouble("redis", new TierException("redis", "refused")));
    log.onEvent(new CacheEvent.Trouble("redis", new TierException("redis", "timed out")));
    log.onEvent(new CacheEvent.Circuit("redis", CacheEvent.CircuitState.OPEN));
    log.onEvent(new CacheEvent.Circuit("redis", CacheEvent.CircuitState.OPEN));
    log.onEvent(new CacheEvent.Circuit("redis", CacheEvent.CircuitState.CLOSED));
    log.onEvent(new CacheEvent.WriteDropped(new ExactKey(ContentHash.of(new byte[] {1}))));
    log.onEvent(new CacheEvent.Cancelled());

    assertThat(log.lines())
        .containsExactly(
            "redis: failed 2 times, first with: tier redis: refused",
            "redis: failed too often; the cache went on without it",
            "redis: answered again",
            "1 rows were not written to the semantic tier");
  }
}
