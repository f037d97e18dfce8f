package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.match.MatchStage;
import dev.reprise.model.Similarity;

/**
 * The cached question that came nearest to be served, and was not.
 *
 * @param entry the key of its entry
 * @param question as its user wrote it
 * @param similarity how near it is
 * @param confidence the matcher's, see {@link dev.reprise.match.MatchDecision.Reject}
 * @param stage which stage rejected it
 * @param why the matcher's words
 */
public record NearMiss(
    ExactKey entry,
    String question,
    Similarity similarity,
    double confidence,
    MatchStage stage,
    String why) {}
