package dev.reprise.redis;

import dev.reprise.tier.TierException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/*
 * A server that evicts may drop a tag's set and keep the entries that are in it, or drop the stamp of an invalidation. INFO tells of
 * it; hosted servers often refuse CONFIG.
 */
/** Knows whether servers evict what removal by tag needs. */
final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);

  private final RedisCalls calls;
  private boolean isKnown;
  private volatile boolean mayEvict;

  Eviction(RedisCalls calls) {
    this.calls = calls;
  }

  /** Looks at the servers' settings, once, and warns. */
  synchronized void look() {
    if (isKnown) {
      return;
    }
    for (HostAndPort server : calls.servers()) {
      Map<String, String> memory = info(server, "memory");
      String policy = memory.getOrDefault("maxmemory_policy", "");
      boolean isLimited = !memory.getOrDefault("maxmemory", "0").equals("0");
      if (isLimited && (policy.startsWith("allkeys-") || policy.startsWith("volatile-"))) {
        mayEvict = true;
        LOG.warn(
            "tier {}: the server at {} has maxmemory-policy {}, and may evict the sets by which"
                + " entries are removed by tag. Once it has evicted anything, a removal by tag"
                + " walks through all entries, which is slow. Set maxmemory-policy noeviction, and"
                + " maxmemory high enough",
            RedisExactTier.NAME,
            server,
            policy);
        break;
      }
    }
    isKnown = true;
  }

  /** Returns whether a tag's set may be gone while its entries are there. */
  boolean mayHaveEvictedSets() {
    try {
      look();
      if (!mayEvict) {
        return false;
      }
      for (HostAndPort server : calls.servers()) {
        if (!info(server, "stats").getOrDefault("evicted_keys", "0").equals("0")) {
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
