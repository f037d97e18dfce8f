package dev.reprise.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.Pool;

/** The master that sentinels name; another one after a failover. */
final class SentinelTopology implements RedisTopology {
  private final Discovery<SentineledConnectionProvider> discovery;

  SentinelTopology(Supplier<SentineledConnectionProvider> connect, Duration deadline) {
    discovery = new Discovery<>(connect, deadline);
  }

  @Override
  public Object server(byte[] key) {
    return this;
  }

  @Override
  public HostAndPort node(byte[] key) {
    return discovery.get().getCurrentMaster();
  }

  @Override
  public Connection connection(byte[] key) {
    return discovery.get().getConnection();
  }

  @Override
  public Connection connection(HostAndPort server) {
    return discovery.get().getConnection();
  }

  @Override
  public List<HostAndPort> servers() {
    return List.of(discovery.get().getCurrentMaster());
  }

  @Override
  public void lost(HostAndPort server) {
    discovery.get().getConnectionMap().values().forEach(Pool::clear);
  }

  @Override
  public void lost(byte[] key) {
    discovery.get().getConnectionMap().values().forEach(Pool::clear);
  }

  @Override
  public void moved() {}

  @Override
  public void close() {
    discovery.close();
  }
}
