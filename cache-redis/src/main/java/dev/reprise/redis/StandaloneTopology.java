package dev.reprise.redis;

import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** One server. */
final class StandaloneTopology implements RedisTopology {
  private final ConnectionPool pool;

  StandaloneTopology(HostAndPort server, JedisClientConfig client, ConnectionPoolConfig pooling) {
    pool = new ConnectionPool(server, client, pooling);
  }

  @Override
  public Object server(byte[] key) {
    return this;
  }

  @Override
  public Connection connection(byte[] key) {
    return pool.getResource();
  }

  @Override
  public Connection connection(HostAndPort server) {
    return pool.getResource();
  }

  @Override
  public void lost(byte[] key) {
    pool.clear();
  }

  @Override
  public void moved() {}

  @Override
  public void close() {
    pool.close();
  }
}
