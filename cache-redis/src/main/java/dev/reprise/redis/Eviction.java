package dev.reprise.redis;

import dev.reprise.tier.TierException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/*
 * A server that evicts may drop a tag's set and keep the entries that are in it, or drop the stamp of an invalidation. INFO tells of
 * it; hosted servers often refuse CONFIG. The policy may be changed while the server runs, and a restart on persisted data forgets what
 * was evicted: so a server that may evict is trusted only where it runs for longer than entries live.
 */
/** Knows whether servers evict what removal by tag needs. */
final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(30);
  private static final long TRUSTED_SECONDS = TimeUnit.DAYS.toSeconds(31);

  private final RedisCalls calls;
  private boolean isKnown;
  private boolean isWarned;
  private long lookedAt;
  private volatile boolean mayEvict;

  Eviction(RedisCalls calls) {
    this.calls = calls;
  }

  /** Looks at the servers' settings, where that was a while ago, and warns once. */
  synchronized void look() {
    if (isKnown && System.nanoTime() - lookedAt < INTERVAL) {
      return;
    }
    boolean evicts = false;
    for (HostAndPort server : calls.servers()) {
      Map<String, String> memory = info(server, "memory");
      String policy = memory.getOrDefault("maxmemory_policy", "");
      boolean isLimited = !memory.getOrDefault("maxmemory", "0").equals("0");
      if (isLimited && (policy.startsWith("allkeys-") || policy.startsWith("volatile-"))) {
        evicts = true;
        warn(server, policy);
        break;
      }
    }
    mayEvict = evicts;
    isKnown = true;
    lookedAt = System.nanoTime();
  }

  private void warn(HostAndPort server, String policy) {
    if (!isWarned) {
      isWarned = true;
      LOG.warn(
          "tier {}: the server at {} has maxmemory-policy {}, and may evict the sets by which"
              + " entries are removed by tag. Once it has evicted anything, a removal by tag"
              + " walks through all entries, which is slow. Set maxmemory-policy noeviction, and"
              + " maxmemory high enough",
          RedisExactTier.NAME,
          server,
          policy);
    }
  }

  /** Returns whether a tag's set may be gone while its entries are there. */
  boolean mayHaveEvictedSets() {
    try {
      look();
      for (HostAndPort server : calls.servers()) {
        // Whatever the policy is now: what was evicted before is gone.
        if (!info(server, "stats").getOrDefault("evicted_keys", "0").equals("0")
            || (mayEvict && isYoung(server))) {
          return true;
        }
      }
      return false;
    } catch (TierException e) {
      // It may not tell, for lack of a permission.
      LOG.debug("The server does not tell whether it evicts", e);
      return mayEvict;
    }
  }

  private boolean isYoung(HostAndPort server) {
    String uptime = info(server, "server").getOrDefault("uptime_in_seconds", "0");
    return Long.parseLong(uptime) < TRUSTED_SECONDS;
  }

  private Map<String, String> info(HostAndPort server, String section) {
    CommandArguments command = new CommandArguments(Command.INFO).add(RedisKeys.ascii(section));
    Map<String, String> values = new HashMap<>();
    for (String line : RedisWire.text(calls.send(server, command)).lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        values.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return values;
  }
}
