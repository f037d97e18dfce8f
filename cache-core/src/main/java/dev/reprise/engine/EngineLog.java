package dev.reprise.engine;

import dev.reprise.model.CacheException;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A cache that does nothing looks like one that works. So what goes wrong is said once, where everybody looks, with what to do.
 */
/**
 * Writes to the log what a cache cannot do: once per engine that its first requests were all
 * bypassed or never stored for one reason, the first trouble of each part, circuits that open and
 * close; at DEBUG each outcome. No line holds a user's text. Safe for use by several threads.
 */
final class EngineLog implements CacheListener {
  /** How many requests are looked at: {@value}. */
  static final int FIRST_REQUESTS = 20;

  private static final Logger LOG = LoggerFactory.getLogger("dev.reprise.engine");

  private final Remedies remedies;
  private final Lines lines;
  private final Set<String> troubled = new HashSet<>();
  private final Map<String, String> lastTrouble = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /** Whether all requests until now ended for the reason {@link #first}. */
  private volatile boolean isWatching = true;

  private int requests;
  private @Nullable Idle first;

  /** Where the lines go. */
  interface Lines {
    void warn(String line);

    void info(String line);

    boolean isDebug();

    void debug(String line);
  }

  /**
   * Why a request left nothing in the cache.
   *
   * @param what happened to it
   */
  private record Idle(String what, Reason reason) {}

  EngineLog(Remedies remedies) {
    this(
        remedies,
        new Lines() {
          @Override
          public void warn(String line) {
            LOG.warn(line);
          }

          @Override
          public void info(String line) {
            LOG.info(line);
          }

          @Override
          public boolean isDebug() {
            return LOG.isDebugEnabled();
          }

          @Override
          public void debug(String line) {
            LOG.debug(line);
          }
        });
  }

  EngineLog(Remedies remedies, Lines lines) {
    this.remedies = remedies;
    this.lines = lines;
  }

  @Override
  public void onEvent(CacheEvent event) {
    if (event instanceof CacheEvent.Finished finished) {
      if (lines.isDebug()) {
        lines.debug(line(finished.outcome()));
      }
      if (isWatching) {
        watch(finished.outcome());
      }
    } else if (event instanceof CacheEvent.Trouble trouble) {
      trouble(trouble);
    } else if (event instanceof CacheEvent.Circuit circuit) {
      circuit(circuit);
    }
  }

  private synchronized void watch(Outcome outcome) {
    Idle idle = idle(outcome);
    if (!isWatching) {
      return;
    }
    if (idle == null || (first != null && first.reason().code() != idle.reason().code())) {
      isWatching = false;
      return;
    }
    first = first == null ? idle : first;
    requests++;
    if (requests == FIRST_REQUESTS) {
      isWatching = false;
      String remedy = remedies.remedy(first.reason().code());
      if (remedy.isEmpty()) {
        return;
      }
      lines.warn(
          "The first "
              + FIRST_REQUESTS
              + " requests "
              + first.what()
              + ", so the cache does nothing: "
              + first.reason().code()
              + ", "
              + first.reason().detail()
              + ". What to do: "
              + remedy);
    }
  }

  private static @Nullable Idle idle(Outcome outcome) {
    if (outcome instanceof Outcome.Bypassed bypassed) {
      return new Idle("all bypassed it", bypassed.reason());
    }
    if (outcome instanceof Outcome.Computed computed
        && computed.wouldHit().isEmpty()
        && computed.admission() instanceof Admission.Skip skip) {
      return new Idle("were all misses whose answers are not stored", skip.reason());
    }
    return null;
  }

  private synchronized void trouble(CacheEvent.Trouble trouble) {
    String why = why(trouble.cause());
    lastTrouble.put(trouble.part(), why);
    if (troubled.add(trouble.part())) {
      lines.warn(
          "The cache's part '"
              + trouble.part()
              + "' failed; requests go on without it: "
              + why
              + ". Further failures of it are counted, not logged");
    }
  }

  private synchronized void circuit(CacheEvent.Circuit circuit) {
    if (circuit.state() == CacheEvent.CircuitState.OPEN) {
      // A failed probe tells again that the circuit is open.
      if (open.add(circuit.tier())) {
        lines.warn(
            "The circuit of tier '"
                + circuit.tier()
                + "' opened: it failed too often and is not asked until it answers again. Last"
                + " failure: "
                + lastTrouble.getOrDefault(circuit.tier(), "unknown"));
      }
    } else if (open.remove(circuit.tier())) {
      troubled.remove(circuit.tier());
      lines.info("The circuit of tier '" + circuit.tier() + "' closed: it answers again");
    }
  }

  /** The cache's own exceptions hold no user's text; others may. */
  private static String why(Throwable cause) {
    return cause instanceof CacheException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getName();
  }

  private static String line(Outcome outcome) {
    return outcome
        .wouldHit()
        .map(hit -> "shadow mode, live mode would have had a " + served(hit))
        .orElseGet(() -> served(outcome));
  }

  private static String served(Outcome outcome) {
    if (outcome instanceof Outcome.ExactHit hit) {
      return "hit, exact, tier " + hit.tier() + ", entry " + hit.entry().key();
    }
    if (outcome instanceof Outcome.SemanticHit hit) {
      return "hit, by meaning, cosine "
          + hit.similarity().cosine()
          + ", entry "
          + hit.entry().key();
    }
    if (outcome instanceof Outcome.CuratedHit hit) {
      return "hit, curated, id " + hit.id() + ", version " + hit.version();
    }
    if (outcome instanceof Outcome.Computed computed) {
      return "miss, "
          + (computed.admission() instanceof Admission.Skip skip
              ? "not stored: " + skip.reason().code() + ", " + skip.reason().detail()
              : "stored")
          + (computed.call() == Outcome.Call.SHARED ? ", call shared" : "");
    }
    if (outcome instanceof Outcome.Bypassed bypassed) {
      return "bypass: " + bypassed.reason().code() + ", " + bypassed.reason().detail();
    }
    return "only-if-cached, and nothing is cached";
  }
}
