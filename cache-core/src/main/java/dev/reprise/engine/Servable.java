package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.Document;
import dev.reprise.tier.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Says whether an entry may be served for one request.
 *
 * @param maximumAge the oldest entry that the policy serves for the request
 * @param askedAge the oldest entry that the request itself takes
 * @param reader reads answers as the request's integration does
 */
record Servable(
    Duration maximumAge,
    Duration askedAge,
    AnswerReader reader,
    InstantSource clock,
    DocumentVersions documentVersions,
    EventHub events) {

  /** Returns whether {@code entry} may be served for this request, whoever found it. */
  boolean mayServe(Entry entry, ExactKey pointer) {
    Instant now = clock.instant();
    return entry.key().equals(pointer)
        && !entry.isExpired(now)
        && entry.age(now).compareTo(maximumAge) <= 0
        // Stored by a clock that is ahead, its age is not known: it may be more than was asked for.
        && Duration.between(now, entry.storedAt()).compareTo(askedAge) <= 0
        && documentsAreCurrent(entry);
  }

  private boolean documentsAreCurrent(Entry entry) {
    try {
      for (Document document : entry.answer().documents()) {
        if (!documentVersions.isCurrent(document)) {
          return false;
        }
      }
      return true;
    } catch (Throwable e) {
      events.trouble("documents", e);
      return false;
    }
  }

  /** Returns whether the request's integration can read {@code answer}. */
  boolean isReadable(Answer answer) {
    try {
      reader.read(answer);
      return true;
    } catch (Throwable e) {
      events.trouble("payload", e);
      return false;
    }
  }
}
