package dev.reprise.redis;

import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;

/**
 * Knows which server has a key. Every method may throw a JedisException; connections are closed by
 * whoever took them.
 */
interface RedisTopology extends AutoCloseable {
  /** Returns what is equal for two keys that are on one server. */
  Object server(byte[] key);

  /** Returns a connection to the server that has {@code key}. */
  Connection connection(byte[] key);

  /** Returns a connection to the server that another one named. */
  Connection connection(HostAndPort server);

  /**
   * Takes note that a connection to the server that has {@code key} was lost: idle ones are likely
   * to be dead, too, and the key may have gone to another server.
   */
  void lost(byte[] key);

  /** Takes note that keys have moved between servers. */
  void moved();

  @Override
  void close();
}
