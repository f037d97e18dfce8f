package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.Similarity;

/**
 * A row that a search found.
 *
 * @param pointer the entry's key in the exact tier
 * @param fingerprint the row's fingerprint, as stored; the engine compares it again
 * @param similarity how near its question is
 */
public record Neighbour(ExactKey pointer, Fingerprint fingerprint, Similarity similarity) {}
