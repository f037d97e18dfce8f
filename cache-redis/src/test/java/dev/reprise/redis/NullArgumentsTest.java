package dev.reprise.redis;

import dev.reprise.testing.NullArguments;
import org.junit.jupiter.api.Test;

/** Null is refused at once, and the parameter is named. */
class NullArgumentsTest {
  @Test
  void theTierRefusesIt() {
    NullArguments.areRefusedBy(RedisExactTier.class, "builder");
    NullArguments.areRefusedBy(RedisExactTier.builder("redis://127.0.0.1:1"));
  }
}
