package dev.reprise.engine;

import dev.reprise.model.Tag;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/*
 * An answer that is being made while its document changes would be stored just after the invalidation, and stay. So a call
 * notes the moment when it begins, and its answer is not stored if one of its tags was invalidated since. What was forgotten
 * may have been any tag, so a call that began before that stores nothing.
 */
/** Remembers which tags were invalidated lately. Safe for use by several threads. */
final class InvalidationLog {
  /** How many tags are remembered: {@value}. */
  static final int REMEMBERED_TAGS = 10_000;

  private final Map<Tag, Long> invalidated = new LinkedHashMap<>();
  private volatile long moment;
  private long forgotten;

  /** Returns the present moment. */
  long now() {
    return moment;
  }

  /** Takes note that {@code tag} is invalidated now. */
  synchronized void invalidate(Tag tag) {
    long next = moment + 1;
    invalidated.remove(tag);
    invalidated.put(tag, next);
    if (invalidated.size() > REMEMBERED_TAGS) {
      Iterator<Long> oldest = invalidated.values().iterator();
      forgotten = oldest.next();
      oldest.remove();
    }
    moment = next;
  }

  /** Returns whether one of {@code tags} was, or may have been, invalidated after {@code since}. */
  boolean anySince(long since, Set<Tag> tags) {
    return moment != since && !tags.isEmpty() && wasAnySince(since, tags);
  }

  private synchronized boolean wasAnySince(long since, Set<Tag> tags) {
    if (since < forgotten) {
      return true;
    }
    for (Tag tag : tags) {
      Long at = invalidated.get(tag);
      if (at != null && at > since) {
        return true;
      }
    }
    return false;
  }
}
