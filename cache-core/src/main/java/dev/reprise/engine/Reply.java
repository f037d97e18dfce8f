package dev.reprise.engine;

import dev.reprise.model.Answer;
import java.util.Objects;

/**
 * What one call of an {@link Upstream} returned.
 *
 * @param answer the answer in the cache's form, which may be stored
 * @param own the same reply in the integration's own form, which only the caller whose call it was
 *     gets: see {@link Served#own}
 * @param <R> the integration's own form of a reply
 */
public record Reply<R>(Answer answer, R own) {
  public Reply {
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(own, "own");
  }
}
