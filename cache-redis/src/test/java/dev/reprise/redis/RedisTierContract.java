package dev.reprise.redis;

import dev.reprise.testing.ExactTierContract;
import dev.reprise.testing.FakeClock;
import dev.reprise.tier.ExactTier;
import java.time.Duration;
import java.util.UUID;

/** The contract on a Redis that a subclass names; each test has a key prefix of its own. */
abstract class RedisTierContract extends ExactTierContract {
  /** Long: these tests are about what is answered, not about how soon. */
  static final Duration PATIENT = Duration.ofSeconds(20);

  abstract RedisExactTier.Builder builder();

  @Override
  protected ExactTier createTier(FakeClock clock) {
    return builder()
        .keyPrefix("test-" + UUID.randomUUID() + ":")
        .deadline(PATIENT)
        .clock(clock)
        .build();
  }
}
