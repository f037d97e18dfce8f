package dev.reprise.engine;

import dev.reprise.match.MatchStage;
import dev.reprise.model.Reason;
import java.time.Duration;
import java.util.Map;

/**
 * What the engine has counted since it was built. When no request is under way, {@code requests} is
 * the sum of {@code exactHits}, {@code semanticHits}, {@code computed}, {@code bypassed}, {@code
 * unsatisfied}, {@code failed} and {@code cancelled}.
 *
 * @param requests requests that ended
 * @param exactHits answered by the exact tier
 * @param semanticHits answered by the semantic tier
 * @param computed answered by the upstream after a lookup
 * @param shared of those computed, answered by the call of an equal request
 * @param bypassed answered by the upstream without a lookup
 * @param unsatisfied only a cached answer was wanted, and there was none
 * @param failed the upstream threw
 * @param cancelled the caller cancelled its stream
 * @param upstreamCalls how often the upstream was called
 * @param stored fresh answers that were stored in every exact tier
 * @param notStored fresh answers that the policy did not admit, or that a tier did not take
 * @param rejected candidates that the matcher rejected
 * @param writesDropped writes for the semantic tier that were given up
 * @param exactHitsByTier {@code exactHits} by the tier's name
 * @param rejectedByStage {@code rejected} by the matcher's stage
 * @param judgedSame candidates whose answer was found to be right: by a judge, or by feedback
 * @param judgedDifferent candidates whose answer was found to be wrong
 * @param bypassedByReason {@code bypassed} by reason
 * @param notStoredByReason {@code notStored} by reason
 * @param troubleByPart failures of the cache's own parts, by the part's name; a tier whose circuit
 *     is open is not asked and does not fail
 * @param timeSaved the sum of the hits' savings of time
 * @param dollarsSaved the sum of the hits' savings of money, as far as prices are known
 */
public record CacheStats(
    long requests,
    long exactHits,
    long semanticHits,
    long computed,
    long shared,
    long bypassed,
    long unsatisfied,
    long failed,
    long cancelled,
    long upstreamCalls,
    long stored,
    long notStored,
    long rejected,
    long writesDropped,
    Map<String, Long> exactHitsByTier,
    Map<MatchStage, Long> rejectedByStage,
    long judgedSame,
    long judgedDifferent,
    Map<Reason.Code, Long> bypassedByReason,
    Map<Reason.Code, Long> notStoredByReason,
    Map<String, Long> troubleByPart,
    Duration timeSaved,
    double dollarsSaved) {
  public CacheStats {
    exactHitsByTier = Map.copyOf(exactHitsByTier);
    rejectedByStage = Map.copyOf(rejectedByStage);
    bypassedByReason = Map.copyOf(bypassedByReason);
    notStoredByReason = Map.copyOf(notStoredByReason);
    troubleByPart = Map.copyOf(troubleByPart);
  }

  /** Returns hits over requests that were looked up, from 0 to 1; 0 where there were none. */
  public double hitRate() {
    long hits = exactHits + semanticHits;
    long lookups = hits + computed + unsatisfied;
    return lookups == 0 ? 0 : (double) hits / lookups;
  }
}
