package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options of one request for the cache. The directives are those of HTTP (RFC 9111, section 5.2.1).
 * They do not change the answer and are not part of the key.
 *
 * @param directives the directives that are set
 * @param maximumAge the greatest age of a cached answer; {@link #ANY_AGE} by default
 * @param timeToLive how long a fresh answer is stored
 * @param tags names under which a fresh answer can be invalidated, besides its documents' own
 * @param wrongAnswers how many wrong answers are allowed
 * @param whenTemperatureIsUnset how to treat a request without a temperature
 * @param contributor who asks, among those who share the scope; null if unknown
 */
public record CacheControl(
    Set<Directive> directives,
    Duration maximumAge,
    TimeToLive timeToLive,
    Set<Tag> tags,
    WrongAnswers wrongAnswers,
    WhenTemperatureIsUnset whenTemperatureIsUnset,
    @Nullable Contributor contributor) {

  /** Accepts an answer of any age. */
  public static final Duration ANY_AGE = Duration.ofSeconds(Long.MAX_VALUE);

  /**
   * Nothing special: look up, store, any age, the policy's time to live, no tags, the matcher's
   * bound, the policy's choice for an unset temperature, an unknown contributor.
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

  /** How long a fresh answer is stored. */
  public sealed interface TimeToLive {
    /** For the policy's time to live. */
    record OfPolicy() implements TimeToLive {}

    /**
     * For {@code duration}. The policy may shorten this time but not extend it.
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
    /** As many as the matcher's own bound. */
    record OfMatcher() implements WrongAnswers {}

    /**
     * As many as the matcher's own bound, and no more than this share of all lookups.
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

  /** How to treat a request without a temperature. */
  public sealed interface WhenTemperatureIsUnset {
    /** As the policy is configured. */
    record OfPolicy() implements WhenTemperatureIsUnset {}

    /**
     * As {@code choice}.
     *
     * @param choice how to treat the request
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

  /** Creates options of an unknown contributor. */
  public CacheControl(
      Set<Directive> directives,
      Duration maximumAge,
      TimeToLive timeToLive,
      Set<Tag> tags,
      WrongAnswers wrongAnswers,
      WhenTemperatureIsUnset whenTemperatureIsUnset) {
    this(directives, maximumAge, timeToLive, tags, wrongAnswers, whenTemperatureIsUnset, null);
  }

  /** Returns a copy with {@code directive} added. */
  public CacheControl with(Directive directive) {
    Objects.requireNonNull(directive, "directive");
    Set<Directive> more = new LinkedHashSet<>(directives);
    more.add(directive);
    return new CacheControl(
        more, maximumAge, timeToLive, tags, wrongAnswers, whenTemperatureIsUnset, contributor);
  }

  /** Returns a copy that accepts no answer older than {@code age}. */
  public CacheControl withMaximumAge(Duration age) {
    Objects.requireNonNull(age, "age");
    return new CacheControl(
        directives, age, timeToLive, tags, wrongAnswers, whenTemperatureIsUnset, contributor);
  }

  /**
   * Returns a copy whose fresh answer is stored for {@code duration}. The policy may shorten this
   * time.
   */
  public CacheControl withTimeToLive(Duration duration) {
    return new CacheControl(
        directives,
        maximumAge,
        new TimeToLive.Exactly(duration),
        tags,
        wrongAnswers,
        whenTemperatureIsUnset,
        contributor);
  }

  /** Returns a copy with {@code tag} added. */
  public CacheControl with(Tag tag) {
    Objects.requireNonNull(tag, "tag");
    Set<Tag> more = new LinkedHashSet<>(tags);
    more.add(tag);
    return new CacheControl(
        directives,
        maximumAge,
        timeToLive,
        more,
        wrongAnswers,
        whenTemperatureIsUnset,
        contributor);
  }

  /**
   * Returns a copy with a stricter bound on wrong answers: at most {@code rate} of all lookups by
   * meaning. A rate above the matcher's own bound has no effect. A matcher that does not know its
   * error rate returns exact hits only.
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
        whenTemperatureIsUnset,
        contributor);
  }

  /** Returns a copy that sets how to treat a request without a temperature. */
  public CacheControl withUnsetTemperature(UnsetTemperature choice) {
    return new CacheControl(
        directives,
        maximumAge,
        timeToLive,
        tags,
        wrongAnswers,
        new WhenTemperatureIsUnset.Exactly(choice),
        contributor);
  }

  /**
   * Returns a copy that names who asks. The promotion rule of a shared scope counts contributors:
   * see {@code CacheEngine.Builder.promotionAfter}.
   */
  public CacheControl withContributor(Contributor contributor) {
    return new CacheControl(
        directives,
        maximumAge,
        timeToLive,
        tags,
        wrongAnswers,
        whenTemperatureIsUnset,
        Objects.requireNonNull(contributor, "contributor"));
  }

  /** Returns whether {@code directive} is set. */
  public boolean has(Directive directive) {
    Objects.requireNonNull(directive, "directive");
    return directives.contains(directive);
  }
}
