package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.match.MatchStage;
import dev.reprise.match.OperatingPoint;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;

/** Something that happened inside the engine. Events carry no user text but in outcomes. */
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
   * The upstream threw an exception, and the caller got it.
   *
   * @param cause the exception
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
   * @param stage which stage rejected it
   * @param why the matcher's words
   * @param language the ISO 639-1 code of both questions' language, "und" if unknown, "mul" for two
   *     languages, empty if the matcher does not detect it
   */
  record Rejected(ExactKey pointer, MatchStage stage, String why, String language)
      implements CacheEvent {
    /** A rejection by a matcher that does not look at the language. */
    public Rejected(ExactKey pointer, MatchStage stage, String why) {
      this(pointer, stage, why, "");
    }
  }

  /**
   * Whether a candidate's answer was right became known.
   *
   * @param pointer the candidate
   * @param confidence the matcher's
   * @param occasion how it became known
   * @param isSame whether it was right
   */
  record Judged(ExactKey pointer, double confidence, Occasion occasion, boolean isSame)
      implements CacheEvent {}

  /**
   * In shadow mode, the fresh answer was compared with the one that live mode would have served. No
   * event is sent if the judge cannot decide.
   *
   * @param hit the hit of live mode
   * @param isSame whether the two answers say the same
   */
  record Compared(Outcome.Hit hit, boolean isSame) implements CacheEvent {}

  /**
   * The matcher learned, and its operating point moved.
   *
   * @param from the operating point before
   * @param to the operating point now
   */
  record OperatingPointMoved(OperatingPoint from, OperatingPoint to) implements CacheEvent {}

  /**
   * A part of the cache failed. The request continued without it.
   *
   * @param part the name of the tier, or that name and "-writes", or "embedder", "matcher",
   *     "policy", "documents", "payload", "pricing", "lookup", "store", "judge", "check",
   *     "learning-store", "shared-log", "pending-removals"
   * @param cause the exception
   */
  record Trouble(String part, Throwable cause) implements CacheEvent {}

  /**
   * The circuit of a tier, or of the embedder, changed.
   *
   * @param tier the tier's name; the semantic tier's writes have a circuit of their own, with
   *     "-writes" behind the name; the embedder's is called "embedder"
   * @param state its new state
   */
  record Circuit(String tier, CircuitState state) implements CacheEvent {}

  /**
   * A request was not searched for by meaning, since as many as may already embed and match, and
   * none was done in time: it was looked up exactly only. See {@link
   * CacheEngine.Builder#searchesAtOnce}.
   */
  record SearchSkipped() implements CacheEvent {}

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

  /** How it became known whether a candidate's answer was right. */
  enum Occasion {
    /** It was not served, and the upstream's own answer was compared with it. */
    MISS,
    /** It was served, and the upstream was asked as well, to check. */
    CHECK,
    /** It was served, and the application sent feedback. */
    FEEDBACK
  }

  /** Whether the engine calls a tier. */
  enum CircuitState {
    /** The tier is called. */
    CLOSED,
    /**
     * It failed too often: it is not asked, but probed in the background until it answers again.
     */
    OPEN
  }
}
