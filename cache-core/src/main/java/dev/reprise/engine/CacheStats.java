package dev.reprise.engine;

import dev.reprise.match.MatchStage;
import dev.reprise.model.Reason;
import java.time.Duration;
import java.util.Map;

/**
 * The engine's counters since it was built. When no request is in flight, {@code requests} is the
 * sum of {@code exactHits}, {@code semanticHits}, {@code curatedHits}, {@code computed}, {@code
 * bypassed}, {@code unsatisfied}, {@code failed} and {@code cancelled}.
 */
public final class CacheStats {
  private final Requests requests;
  private final Writes writes;
  private final Matching matching;
  private final Breakdown breakdown;
  private final Savings savings;
  private final ShadowStats shadow;

  record Requests(
      long all,
      long exactHits,
      long semanticHits,
      long curatedHits,
      long computed,
      long shared,
      long bypassed,
      long unsatisfied,
      long failed,
      long cancelled,
      long upstreamCalls,
      long waiting) {}

  record Writes(long stored, long notStored, long dropped) {}

  record Matching(long rejected, long judgedSame, long judgedDifferent, long skipped) {}

  record Breakdown(
      Map<String, Long> exactHitsByTier,
      Map<MatchStage, Long> rejectedByStage,
      Map<Reason.Code, Long> bypassedByReason,
      Map<Reason.Code, Long> notStoredByReason,
      Map<String, Long> troubleByPart) {
    Breakdown {
      exactHitsByTier = Map.copyOf(exactHitsByTier);
      rejectedByStage = Map.copyOf(rejectedByStage);
      bypassedByReason = Map.copyOf(bypassedByReason);
      notStoredByReason = Map.copyOf(notStoredByReason);
      troubleByPart = Map.copyOf(troubleByPart);
    }
  }

  record Savings(Duration time, double dollars) {}

  CacheStats(
      Requests requests,
      Writes writes,
      Matching matching,
      Breakdown breakdown,
      Savings savings,
      ShadowStats shadow) {
    this.shadow = shadow;
    this.requests = requests;
    this.writes = writes;
    this.matching = matching;
    this.breakdown = breakdown;
    this.savings = savings;
  }

  /** Returns how many requests ended. */
  public long requests() {
    return requests.all();
  }

  /** Returns how many the exact tier answered. */
  public long exactHits() {
    return requests.exactHits();
  }

  /** Returns how many the semantic tier answered. */
  public long semanticHits() {
    return requests.semanticHits();
  }

  /** Returns how many a curated answer answered. */
  public long curatedHits() {
    return requests.curatedHits();
  }

  /** Returns how many the upstream answered after a lookup. */
  public long computed() {
    return requests.computed();
  }

  /** Returns how many of those computed were answered by the call of an equal request. */
  public long shared() {
    return requests.shared();
  }

  /** Returns how many the upstream answered without a lookup. */
  public long bypassed() {
    return requests.bypassed();
  }

  /** Returns how many wanted only a cached answer, and there was none. */
  public long unsatisfied() {
    return requests.unsatisfied();
  }

  /** Returns how many failed, since the upstream threw. */
  public long failed() {
    return requests.failed();
  }

  /** Returns how many streams their caller cancelled. */
  public long cancelled() {
    return requests.cancelled();
  }

  /** Returns how often the upstream was called. */
  public long upstreamCalls() {
    return requests.upstreamCalls();
  }

  /**
   * Returns how many requests wait at this moment for the upstream call of an equal request. The
   * request that makes the call is not counted.
   */
  public long waiting() {
    return requests.waiting();
  }

  /** Returns how many fresh answers were stored in every exact tier. */
  public long stored() {
    return writes.stored();
  }

  /** Returns how many fresh answers the policy did not admit, or a tier did not take. */
  public long notStored() {
    return writes.notStored();
  }

  /** Returns how many writes for the semantic tier were dropped. */
  public long writesDropped() {
    return writes.dropped();
  }

  /** Returns how many candidates the matcher rejected. */
  public long rejected() {
    return matching.rejected();
  }

  /** Returns how many candidates' answers a judge or feedback found to be right. */
  public long judgedSame() {
    return matching.judgedSame();
  }

  /** Returns how many candidates' answers a judge or feedback found to be wrong. */
  public long judgedDifferent() {
    return matching.judgedDifferent();
  }

  /**
   * Returns how many requests were looked up exactly only, since too many others were embedded and
   * matched at that moment.
   */
  public long searchesSkipped() {
    return matching.skipped();
  }

  /** Returns {@link #exactHits} by the tier's name. */
  public Map<String, Long> exactHitsByTier() {
    return breakdown.exactHitsByTier();
  }

  /** Returns {@link #rejected} by the matcher's stage. */
  public Map<MatchStage, Long> rejectedByStage() {
    return breakdown.rejectedByStage();
  }

  /** Returns {@link #bypassed} by reason. */
  public Map<Reason.Code, Long> bypassedByReason() {
    return breakdown.bypassedByReason();
  }

  /** Returns {@link #notStored} by reason. */
  public Map<Reason.Code, Long> notStoredByReason() {
    return breakdown.notStoredByReason();
  }

  /**
   * Returns the failures of the cache's own parts by the part's name. A tier whose circuit is open
   * is not asked and does not fail.
   */
  public Map<String, Long> troubleByPart() {
    return breakdown.troubleByPart();
  }

  /** Returns the sum of the hits' savings of time. */
  public Duration timeSaved() {
    return savings.time();
  }

  /** Returns the sum of the hits' savings of money, as far as prices are known. */
  public double dollarsSaved() {
    return savings.dollars();
  }

  /** Returns what live mode would have served; all zero without shadow mode. */
  public ShadowStats shadow() {
    return shadow;
  }

  /** Returns hits over requests that were looked up, from 0 to 1; 0 where there were none. */
  public double hitRate() {
    long hits = exactHits() + semanticHits() + curatedHits();
    long lookups = hits + computed() + unsatisfied();
    return lookups == 0 ? 0 : (double) hits / lookups;
  }

  @Override
  public String toString() {
    return "CacheStats["
        + requests
        + ", "
        + writes
        + ", "
        + matching
        + ", "
        + breakdown
        + ", "
        + shadow
        + "]";
  }
}
