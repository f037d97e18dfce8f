package dev.reprise.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * The result of a request.
 *
 * @param outcome how the request ended
 * @param own the reply of this request's own upstream call; empty for a hit, for a shared call of
 *     an equal request, and without an answer
 * @param <R> the integration's type of reply
 */
public record Served<R>(Outcome outcome, Optional<R> own) {
  public Served {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(own, "own");
  }

  /** Returns an outcome without an upstream call of this request. */
  static <R> Served<R> of(Outcome outcome) {
    return new Served<>(outcome, Optional.empty());
  }

  /** Returns the outcome of this request's own upstream call. */
  static <R> Served<R> of(Outcome outcome, Reply<R> reply) {
    return new Served<>(outcome, Optional.of(reply.own()));
  }
}
