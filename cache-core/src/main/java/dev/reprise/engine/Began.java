package dev.reprise.engine;

import dev.reprise.tier.Beginning;

/**
 * When an answer began to be made.
 *
 * @param moment as this engine's {@link InvalidationLog} counts
 * @param beginning as the exact tier tells it, for the invalidations of other processes
 */
record Began(long moment, Beginning beginning) {}
