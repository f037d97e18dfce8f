package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What one request asks of the cache, in HTTP's own words (RFC 9111, section 5.2.1). It does not
 * shape the answer and is not part of the key.
 *
 * @param directives the directives that are set
 * @param maximumAge serve no answer that is older; {@link #ANY_AGE} by default
 * @param timeToLive how long a fresh answer is kept
 * @param tags names under which a fresh answer can be invalidated, besides its documents' own
 * @param wrongAnswers how many wrong answers are allowed
 * @param whenTemperatureIsUnset what is done if the request sets no temperature
 */
public record CacheControl(
    Set<Directive> directives,
    Duration maximumAge,
    TimeToLive timeToLive,
    Set<Tag> tags,
    WrongAnswers wrongAnswers,
    WhenTemperatureIsUnset whenTemperatureIsUnset) {

  /** Any age is young enough. */
  public static final Duration ANY_AGE = Duration.ofSeconds(Long.MAX_VALUE);

  /**
   * Nothing special: look up, store, any age, the policy's time to live, no tags, the matcher's
   * bound, the policy's choice for an unset temperature.
   */
  public static final CacheControl DEFAULT =
      new CacheControl(
          Set.of(),
          ANY_AGE,
          new TimeToLive.OfPolicy(),
          Set.of(),
          new WrongAnswers.OfMatcher(),
          new WhenTemperatureIsUnset.OfPolicy());

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
        Objects.requireNonNull(duration, "duration");
        Checks.positive("time to live", duration);
      }
    }
  }

  /** How many wrong answers are allowed. */
  public sealed interface WrongAnswers {
    /** As many as the matcher is built for. */
    record OfMatcher() implements WrongAnswers {}

    /**
     * As many as the matcher is built for, and no more than this share of all lookups.
     *
     * @param rate from 0, exact hits only, to 1
     */
    record AtMost(double rate) implements WrongAnswers {
      /**
       * @throws IllegalArgumentException if the rate is out of range
       */
      public AtMost {
        Checks.inRange("maximum rate of wrong answers", rate, 0, 1);
      }
    }
  }

  /** What is done if the request sets no temperature. */
  public sealed interface WhenTemperatureIsUnset {
    /** What the policy says. */
    record OfPolicy() implements WhenTemperatureIsUnset {}

    /**
     * What the request says.
     *
     * @param choice what is done
     */
    record Exactly(UnsetTemperature choice) implements WhenTemperatureIsUnset {
      public Exactly {
        Objects.requireNonNull(choice, "choice");
      }
    }
  }

  public CacheControl {
    Objects.requireNonNull(directives, "directives");
    Objects.requireNonNull(maximumAge, "maximumAge");
    Objects.requireNonNull(timeToLive, "timeToLive");
    Objects.requireNonNull(tags, "tags");
    Objects.requireNonNull(wrongAnswers, "wrongAnswers");
    Objects.requireNonNull(whenTemperatureIsUnset, "whenTemperatureIsUnset");
    directives = Set.copyOf(directives);
    tags = Set.copyOf(tags);
    if (maximumAge.isNegative()) {
      throw new IllegalArgumentException(
          "maximum age is " + maximumAge + ", but must not be negative");
    }
  }

  /** Returns a copy with one directive more. */
  public CacheControl with(Directive directive) {
    Objects.requireNonNull(directive, "directive");
    Set<Directive> more = new LinkedHashSet<>(directives);
    more.add(directive);
    return new CacheControl(
        more, maximumAge, timeToLive, tags, wrongAnswers, whenTemperatureIsUnset);
  }

  /** Returns a copy that accepts no answer older than {@code age}. */
  public CacheControl withMaximumAge(Duration age) {
    Objects.requireNonNull(age, "age");
    return new CacheControl(
        directives, age, timeToLive, tags, wrongAnswers, whenTemperatureIsUnset);
  }

  /**
   * Returns a copy whose fresh answer is kept for {@code duration}, or less where the policy says
   * so.
   */
  public CacheControl withTimeToLive(Duration duration) {
    return new CacheControl(
        directives,
        maximumAge,
        new TimeToLive.Exactly(duration),
        tags,
        wrongAnswers,
        whenTemperatureIsUnset);
  }

  /** Returns a copy with one tag more. */
  public CacheControl with(Tag tag) {
    Objects.requireNonNull(tag, "tag");
    Set<Tag> more = new LinkedHashSet<>(tags);
    more.add(tag);
    return new CacheControl(
        directives, maximumAge, timeToLive, more, wrongAnswers, whenTemperatureIsUnset);
  }

  /**
   * Returns a copy that takes an answer to a near question only where at most this share of all
   * such lookups is answered wrongly. It can only be stricter than the matcher's own bound; a
   * matcher that knows nothing of its mistakes gives exact hits only.
   *
   * @param rate from 0, exact hits only, to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public CacheControl withMaximumWrongRate(double rate) {
    return new CacheControl(
        directives,
        maximumAge,
        timeToLive,
        tags,
        new WrongAnswers.AtMost(rate),
        whenTemperatureIsUnset);
  }

  /** Returns a copy that chooses what is done if the request sets no temperature. */
  public CacheControl withUnsetTemperature(UnsetTemperature choice) {
    return new CacheControl(
        directives,
        maximumAge,
        timeToLive,
        tags,
        wrongAnswers,
        new WhenTemperatureIsUnset.Exactly(choice));
  }

  /** Returns whether {@code directive} is set. */
  public boolean has(Directive directive) {
    Objects.requireNonNull(directive, "directive");
    return directives.contains(directive);
  }
}
