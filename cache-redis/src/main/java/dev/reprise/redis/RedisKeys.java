package dev.reprise.redis;

import dev.reprise.key.ExactKey;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names what the tier keeps on Redis: a prefix, what it is, and hexadecimal digits. No name holds a
 * user's text.
 *
 * <pre>
 * reprise:entry:&lt;exact key&gt;      the entry, as {@link StoredValue} writes it
 * reprise:tag:&lt;SHA-256 of tag&gt;   the exact keys of the entries with that tag, scored by their expiry
 * </pre>
 */
record RedisKeys(String prefix) {
  /** As much of a tag's SHA-256 as a stored value carries, in bytes. */
  static final int TAG_BYTES = 16;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  byte[] entry(ExactKey key) {
    return entry(key.hex());
  }

  byte[] entry(String hex) {
    return ascii(prefix + "entry:" + hex);
  }

  /** Returns the pattern, as SCAN takes it, of the names of all entries. */
  byte[] everyEntry() {
    return ascii(prefix.replaceAll("[\\\\*?\\[\\]^-]", "\\\\$0") + "entry:*");
  }

  /** Returns the exact key of an entry's name; empty if it is none. */
  Optional<ExactKey> exactKey(byte[] entry) {
    String hex = new String(entry, StandardCharsets.ISO_8859_1).substring(entry("").length);
    return HEX.matcher(hex).matches() ? Optional.of(ExactKey.ofHex(hex)) : Optional.empty();
  }

  byte[] tag(Tag tag) {
    return ascii(prefix + "tag:" + ContentHash.of(bytes(tag)).hex());
  }

  /** Returns the mark of {@code tag} in a stored value. */
  static byte[] mark(Tag tag) {
    return Arrays.copyOf(ContentHash.sha256().digest(bytes(tag)), TAG_BYTES);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Every character as it is, halves of surrogate pairs too, so that two tags never become one. */
  private static byte[] bytes(Tag tag) {
    byte[] bytes = new byte[2 * tag.name().length()];
    for (int i = 0; i < tag.name().length(); i++) {
      bytes[2 * i] = (byte) (tag.name().charAt(i) >>> 8);
      bytes[2 * i + 1] = (byte) tag.name().charAt(i);
    }
    return bytes;
  }
}
