package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;

/**
 * Something that happened inside the engine. Events carry no user text but in the entries of
 * outcomes.
 */
public sealed interface CacheEvent {

  /** The last event of a request; there is exactly one. */
  sealed interface Terminal extends CacheEvent {}

  /**
   * A request has its outcome.
   *
   * @param outcome how it ended
   */
  record Finished(Outcome outcome) implements Terminal {}

  /**
   * The upstream threw; the caller got the exception.
   *
   * @param cause what it threw
   */
  record Failed(Throwable cause) implements Terminal {}

  /** The caller cancelled its stream before the end. */
  record Cancelled() implements Terminal {}

  /**
   * A fresh answer was stored.
   *
   * @param key under which key
   */
  record Stored(ExactKey key) implements CacheEvent {}

  /**
   * A fresh answer was not stored.
   *
   * @param reason why
   */
  record NotStored(Reason reason) implements CacheEvent {}

  /**
   * The matcher rejected a candidate.
   *
   * @param pointer the candidate
   * @param why the matcher's words
   */
  record Rejected(ExactKey pointer, String why) implements CacheEvent {}

  /**
   * A part of the cache failed; the request went on without it.
   *
   * @param part the name of the tier, or "embedder", "matcher", "policy", "key", "documents"
   * @param cause what it threw
   */
  record Trouble(String part, Throwable cause) implements CacheEvent {}

  /**
   * The circuit of a tier changed.
   *
   * @param tier the tier's name
   * @param state its new state
   */
  record Circuit(String tier, CircuitState state) implements CacheEvent {}

  /**
   * A write for the semantic tier found the queue full, or its tier's circuit open, and was given
   * up. The answer stays in the exact tier.
   *
   * @param pointer the row's pointer
   */
  record WriteDropped(ExactKey pointer) implements CacheEvent {}

  /**
   * Entries were invalidated.
   *
   * @param tag their tag
   * @param count how many
   */
  record Invalidated(Tag tag, long count) implements CacheEvent {}

  /** Whether a tier is asked. */
  enum CircuitState {
    /** It is asked. */
    CLOSED,
    /**
     * It failed too often: it is not asked, but probed in the background until it answers again.
     */
    OPEN
  }
}
