package dev.reprise.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.model.Tag;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/*
 * An answer that is being made while its document changes would be stored just after the invalidation, and stay. So a call
 * notes the moment when it begins, and its answer is not stored if one of its tags was invalidated since.
 */
/** Remembers which tags were invalidated lately. */
final class InvalidationLog {
  private static final int REMEMBERED_TAGS = 10_000;

  private final AtomicLong moment = new AtomicLong();
  private final Cache<Tag, Long> invalidated =
      Caffeine.newBuilder().maximumSize(REMEMBERED_TAGS).build();

  /** Returns the present moment. */
  long now() {
    return moment.get();
  }

  void invalidate(Tag tag) {
    invalidated.put(tag, moment.incrementAndGet());
  }

  /** Returns whether one of {@code tags} was invalidated after {@code since}. */
  boolean anySince(long since, Set<Tag> tags) {
    if (moment.get() == since) {
      return false;
    }
    for (Tag tag : tags) {
      Long at = invalidated.getIfPresent(tag);
      if (at != null && at > since) {
        return true;
      }
    }
    return false;
  }
}
