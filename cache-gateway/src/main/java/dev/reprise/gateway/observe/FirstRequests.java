package dev.reprise.gateway.observe;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.RequestListener;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once, loudly, where the cache does nothing: where the first {@value #REQUESTS} requests
 * were all bypassed, or their answers not stored, for one reason. Safe for use by several threads.
 */
public final class FirstRequests implements RequestListener {
  /** How many requests are looked at: {@value}. */
  public static final int REQUESTS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(FirstRequests.class);

  private final Map<Reason.Code, Integer> counts = new EnumMap<>(Reason.Code.class);
  private int seen;
  private volatile boolean isOver;

  public FirstRequests() {}

  @Override
  public void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    if (isOver || !(end instanceof CacheEvent.Finished finished)) {
      return;
    }
    Reason reason = reason(finished.outcome());
    boolean isWarned = reason != null && isOnlyReason(reason);
    if (reason == null) {
      // The cache has something to do: it stored an answer, or had one.
      isOver = true;
    } else if (isWarned) {
      warn(reason);
    }
  }

  private static @Nullable Reason reason(Outcome outcome) {
    if (outcome instanceof Outcome.Bypassed bypassed) {
      return bypassed.reason();
    }
    return outcome instanceof Outcome.Computed computed
            && computed.wouldHit().isEmpty()
            && computed.admission() instanceof Admission.Skip skip
        ? skip.reason()
        : null;
  }

  private synchronized boolean isOnlyReason(Reason reason) {
    seen++;
    counts.merge(reason.code(), 1, Integer::sum);
    if (seen < REQUESTS || isOver) {
      return false;
    }
    isOver = true;
    return counts.size() == 1;
  }

  private static void warn(Reason reason) {
    LOG.warn(
        "The cache does nothing: all of the first {} requests were bypassed, or not stored, for one"
            + " reason ({}: {}). {}",
        REQUESTS,
        reason.code().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        reason.detail(),
        remedy(reason.code()));
  }

  /** Returns what an operator of a gateway can do about it. */
  static String remedy(Reason.Code code) {
    return switch (code) {
      case UNMAPPABLE ->
          "The body has a member that the gateway does not know how to compare; /admin/decisions or"
              + " the dashboard shows which. Leave it out, or report it";
      case NOT_DETERMINISTIC ->
          "Let clients send temperature 0 or none, or start the gateway with a higher"
              + " --max-temperature, --any-temperature or --when-temperature-is-unset zero (policy:"
              + " max-temperature, any-temperature, when-temperature-is-unset)";
      case CREATIVE, DYNAMIC ->
          "If these requests may be cached all the same, let clients send the header"
              + " X-Reprise-Use-Case: faq, or set --use-case NAME=exact (policy: use-case)";
      case UNKNOWN_USE_CASE ->
          "Configure the use case that clients name in X-Reprise-Use-Case: --use-case NAME=semantic"
              + " (policy: use-case)";
      case NO_DOCUMENTS ->
          "The use case needs the versions of its documents: let clients send"
              + " X-Reprise-Documents: IDENTIFIER=VERSION, or name another X-Reprise-Use-Case";
      case CALLER, NO_STORE ->
          "Clients ask for that: they send Cache-Control: no-store or no-cache. Let them leave it"
              + " out";
      case TOOL_CALLS ->
          "The answers ask for tools to be called. Start the gateway with --cache-tool-calls"
              + " (policy: cache-tool-calls) if calling them again does no harm";
      case TOO_LARGE ->
          "Allow longer answers with --max-payload-characters (policy: max-payload-characters)";
      case TRUNCATED -> "The answers are cut off: let clients raise max_tokens";
      case EMPTY, FILTERED, REFUSED, INCOMPLETE ->
          "Look at what the upstream answers: ./reprise stats and the dashboard show the latest";
      case UNAVAILABLE ->
          "A tier of the cache does not take answers: see the warnings above, and reprise_trouble"
              + " in /metrics";
      case INVALIDATED -> "Something invalidates the answers while they are made";
      case NO_SCOPE, CLOSED -> "The gateway is stopping";
      case OFF ->
          "Serve hits with --mode live, or only count them with --mode shadow (policy: mode,"
              + " mode-for-use-case, mode-for-scope)";
      case SHADOW -> "Shadow mode serves nothing; --mode live does (policy: mode)";
      case RULE -> "A rule of your configuration says so: look at policy: use-case";
    };
  }
}
