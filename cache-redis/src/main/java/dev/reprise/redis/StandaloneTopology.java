package dev.reprise.redis;

import java.time.Duration;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** One server. */
final class StandaloneTopology implements RedisTopology {
  private final HostAndPort server;
  private final IdleConnections pool;

  StandaloneTopology(
      HostAndPort server, JedisClientConfig client, int mostConnections, Duration patience) {
    this.server = server;
    pool = new IdleConnections(server, client, mostConnections, patience, System::nanoTime);
  }

  @Override
  public Object server(byte[] key) {
    return this;
  }

  @Override
  public HostAndPort node(byte[] key) {
    return server;
  }

  @Override
  public Connection connection(byte[] key) {
    return pool.take();
  }

  @Override
  public Connection connection(HostAndPort server) {
    return pool.take();
  }

  @Override
  public List<HostAndPort> servers() {
    return List.of(server);
  }

  @Override
  public void lost(byte[] key) {
    pool.clear();
  }

  @Override
  public void lost(HostAndPort server) {
    pool.clear();
  }

  @Override
  public void moved() {}

  @Override
  public void close() {
    pool.close();
  }
}
