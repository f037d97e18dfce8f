package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.tier.InstanceBoard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of the gateway that share a cache. Each shows its counts to the others every few
 * seconds, so that any of them knows all. Safe for use by several threads.
 */
public final class Fleet implements AutoCloseable {
  /** How often an instance shows its counts. */
  static final Duration INTERVAL = Duration.ofSeconds(3);

  /** An instance that showed nothing for so long is not there any more. */
  static final Duration LIFE = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
  private static final String HIT_RATE = "hitRate";

  private final Optional<InstanceBoard> board;
  private final AdminStats stats;
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor thread;
  private volatile String name = "";

  /**
   * @param board empty where no other instance shares the cache
   * @param stats what this instance counted
   */
  public Fleet(Optional<InstanceBoard> board, AdminStats stats, InstantSource clock) {
    this.board = board;
    this.stats = stats;
    this.clock = clock;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "reprise-fleet");
              made.setDaemon(true);
              return made;
            });
  }

  /** Begins to show this instance, by the machine's name and {@code port}. */
  public void start(int port) {
    name = host() + ":" + port;
    if (board.isPresent()) {
      var unused =
          thread.scheduleWithFixedDelay(this::show, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private void show() {
    try {
      board.ifPresent(shared -> shared.show(name, own().toString(), LIFE));
    } catch (RuntimeException e) {
      LOG.debug("The counts of this instance could not be shown; they are shown again", e);
    }
  }

  private ObjectNode own() {
    ObjectNode own = stats.counts();
    own.put("shownAt", clock.instant().toString());
    return own;
  }

  /** Returns what this instance counted, each instance, and their sum. */
  ObjectNode json() {
    ObjectNode json = stats.json();
    json.put("instance", name);
    Map<String, ObjectNode> all = new TreeMap<>();
    boolean isWhole = read(all);
    all.put(name, own());
    ObjectNode sum = Json.object();
    all.values().forEach(one -> add(sum, one));
    sum.put(HIT_RATE, hitRate(sum));
    if (sum.get("shadow") instanceof ObjectNode shadow) {
      shadow.put(HIT_RATE, share(hits(shadow), shadow.path("lookups").asLong()));
    }
    sum.put("instances", all.size());
    sum.put("isWhole", isWhole);
    json.set("fleet", sum);
    ObjectNode instances = json.putObject("instances");
    all.forEach(instances::set);
    return json;
  }

  /** Reads what the instances show. Returns false where they could not be asked. */
  private boolean read(Map<String, ObjectNode> all) {
    try {
      board
          .map(InstanceBoard::texts)
          .orElse(Map.of())
          .forEach(
              (instance, text) ->
                  Json.readObject(text).ifPresent(shown -> all.put(instance, shown)));
      return true;
    } catch (RuntimeException e) {
      LOG.debug("The other instances could not be asked for their counts", e);
      return false;
    }
  }

  private static void add(ObjectNode sum, ObjectNode one) {
    for (Map.Entry<String, JsonNode> member : one.properties()) {
      String key = member.getKey();
      JsonNode value = member.getValue();
      if (value.isIntegralNumber()) {
        sum.put(key, sum.path(key).asLong() + value.asLong());
      } else if (value.isNumber()) {
        sum.put(key, sum.path(key).asDouble() + value.asDouble());
      } else if (value instanceof ObjectNode inner) {
        add(sum.withObjectProperty(key), inner);
      }
    }
  }

  private static double hitRate(ObjectNode counted) {
    long others = counted.path("computed").asLong() + counted.path("unsatisfied").asLong();
    return share(hits(counted), hits(counted) + others);
  }

  private static double share(long some, long all) {
    return all == 0 ? 0 : (double) some / all;
  }

  private static long hits(ObjectNode counted) {
    return counted.path("exactHits").asLong()
        + counted.path("semanticHits").asLong()
        + counted.path("curatedHits").asLong();
  }

  /** Takes this instance out of what the others see. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      board.ifPresent(shared -> shared.hide(name));
    } catch (RuntimeException e) {
      LOG.debug("This instance could not be taken out; it disappears by itself", e);
    }
  }
}
