package dev.reprise.springai;

import dev.reprise.engine.Outcome;
import dev.reprise.model.CacheException;

/**
 * The caller asked for a cached answer only ({@link
 * dev.reprise.model.CacheControl.Directive#ONLY_IF_CACHED}), and there is none.
 */
public final class NotCachedException extends CacheException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome.Unsatisfied outcome;

  NotCachedException(Outcome.Unsatisfied outcome) {
    super(
        "only-if-cached was asked for, and no answer is cached; ask without it to call the model");
    this.outcome = outcome;
  }

  /** Returns where the time went. */
  public Outcome.Unsatisfied outcome() {
    return outcome;
  }
}
