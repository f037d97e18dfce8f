package dev.reprise.engine;

import dev.reprise.model.CacheException;
import java.util.Objects;

/**
 * Thrown where the caller asked for a cached answer only ({@link
 * dev.reprise.model.CacheControl.Directive#ONLY_IF_CACHED}) and no answer is cached.
 */
public final class NotCachedException extends CacheException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome.Unsatisfied outcome;

  /** The integrations of Reprise throw it. */
  public NotCachedException(Outcome.Unsatisfied outcome) {
    super(
        "only-if-cached was asked for, and no answer is cached; ask without it to call the model");
    this.outcome = Objects.requireNonNull(outcome, "outcome");
  }

  /** Returns the outcome of the request, with the time of each stage. */
  public Outcome.Unsatisfied outcome() {
    return outcome;
  }
}
