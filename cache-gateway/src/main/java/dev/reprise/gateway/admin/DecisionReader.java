package dev.reprise.gateway.admin;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Cost;
import dev.reprise.engine.NearMiss;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Timings;
import dev.reprise.gateway.admin.Decision.Kind;
import dev.reprise.gateway.http.RequestSize;
import dev.reprise.gateway.http.Texts;
import dev.reprise.gateway.http.UpstreamReply;
import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.model.Similarity;
import dev.reprise.policy.Admission;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Decision} of a request and its end. Takes as long as their texts are. Pure. */
final class DecisionReader {
  /** The longest question that is kept for people, in characters: {@value}. */
  static final int LONGEST_QUESTION = 400;

  /** The longest answer that is kept for people, in characters: {@value}. */
  static final int LONGEST_ANSWER = 600;

  /** A request with more text than this is not kept, in characters: {@value}. */
  static final int LONGEST_REQUEST = 32_768;

  private DecisionReader() {}

  /** Returns what became of {@code request}, without a number. */
  static Decision read(@Nullable CacheRequest request, CacheEvent.Terminal end, Instant at) {
    if (end instanceof CacheEvent.Finished finished) {
      return read(request, finished.outcome(), at);
    }
    boolean hasFailed = end instanceof CacheEvent.Failed;
    return decision(
        request,
        at,
        hasFailed ? Kind.FAILED : Kind.CANCELLED,
        new Parts(),
        end instanceof CacheEvent.Failed failed ? why(failed.cause()) : "");
  }

  /** Only what says nothing of the user's: messages of exceptions may quote him. */
  private static String why(Throwable cause) {
    return cause instanceof UpstreamReply.PassedOn passedOn
        ? "the upstream answered " + passedOn.reply().status()
        : cause.getClass().getSimpleName();
  }

  private static Decision read(@Nullable CacheRequest request, Outcome outcome, Instant at) {
    Parts parts = new Parts();
    parts.timings = outcome.timings();
    if (outcome instanceof Outcome.Answered answered) {
      parts.answer = Texts.cut(answered.answer().text(), LONGEST_ANSWER);
    }
    if (outcome instanceof Outcome.Hit hit) {
      parts.found(hit);
      parts.savedTime = hit.saving().time();
      parts.savedDollars = hit.saving().cost() instanceof Cost.Dollars known ? known.usd() : null;
      return decision(request, at, Kind.of(hit), parts, "");
    } else if (outcome.wouldHit().isPresent()) {
      Outcome.Hit hit = outcome.wouldHit().get();
      parts.found(hit);
      return decision(request, at, Kind.ofWould(hit), parts, "");
    } else if (outcome instanceof Outcome.Bypassed bypassed) {
      return decision(request, at, Kind.BYPASS, parts, why(bypassed.reason()));
    } else if (outcome instanceof Outcome.Computed computed) {
      parts.nearest = computed.nearest().map(DecisionReader::cut).orElse(null);
      return decision(
          request,
          at,
          Kind.MISS,
          parts,
          computed.admission() instanceof Admission.Skip skip ? why(skip.reason()) : "");
    }
    return decision(request, at, Kind.UNSATISFIED, parts, "");
  }

  private static String why(Reason reason) {
    return reason.code().name().toLowerCase(Locale.ROOT).replace('_', '-') + ": " + reason.detail();
  }

  private static NearMiss cut(NearMiss whole) {
    return new NearMiss(
        whole.entry(),
        Texts.cut(whole.question(), LONGEST_QUESTION),
        whole.similarity(),
        whole.confidence(),
        whole.stage(),
        whole.why());
  }

  private static Decision decision(
      @Nullable CacheRequest request, Instant at, Kind kind, Parts parts, String reason) {
    return new Decision(
        0,
        at,
        kind,
        request == null ? "" : request.scope().name(),
        request == null ? "" : request.model(),
        request == null ? "" : Texts.cut(Canonicalizer.questionText(request), LONGEST_QUESTION),
        parts.answer,
        parts.tier,
        parts.similarity,
        parts.confidence,
        Texts.cut(reason, LONGEST_QUESTION),
        parts.entry,
        parts.age,
        parts.savedTime,
        parts.savedDollars,
        parts.timings,
        parts.nearest,
        request != null && RequestSize.isAtMost(request, LONGEST_REQUEST) ? request : null);
  }

  /** What only some ends have. */
  private static final class Parts {
    private String answer = "";
    private String tier = "";
    private @Nullable Double similarity;
    private @Nullable Double confidence;
    private @Nullable ExactKey entry;
    private @Nullable Duration age;
    private Duration savedTime = Duration.ZERO;
    private @Nullable Double savedDollars;
    private @Nullable Timings timings;
    private @Nullable NearMiss nearest;

    /** Takes over which entry a hit served, or would have served. */
    private void found(Outcome.Hit hit) {
      entry = hit.entry().key();
      age = hit.age();
      if (hit instanceof Outcome.ExactHit exact) {
        tier = exact.tier();
      } else if (hit instanceof Outcome.SemanticHit semantic) {
        tier = "semantic";
        similarity = semantic.similarity().cosine();
        confidence = semantic.confidence();
      } else if (hit instanceof Outcome.CuratedHit curated) {
        tier = "curated";
        similarity = curated.similarity().map(Similarity::cosine).orElse(null);
        confidence = curated.confidence();
      }
    }
  }
}
