package dev.reprise.model;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What one request asks of the cache, in HTTP's own words (RFC 9111, section 5.2.1). It does not
 * shape the answer and is not part of the key.
 *
 * @param directives the directives that are set
 * @param maximumAge serve no answer that is older; {@link #ANY_AGE} by default
 * @param timeToLive how long a fresh answer is kept
 * @param tags names under which a fresh answer can be invalidated, besides its documents' own
 */
public record CacheControl(
    Set<Directive> directives, Duration maximumAge, TimeToLive timeToLive, Set<Tag> tags) {

  /** Any age is young enough. */
  public static final Duration ANY_AGE = Duration.ofSeconds(Long.MAX_VALUE);

  /** Nothing special: look up, store, any age, the policy's time to live, no tags. */
  public static final CacheControl DEFAULT =
      new CacheControl(Set.of(), ANY_AGE, new TimeToLive.OfPolicy(), Set.of());

  /** One directive. */
  public enum Directive {
    /** Do not look up, nor wait for an equal call; store the fresh answer. */
    NO_CACHE,
    /** Look up; do not store the fresh answer. */
    NO_STORE,
    /** Look up; do not call the upstream. */
    ONLY_IF_CACHED
  }

  /** How long a fresh answer is kept. */
  public sealed interface TimeToLive {
    /** As long as the policy says. */
    record OfPolicy() implements TimeToLive {}

    /**
     * As long as the request says; the policy may shorten it, not lengthen it.
     *
     * @param duration longer than zero
     */
    record Exactly(Duration duration) implements TimeToLive {
      public Exactly {
        Checks.positive("time to live", duration);
      }
    }
  }

  public CacheControl {
    directives = Set.copyOf(directives);
    tags = Set.copyOf(tags);
    if (maximumAge.isNegative()) {
      throw new IllegalArgumentException(
          "maximum age is " + maximumAge + ", but must not be negative");
    }
  }

  /** Returns a copy with one directive more. */
  public CacheControl with(Directive directive) {
    Set<Directive> more = new LinkedHashSet<>(directives);
    more.add(directive);
    return new CacheControl(more, maximumAge, timeToLive, tags);
  }

  /** Returns a copy that accepts no answer older than {@code age}. */
  public CacheControl withMaximumAge(Duration age) {
    return new CacheControl(directives, age, timeToLive, tags);
  }

  /**
   * Returns a copy whose fresh answer is kept for {@code duration}, or less where the policy says
   * so.
   */
  public CacheControl withTimeToLive(Duration duration) {
    return new CacheControl(directives, maximumAge, new TimeToLive.Exactly(duration), tags);
  }

  /** Returns a copy with one tag more. */
  public CacheControl with(Tag tag) {
    Set<Tag> more = new LinkedHashSet<>(tags);
    more.add(tag);
    return new CacheControl(directives, maximumAge, timeToLive, more);
  }

  /** Returns whether {@code directive} is set. */
  public boolean has(Directive directive) {
    return directives.contains(directive);
  }
}
