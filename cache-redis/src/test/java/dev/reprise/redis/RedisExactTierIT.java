package dev.reprise.redis;

import dev.reprise.testservers.RedisServer;

/** The contract on the shared server. */
class RedisExactTierIT extends RedisTierContract {
  @Override
  RedisExactTier.Builder builder() {
    return RedisExactTier.builder(RedisServer.shared().url());
  }
}
