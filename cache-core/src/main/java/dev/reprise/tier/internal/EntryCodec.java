package dev.reprise.tier.internal;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.tier.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Turns an {@link Entry} into bytes and back, for the tiers that keep bytes.
 *
 * <p>What cannot be read with certainty is absent: another schema version, a cut-off or altered
 * array, an entry under another key. Reading never throws and never returns anything but the entry
 * that was written.
 *
 * <pre>
 * offset  size  what
 *      0     1  schema version, {@value #SCHEMA_VERSION}
 *      1     1  1 if the body is compressed (RFC 1951), otherwise 0
 *      2     4  length of the body before compression, big-endian
 *      6     4  CRC-32C of bytes 0 to 5 and the body as it is stored, big-endian
 *     10     -  body: key, question, answer, time, model, instants, tags, in this order
 * </pre>
 *
 * <p>In the body, a number is a variable-length integer of seven bits a byte (least significant
 * first), a hash its 32 bytes, a set its size and its members, and a text its length in bytes, its
 * encoding and its bytes.
 */
public final class EntryCodec {
  /**
   * The schema that is written, and the only one that is read: {@value}. To be changed with the
   * layout.
   */
  public static final int SCHEMA_VERSION = 1;

  /** A body longer than this is compressed, if that makes it shorter, in bytes: {@value}. */
  public static final int COMPRESSION_THRESHOLD_BYTES = 16 * 1024;

  /**
   * The longest body before compression, in bytes: {@value}. Longer ones are not written and not
   * read.
   */
  public static final int MAXIMUM_BYTES = 16 * 1024 * 1024;

  static final int HEADER_BYTES = 10;
  private static final int PLAIN = 0;
  private static final int COMPRESSED = 1;
  private static final HexFormat HEX = HexFormat.of();

  private EntryCodec() {}

  /**
   * Returns the bytes of {@code entry}.
   *
   * @throws CacheException if they are more than {@value #MAXIMUM_BYTES} before compression
   */
  public static byte[] encode(Entry entry) {
    ByteWriter body = new ByteWriter(MAXIMUM_BYTES);
    writeEntry(body, entry);
    int plainBytes = body.size();

    byte[] encoded = compressed(body);
    if (encoded.length == 0) {
      encoded = new byte[HEADER_BYTES + plainBytes];
      System.arraycopy(body.array(), 0, encoded, HEADER_BYTES, plainBytes);
      encoded[1] = PLAIN;
    } else {
      encoded[1] = COMPRESSED;
    }
    encoded[0] = SCHEMA_VERSION;
    putInt(encoded, 2, plainBytes);
    putInt(encoded, 6, checksum(encoded, 0, encoded.length));
    return encoded;
  }

  /** Returns the entry with {@code key} that {@code bytes} hold; empty if they hold another. */
  public static Optional<Entry> decode(ExactKey key, byte[] bytes) {
    return decode(key, bytes, 0);
  }

  /**
   * Returns the entry with {@code key} that {@code bytes} hold from {@code offset} to their end;
   * empty if they hold another.
   */
  public static Optional<Entry> decode(ExactKey key, byte[] bytes, int offset) {
    if (offset < 0
        || bytes.length - offset < HEADER_BYTES
        || bytes[offset] != SCHEMA_VERSION
        || getInt(bytes, offset + 6) != checksum(bytes, offset, bytes.length)) {
      return Optional.empty();
    }
    int plainBytes = getInt(bytes, offset + 2);
    if (plainBytes < 0 || plainBytes > MAXIMUM_BYTES) {
      return Optional.empty();
    }
    try {
      return switch (bytes[offset + 1]) {
        case PLAIN ->
            readEntry(new ByteReader(bytes, offset + HEADER_BYTES, bytes.length), key, plainBytes);
        case COMPRESSED ->
            readEntry(
                new ByteReader(inflated(bytes, offset + HEADER_BYTES, plainBytes), 0, plainBytes),
                key,
                plainBytes);
        default -> Optional.empty();
      };
    } catch (DataFormatException | RuntimeException e) {
      // A checksum that fits over a body that does not: written by somebody else. A miss, whatever
      // part of the reading noticed it.
      return Optional.empty();
    }
  }

  private static void writeEntry(ByteWriter to, Entry entry) {
    to.bytes(HEX.parseHex(entry.key().hex()));
    if (entry.question() instanceof Question.Semantic semantic) {
      to.octet(1);
      to.bytes(HEX.parseHex(semantic.fingerprint().hex()));
      to.text(semantic.text());
    } else if (entry.question() instanceof Question.ExactOnly exactOnly) {
      to.octet(0);
      to.text(exactOnly.why());
    }
    Answer answer = entry.answer();
    to.text(answer.text());
    // Of a plain text, the payload is the text: it is written once.
    if (answer.payload().equals(answer.text())) {
      to.octet(0);
    } else {
      to.octet(1);
      to.text(answer.payload());
    }
    to.octet(code(answer.completion()));
    if (answer.usage() instanceof TokenUsage.Known known) {
      to.octet(1);
      to.number(known.inputTokens());
      to.number(known.outputTokens());
    } else if (answer.usage() instanceof TokenUsage.Unknown) {
      to.octet(0);
    }
    to.number(answer.documents().size());
    for (Document document : answer.documents()) {
      to.text(document.id());
      to.text(document.version());
    }
    to.number(entry.upstreamTime().toSeconds());
    to.number(entry.upstreamTime().toNanosPart());
    to.text(entry.model());
    writeInstant(to, entry.storedAt());
    writeInstant(to, entry.expiresAt());
    to.number(entry.tags().size());
    for (Tag tag : entry.tags()) {
      to.text(tag.name());
    }
  }

  private static Optional<Entry> readEntry(ByteReader from, ExactKey key, int plainBytes) {
    if (from.remaining() != plainBytes || !from.startsWith(HEX.parseHex(key.hex()))) {
      return Optional.empty();
    }
    Question question =
        from.flag()
            ? new Question.Semantic(
                new Fingerprint(new ContentHash(HEX.formatHex(from.bytes(32)))), from.text())
            : new Question.ExactOnly(from.text());
    String text = from.text();
    String payload = from.flag() ? from.text() : text;
    Completion completion = completion(from.octet());
    TokenUsage usage =
        from.flag() ? new TokenUsage.Known(from.number(), from.number()) : new TokenUsage.Unknown();
    int documentCount = from.count();
    Set<Document> documents = documentCount == 0 ? Set.of() : new HashSet<>();
    for (int i = 0; i < documentCount; i++) {
      documents.add(new Document(from.text(), from.text()));
    }
    Duration upstreamTime = Duration.ofSeconds(from.number(), from.number());
    String model = from.text();
    Instant storedAt = readInstant(from);
    Instant expiresAt = readInstant(from);
    int tagCount = from.count();
    Set<Tag> tags = tagCount == 0 ? Set.of() : new HashSet<>();
    for (int i = 0; i < tagCount; i++) {
      tags.add(new Tag(from.text()));
    }
    if (from.remaining() != 0) {
      return Optional.empty();
    }
    Answer answer = new Answer(text, payload, completion, usage, documents);
    return Optional.of(
        new Entry(key, question, answer, upstreamTime, model, storedAt, expiresAt, tags));
  }

  private static void writeInstant(ByteWriter to, Instant instant) {
    to.number(instant.getEpochSecond());
    to.number(instant.getNano());
  }

  private static Instant readInstant(ByteReader from) {
    return Instant.ofEpochSecond(from.number(), from.number());
  }

  /** Numbers of the wire, not of the enum: constants may be moved and added. */
  private static int code(Completion completion) {
    return switch (completion) {
      case COMPLETE -> 0;
      case TRUNCATED -> 1;
      case FILTERED -> 2;
      case REFUSED -> 3;
      case TOOL_CALLS -> 4;
      case OTHER -> 5;
      case UNKNOWN_SOURCE -> 6;
    };
  }

  private static Completion completion(int code) {
    return switch (code) {
      case 0 -> Completion.COMPLETE;
      case 1 -> Completion.TRUNCATED;
      case 2 -> Completion.FILTERED;
      case 3 -> Completion.REFUSED;
      case 4 -> Completion.TOOL_CALLS;
      case 5 -> Completion.OTHER;
      case 6 -> Completion.UNKNOWN_SOURCE;
      default -> throw new IllegalArgumentException("no completion has code " + code);
    };
  }

  /** Returns room for the header and the compressed body; empty if it is not worth while. */
  private static byte[] compressed(ByteWriter body) {
    int plainBytes = body.size();
    if (plainBytes <= COMPRESSION_THRESHOLD_BYTES) {
      return new byte[0];
    }
    byte[] target = new byte[HEADER_BYTES + plainBytes];
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(body.array(), 0, plainBytes);
      deflater.finish();
      int bytes = deflater.deflate(target, HEADER_BYTES, plainBytes);
      return deflater.finished() ? Arrays.copyOf(target, HEADER_BYTES + bytes) : new byte[0];
    } finally {
      deflater.end();
    }
  }

  /** Inflates exactly {@code plainBytes}: what says otherwise about itself is refused. */
  private static byte[] inflated(byte[] bytes, int offset, int plainBytes)
      throws DataFormatException {
    byte[] plain = new byte[plainBytes];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, offset, bytes.length - offset);
      int count = 0;
      while (count < plainBytes) {
        int more = inflater.inflate(plain, count, plainBytes - count);
        if (more == 0) {
          throw new DataFormatException("shorter than it says");
        }
        count += more;
      }
      if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
        throw new DataFormatException("longer than it says");
      }
      return plain;
    } finally {
      inflater.end();
    }
  }

  private static int checksum(byte[] bytes, int from, int to) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, 6);
    checksum.update(bytes, from + HEADER_BYTES, to - from - HEADER_BYTES);
    return (int) checksum.getValue();
  }

  private static void putInt(byte[] bytes, int offset, int value) {
    bytes[offset] = (byte) (value >>> 24);
    bytes[offset + 1] = (byte) (value >>> 16);
    bytes[offset + 2] = (byte) (value >>> 8);
    bytes[offset + 3] = (byte) value;
  }

  private static int getInt(byte[] bytes, int offset) {
    return ((bytes[offset] & 0xff) << 24)
        | ((bytes[offset + 1] & 0xff) << 16)
        | ((bytes[offset + 2] & 0xff) << 8)
        | (bytes[offset + 3] & 0xff);
  }
}
