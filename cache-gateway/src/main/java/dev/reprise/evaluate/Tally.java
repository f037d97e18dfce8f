package dev.reprise.evaluate;

import dev.reprise.model.internal.Checks;

/**
 * What became of lookups, in numbers.
 *
 * @param lookups how many there were
 * @param exactHits how many asked what is stored byte for byte; no matcher is asked about them
 * @param wrongExactHits how many of those were served an answer with another label
 * @param hits how many the matcher let be answered by the answer to another question
 * @param wrongHits how many of those were served an answer with another label
 */
public record Tally(int lookups, int exactHits, int wrongExactHits, int hits, int wrongHits) {
  public Tally {
    Checks.inRange("lookups", lookups, 0, Integer.MAX_VALUE);
    Checks.inRange("exactHits", exactHits, 0, lookups);
    Checks.inRange("wrongExactHits", wrongExactHits, 0, exactHits);
    Checks.inRange("hits", hits, 0, lookups - exactHits);
    Checks.inRange("wrongHits", wrongHits, 0, hits);
  }

  /** Returns how often a lookup was a hit by meaning. */
  public Rate hitRate() {
    return new Rate(hits, lookups);
  }

  /** Returns how often a lookup was a wrong hit by meaning. */
  public Rate wrongPerLookup() {
    return new Rate(wrongHits, lookups);
  }

  /** Returns how often a hit by meaning was wrong. */
  public Rate wrongPerHit() {
    return new Rate(wrongHits, hits);
  }
}
