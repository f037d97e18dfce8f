package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * An entry of an exact tier: a stored answer.
 *
 * @param key the key of the answered request
 * @param question the question, if it can be compared by meaning
 * @param answer the answer
 * @param upstreamTime how long the upstream took; a hit saves it
 * @param model the model that generated the answer; the saved cost depends on it
 * @param storedAt when it was stored; its age starts here
 * @param expiresAt when it expires; after {@code storedAt}
 * @param tags the tags by which it can be invalidated, those of its documents included
 */
public record Entry(
    ExactKey key,
    Question question,
    Answer answer,
    Duration upstreamTime,
    String model,
    Instant storedAt,
    Instant expiresAt,
    Set<Tag> tags) {

  public Entry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(upstreamTime, "upstreamTime");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(storedAt, "storedAt");
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(tags, "tags");
    tags = Set.copyOf(tags);
    if (!expiresAt.isAfter(storedAt)) {
      throw new CacheException(
          "entry "
              + key
              + " would expire at "
              + expiresAt
              + ", not after it is stored at "
              + storedAt);
    }
  }

  /** Returns whether it may not be served any more at {@code now}. */
  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  /**
   * Returns its age at {@code now}. Never negative, even where the clocks of two machines differ.
   */
  public Duration age(Instant now) {
    Duration age = Duration.between(storedAt, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Returns how long it may still be served at {@code now}; zero if it is expired. */
  public Duration remaining(Instant now) {
    Duration remaining = Duration.between(now, expiresAt);
    return remaining.isNegative() ? Duration.ZERO : remaining;
  }
}
