package dev.reprise.redis;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.Entry;
import dev.reprise.tier.internal.EntryCodec;
import java.util.Optional;

/**
 * What stands under an entry's key on Redis: the marks of its tags, so that a script on the server
 * can tell whether it has one, and the entry.
 *
 * <pre>
 * offset  size  what
 *      0     1  version of this layout, 1
 *      1     2  n, how many tags, big-endian
 *      3  16 n  the first 16 bytes of the SHA-256 of each tag
 *      -     -  the entry, as {@link EntryCodec} writes it
 * </pre>
 */
final class StoredValue {
  static final int VERSION = 1;

  /** Where the marks begin. */
  static final int HEADER_BYTES = 3;

  private static final int MOST_TAGS = 0xffff;

  private StoredValue() {}

  /** Returns the bytes of {@code entry}. */
  static byte[] encode(Entry entry) {
    int tags = entry.tags().size();
    if (tags > MOST_TAGS) {
      throw new IllegalArgumentException(
          "an entry has " + tags + " tags, but must have from 0 to " + MOST_TAGS);
    }
    byte[] encoded = EntryCodec.encode(entry);
    int offset = HEADER_BYTES + tags * RedisKeys.TAG_BYTES;
    byte[] value = new byte[offset + encoded.length];
    value[0] = VERSION;
    value[1] = (byte) (tags >>> 8);
    value[2] = (byte) tags;
    int position = HEADER_BYTES;
    for (Tag tag : entry.tags()) {
      System.arraycopy(RedisKeys.mark(tag), 0, value, position, RedisKeys.TAG_BYTES);
      position += RedisKeys.TAG_BYTES;
    }
    System.arraycopy(encoded, 0, value, offset, encoded.length);
    return value;
  }

  /** Returns the entry with {@code key} in {@code value}; empty if it holds another. */
  static Optional<Entry> decode(ExactKey key, byte[] value) {
    if (value.length < HEADER_BYTES || value[0] != VERSION) {
      return Optional.empty();
    }
    int tags = ((value[1] & 0xff) << 8) | (value[2] & 0xff);
    return EntryCodec.decode(key, value, HEADER_BYTES + tags * RedisKeys.TAG_BYTES);
  }
}
