package dev.reprise.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The masters of a cluster, each with its slots. */
final class ClusterTopology implements RedisTopology {
  private final Discovery<ClusterConnectionProvider> discovery;

  ClusterTopology(Supplier<ClusterConnectionProvider> connect, Duration deadline) {
    discovery = new Discovery<>(connect, deadline);
  }

  @Override
  public Object server(byte[] key) {
    return node(key);
  }

  @Override
  public Connection connection(byte[] key) {
    return connection(node(key));
  }

  @Override
  public Connection connection(HostAndPort server) {
    return discovery.get().getConnection(server);
  }

  @Override
  public List<HostAndPort> servers() {
    return discovery.get().getPrimaryNodes().keySet().stream().map(HostAndPort::from).toList();
  }

  @Override
  public void lost(byte[] key) {
    lost(node(key));
  }

  @Override
  public void lost(HostAndPort node) {
    ConnectionPool pool = discovery.get().getNodes().get(node.toString());
    if (pool != null) {
      pool.clear();
    }
    moved();
  }

  @Override
  public void moved() {
    ClusterConnectionProvider provider = discovery.get();
    discovery.refresh(provider::renewSlotCache);
  }

  @Override
  public void close() {
    discovery.close();
  }

  @Override
  public HostAndPort node(byte[] key) {
    HostAndPort node = discovery.get().getNode(JedisClusterCRC16.getSlot(key));
    if (node == null) {
      moved();
      throw new JedisConnectionException("no node of the cluster serves the key's slot");
    }
    return node;
  }
}
