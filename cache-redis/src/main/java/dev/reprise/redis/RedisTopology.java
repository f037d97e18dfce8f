package dev.reprise.redis;

import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;

/**
 * Knows which server has a key. Every method may throw a JedisException; connections are closed by
 * whoever took them.
 */
interface RedisTopology extends AutoCloseable {
  /** Returns what is equal for two keys that are on one server. */
  Object server(byte[] key);

  /** Returns where the server is that has {@code key}. */
  HostAndPort node(byte[] key);

  /** Returns a connection to the server that has {@code key}. */
  Connection connection(byte[] key);

  /** Returns a connection to the server that another one named. */
  Connection connection(HostAndPort server);

  /** Returns the servers that have keys. */
  List<HostAndPort> servers();

  /**
   * Takes note that a connection to the server that has {@code key} was lost: idle ones are likely
   * to be dead, too, and the key may have gone to another server.
   */
  void lost(byte[] key);

  /** Takes note that a connection to {@code server} was lost. */
  void lost(HostAndPort server);

  /** Takes note that keys have moved between servers. */
  void moved();

  @Override
  void close();
}
