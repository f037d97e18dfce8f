package dev.reprise.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * What a request was served.
 *
 * @param outcome how it ended
 * @param own the reply of this request's own call, where that is what was served; empty for a hit,
 *     for the answer of an equal request's call, and where there is no answer
 * @param <R> the integration's own form of a reply
 */
public record Served<R>(Outcome outcome, Optional<R> own) {
  public Served {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(own, "own");
  }

  /** Returns an outcome that no call of this request's own led to. */
  static <R> Served<R> of(Outcome outcome) {
    return new Served<>(outcome, Optional.empty());
  }

  /** Returns the outcome of this request's own call. */
  static <R> Served<R> of(Outcome outcome, Reply<R> reply) {
    return new Served<>(outcome, Optional.of(reply.own()));
  }
}
