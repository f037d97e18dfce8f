package dev.reprise.benchmarks;

import java.time.Duration;

/** Where the servers of this run are: the command starts or finds them, and tells each fork. */
final class Servers {
  /** How long a call waits: a benchmark measures slow answers, too, instead of cutting them off. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  static final String REDIS = "reprise.benchmark.redis";
  static final String MILVUS = "reprise.benchmark.milvus";

  private Servers() {}

  static String redisUrl() {
    return property(REDIS);
  }

  static String milvusUri() {
    return property(MILVUS);
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          name + " is not set; run the benchmarks with ./reprise bench, which finds the server");
    }
    return value;
  }
}
