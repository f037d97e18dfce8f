package dev.reprise.redis;

import dev.reprise.key.ExactKey;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Tag;
import dev.reprise.tier.SharedLog;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/**
 * Names what the tier keeps on Redis: a prefix, what it is, and hexadecimal digits. No name holds a
 * user's text.
 *
 * <pre>
 * reprise:entry:&lt;exact key&gt;      the entry, as {@link StoredValue} writes it
 * reprise:tag:&lt;SHA-256 of tag&gt;   the exact keys of the entries with that tag, scored by their expiry
 * reprise:stamp:&lt;SHA-256 of tag&gt; when that tag was invalidated last, in microseconds since 1970
 * reprise:flight:{reprise:entry:&lt;exact key&gt;}  the token of the process that calls the upstream
 * reprise:log                    a stream of what was reported as wrong
 * reprise:observations           a stream of what became known about lookups
 * reprise:definitions            a stream of what answers define
 * reprise:conversations          a stream of which entries answered which turns
 * reprise:instance:&lt;SHA-256 of name&gt;  what an instance has counted
 * reprise:instances              the instances' names, scored by when they showed something last
 * reprise:removals               a channel on which removals and the ends of flights are published
 * </pre>
 */
record RedisKeys(String prefix) {
  /** As much of a tag's SHA-256 as a stored value carries, in bytes. */
  static final int TAG_BYTES = 16;

  /** The cursor that a SCAN begins with, and that says that it is over. */
  static final byte[] START = ascii("0");

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

  /** Returns the command that asks a server for its next entries' names. */
  CommandArguments nextPage(byte[] cursor, int count) {
    return new CommandArguments(Command.SCAN)
        .add(cursor)
        .add(Keyword.MATCH.getRaw())
        .add(everyEntry())
        .add(Keyword.COUNT.getRaw())
        .add(ascii(Integer.toString(count)));
  }

  /** Returns the exact key of an entry's name; empty if it is none. */
  Optional<ExactKey> exactKey(byte[] entry) {
    String hex = new String(entry, StandardCharsets.ISO_8859_1).substring(entry("").length);
    return HEX.matcher(hex).matches() ? Optional.of(ExactKey.ofHex(hex)) : Optional.empty();
  }

  byte[] tag(Tag tag) {
    return ascii(prefix + "tag:" + ContentHash.of(bytes(tag)).hex());
  }

  byte[] stamp(Tag tag) {
    return ascii(prefix + "stamp:" + ContentHash.of(bytes(tag)).hex());
  }

  /** On the server that has the entry: what stands in braces tells the slot. */
  byte[] flight(ExactKey key) {
    return ascii(prefix + "flight:{" + prefix + "entry:" + key.hex() + "}");
  }

  /** Whatever stands in the name: it is the machine's. */
  byte[] instance(String name) {
    return ascii(
        prefix + "instance:" + ContentHash.of(name.getBytes(StandardCharsets.UTF_8)).hex());
  }

  byte[] instances() {
    return ascii(prefix + "instances");
  }

  byte[] log(SharedLog.Topic topic) {
    return ascii(
        prefix
            + switch (topic) {
              case REPORTS -> "log";
              case OBSERVATIONS -> "observations";
              case DEFINITIONS -> "definitions";
              case CONVERSATIONS -> "conversations";
              case CURATED -> "curated";
              case CURATED_ALIASES -> "curated-aliases";
              case CURATED_PROPOSALS -> "curated-proposals";
              case PROMOTIONS -> "promotions";
            });
  }

  byte[] removals() {
    return ascii(prefix + "removals");
  }

  /** Returns the mark of {@code tag} in a stored value. */
  static byte[] mark(Tag tag) {
    return Arrays.copyOf(ContentHash.sha256().digest(bytes(tag)), TAG_BYTES);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Every character as it is, halves of surrogate pairs too, so that two tags never become one. */
  static byte[] bytes(Tag tag) {
    byte[] bytes = new byte[2 * tag.name().length()];
    for (int i = 0; i < tag.name().length(); i++) {
      bytes[2 * i] = (byte) (tag.name().charAt(i) >>> 8);
      bytes[2 * i + 1] = (byte) tag.name().charAt(i);
    }
    return bytes;
  }

  /** Returns the text that {@link #bytes} wrote. */
  static String text(byte[] bytes) {
    char[] text = new char[bytes.length / 2];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) (((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff));
    }
    return new String(text);
  }
}
