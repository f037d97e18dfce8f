package dev.reprise.gateway.http;

import dev.reprise.engine.Cost;
import dev.reprise.engine.Outcome;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import dev.reprise.policy.UpstreamTemperature;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of an answer that tell what the cache did. */
public final class OutcomeHeaders {
  /** What the cache did: {@value}. */
  public static final String CACHE = "X-Reprise-Cache";

  public static final String TIER = "X-Reprise-Tier";
  public static final String SIMILARITY = "X-Reprise-Similarity";
  static final String CONFIDENCE = "X-Reprise-Confidence";
  static final String AGE = "X-Reprise-Age";
  public static final String ENTRY = "X-Reprise-Entry";
  static final String SAVED_MS = "X-Reprise-Saved-Ms";
  static final String SAVED_USD = "X-Reprise-Saved-Usd";
  public static final String REASON = "X-Reprise-Reason";

  /** Which curated entry was served, and of which version of the set: {@value}. */
  static final String CURATED = "X-Reprise-Curated";

  /** What live mode would have done, in shadow mode: {@value}. */
  public static final String SHADOW = "X-Reprise-Shadow";

  /** At which temperature the model was asked, where the request sets none: {@value}. */
  static final String TEMPERATURE = "X-Reprise-Temperature";

  private static final String SET_TO_ZERO = "set-to-0";

  static final String HIT_EXACT = "hit-exact";
  static final String HIT_SEMANTIC = "hit-semantic";
  public static final String MISS = "miss";
  static final String BYPASS = "bypass";
  public static final String PASSED = "passed";
  static final String HIT_CURATED = "hit-curated";
  private static final String WOULD = "would-";
  static final String WOULD_MISS = "would-miss";

  private OutcomeHeaders() {}

  /**
   * Returns the headers of {@code outcome}.
   *
   * @param request null where it could not be mapped
   */
  public static Map<String, String> of(Outcome outcome, @Nullable CacheRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (outcome instanceof Outcome.Hit hit) {
      headers.put(CACHE, kind(hit));
      hit(headers, hit);
      saving(hit.saving(), headers);
    } else if (outcome instanceof Outcome.Bypassed bypassed) {
      return bypass(bypassed.reason());
    } else {
      headers.put(CACHE, MISS);
    }
    if (outcome instanceof Outcome.Answered answered) {
      temperature(headers, answered.temperature());
    }
    if (outcome instanceof Outcome.Computed computed) {
      if (computed.admission() instanceof Admission.Skip skip) {
        headers.put(REASON, reason(skip.reason()));
      } else if (request != null) {
        entry(asked(request, computed.temperature()), headers);
      }
    }
    outcome.shadow().ifPresent(shadow -> shadow(headers, shadow));
    return headers;
  }

  private static String kind(Outcome.Hit hit) {
    if (hit instanceof Outcome.CuratedHit) {
      return HIT_CURATED;
    }
    return hit instanceof Outcome.ExactHit ? HIT_EXACT : HIT_SEMANTIC;
  }

  /** Tells in {@code headers} which entry a hit served, or would have served. */
  private static void hit(Map<String, String> headers, Outcome.Hit hit) {
    if (hit instanceof Outcome.ExactHit exact) {
      headers.put(TIER, printable(exact.tier()));
    } else if (hit instanceof Outcome.SemanticHit semantic) {
      headers.put(TIER, "semantic");
      headers.put(SIMILARITY, decimal(semantic.similarity().cosine()));
      headers.put(CONFIDENCE, decimal(semantic.confidence()));
    }
    if (hit instanceof Outcome.CuratedHit curated) {
      headers.put(TIER, "curated");
      curated
          .similarity()
          .ifPresent(similarity -> headers.put(SIMILARITY, decimal(similarity.cosine())));
      headers.put(CONFIDENCE, decimal(curated.confidence()));
      headers.put(CURATED, printable(curated.id()) + "; version=" + curated.version());
    }
    headers.put(AGE, String.valueOf(hit.age().toSeconds()));
    headers.put(ENTRY, hit.entry().key().hex());
  }

  /** Returns the headers of a request of shadow mode whose end is not known yet. */
  public static Map<String, String> shadow(Outcome.Shadow shadow) {
    Map<String, String> headers = new LinkedHashMap<>(miss());
    shadow(headers, shadow);
    return headers;
  }

  private static void shadow(Map<String, String> headers, Outcome.Shadow shadow) {
    if (shadow instanceof Outcome.Shadow.WouldHit would) {
      headers.put(SHADOW, WOULD + kind(would.hit()));
      hit(headers, would.hit());
    } else {
      headers.put(SHADOW, WOULD_MISS);
    }
  }

  /** Returns {@code request} as it was asked, and stored. */
  private static CacheRequest asked(CacheRequest request, UpstreamTemperature temperature) {
    return temperature == UpstreamTemperature.ZERO
        ? request.withParameter(CacheRequest.TEMPERATURE, 0L)
        : request;
  }

  /** Tells in {@code headers} at which temperature the model was asked. */
  public static void temperature(Map<String, String> headers, UpstreamTemperature temperature) {
    switch (temperature) {
      case ZERO -> headers.put(TEMPERATURE, SET_TO_ZERO);
      case AS_REQUESTED -> headers.remove(TEMPERATURE);
    }
  }

  /** Returns the headers of an answer that goes past the cache. */
  public static Map<String, String> bypass(Reason reason) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(CACHE, BYPASS);
    headers.put(REASON, reason(reason));
    return headers;
  }

  /**
   * Returns the headers of a reply of the upstream that is handed on as it is: none where it is an
   * error, which speaks for itself.
   */
  static Map<String, String> passedOn(UpstreamReply reply) {
    if (reply.status() >= 300) {
      return Map.of();
    }
    String why =
        UpstreamReply.encoding(reply.headers())
            .map(
                encoding ->
                    "the upstream compressed its reply (Content-Encoding: "
                        + encoding
                        + ") though it was asked not to")
            .orElse(
                "the upstream's reply is not what its protocol says, and was handed on as it is");
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(CACHE, MISS);
    headers.put(REASON, reason(new Reason(Reason.Code.INCOMPLETE, why)));
    return headers;
  }

  /** Returns the headers of a miss whose end is not known yet. */
  public static Map<String, String> miss() {
    return Map.of(CACHE, MISS);
  }

  private static void entry(CacheRequest request, Map<String, String> headers) {
    headers.put(ENTRY, Canonicalizer.exactKey(request).hex());
  }

  private static void saving(Outcome.Saving saving, Map<String, String> headers) {
    headers.put(SAVED_MS, String.valueOf(milliseconds(saving.time())));
    if (saving.cost() instanceof Cost.Dollars dollars) {
      headers.put(SAVED_USD, String.format(Locale.ROOT, "%.6f", dollars.usd()));
    }
  }

  private static long milliseconds(Duration time) {
    return time.toMillis();
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.4f", number);
  }

  private static String reason(Reason reason) {
    return reason.code().name().toLowerCase(Locale.ROOT).replace('_', '-')
        + "; "
        + printable(reason.detail());
  }

  /** Returns {@code text} with what a header cannot carry replaced. */
  public static String printable(String text) {
    StringBuilder kept = new StringBuilder();
    text.chars().forEach(c -> kept.append(c >= ' ' && c < 127 ? (char) c : '?'));
    return kept.toString();
  }
}
