package dev.reprise.milvus;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import java.time.Instant;
import java.util.Collection;
import java.util.StringJoiner;

/**
 * Writes Milvus' filter expressions. All that goes into one is a hash, whose type admits
 * hexadecimal digits only, and a number: no text of a user can change what an expression means.
 */
final class Filters {
  private static final Instant LAST_MILLISECOND = Instant.ofEpochMilli(Long.MAX_VALUE);

  private Filters() {}

  static String alive(Fingerprint fingerprint, Instant now) {
    return Schema.FINGERPRINT
        + " == \""
        + fingerprint.hex()
        + "\" and "
        + Schema.EXPIRES_AT
        + " > "
        + milliseconds(now);
  }

  static String pointer(ExactKey pointer) {
    // The form "in [...]" over the primary key is deleted without a query first.
    return Schema.POINTER + " in [\"" + pointer.hex() + "\"]";
  }

  static String pointers(Collection<ExactKey> pointers) {
    StringJoiner all = new StringJoiner("\", \"", Schema.POINTER + " in [\"", "\"]");
    pointers.forEach(pointer -> all.add(pointer.hex()));
    return all.toString();
  }

  static String expired(Instant now) {
    return Schema.EXPIRES_AT + " <= " + milliseconds(now);
  }

  /** Returns the milliseconds since 1970, rounded down: never later than {@code instant}. */
  static long milliseconds(Instant instant) {
    return instant.isAfter(LAST_MILLISECOND) ? Long.MAX_VALUE : instant.toEpochMilli();
  }
}
