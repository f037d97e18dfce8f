package dev.reprise.testservers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A private Redis Cluster of three masters, without replicas. */
public final class RedisClusterProcesses implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final int MASTERS = 3;

  private final List<RedisProcess> masters;

  private RedisClusterProcesses(List<RedisProcess> masters) {
    this.masters = masters;
  }

  /** Starts it and waits until all slots are served. */
  public static RedisClusterProcesses start() {
    List<RedisProcess> masters = new ArrayList<>();
    for (int i = 0; i < MASTERS; i++) {
      masters.add(
          RedisProcess.start(
              "--cluster-enabled", "yes",
              "--cluster-node-timeout", "2000",
              "--cluster-require-full-coverage", "no"));
    }
    RedisClusterProcesses cluster = new RedisClusterProcesses(masters);
    for (int i = 0; i < MASTERS; i++) {
      List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      for (int slot = i * SLOTS / MASTERS; slot < (i + 1) * SLOTS / MASTERS; slot++) {
        command.add(Integer.toString(slot));
      }
      masters.get(i).send(command.toArray(new String[0]));
      if (i > 0) {
        masters.get(i).send("CLUSTER", "MEET", "127.0.0.1", "" + masters.get(0).port());
      }
    }
    if (!Waiting.until(Duration.ofSeconds(30), cluster::isComplete)) {
      cluster.close();
      throw new TestServerException("the Redis Cluster of three masters did not come together");
    }
    return cluster;
  }

  /** Returns the three masters. */
  public List<RedisProcess> masters() {
    return List.copyOf(masters);
  }

  private boolean isComplete() {
    return masters.stream()
        .map(master -> master.send("CLUSTER", "INFO"))
        .allMatch(
            info ->
                info.contains("cluster_state:ok")
                    && info.contains("cluster_slots_ok:" + SLOTS)
                    && info.contains("cluster_known_nodes:" + MASTERS));
  }

  @Override
  public void close() {
    masters.forEach(RedisProcess::close);
  }
}
