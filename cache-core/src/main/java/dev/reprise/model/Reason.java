package dev.reprise.model;

import java.util.Objects;

/**
 * The reason why the cache did not look up or did not store.
 *
 * @param code the code by which counters and dashboards group
 * @param detail a message for people: the cause in this request, and the remedy if there is one;
 *     never the user's text
 */
public record Reason(Code code, String detail) {
  public Reason {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(detail, "detail");
  }

  /** What counters and dashboards group by. */
  public enum Code {
    /** The integration cannot map a part of the request into the key. */
    UNMAPPABLE,
    /**
     * The sampling temperature is higher than the policy caches, or unset where it bypasses that.
     */
    NOT_DETERMINISTIC,
    /** The use case is creative, or the question asks for something creative. */
    CREATIVE,
    /** The use case is dynamic, or the question asks for something that is out of date at once. */
    DYNAMIC,
    /** The use case is not configured. */
    UNKNOWN_USE_CASE,
    /** The use case needs documents and the request names none. */
    NO_DOCUMENTS,
    /** No scope is known, so it is unknown who may share the answer. */
    NO_SCOPE,
    /** The engine is closed. */
    CLOSED,
    /** The cache is switched off for this request. */
    OFF,
    /** In shadow mode: live mode would have served a stored answer, which stays stored. */
    SHADOW,
    /** The caller asked neither to look up nor to store. */
    CALLER,
    /** The caller asked not to store. */
    NO_STORE,
    /** The answer is empty. */
    EMPTY,
    /** The answer was cut off. */
    TRUNCATED,
    /** The answer was filtered. */
    FILTERED,
    /** The answer is a refusal. */
    REFUSED,
    /** The answer asks for tools to be called. */
    TOOL_CALLS,
    /** The answer ended in another way than by completing. */
    INCOMPLETE,
    /** The answer is larger than the limit. */
    TOO_LARGE,
    /** A document or tag of the answer was invalidated while the answer was generated. */
    INVALIDATED,
    /** A tier did not take the answer. */
    UNAVAILABLE,
    /** A user's own rule. */
    RULE
  }
}
