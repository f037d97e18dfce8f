package dev.reprise.tier.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.testing.Entries;
import dev.reprise.testing.FakeClock;
import dev.reprise.tier.Entry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** Random entries and random damage come from seeds, so that a failure can be run again. */
class EntryCodecTest {
  private static final Entry SMALL = Entries.entry("small", FakeClock.START);
  private static final Entry LARGE =
      Entries.builder("large", FakeClock.START)
          .text("All work and no play makes Jack a dull boy. ".repeat(1_000))
          .tags(Tag.of("t"))
          .build();

  @Test
  void defaults() {
    assertThat(EntryCodec.SCHEMA_VERSION).isEqualTo(1);
    assertThat(EntryCodec.COMPRESSION_THRESHOLD_BYTES).isEqualTo(16_384);
    assertThat(EntryCodec.MAXIMUM_BYTES).isEqualTo(16_777_216);
  }

  @Test
  void everyEntryComesBackAsItWas() {
    Random random = new Random(1);
    for (int i = 0; i < 3_000; i++) {
      Entry entry = Entries.random(random, FakeClock.START);
      assertThat(EntryCodec.decode(entry.key(), EntryCodec.encode(entry))).contains(entry);
    }
  }

  /** What an older release wrote: if this fails, the schema version must change with the layout. */
  @Test
  void theLayoutOfThisVersionIsPinned() {
    Entry entry =
        new Entry(
            Entries.key("pinned"),
            new Question.Semantic(Entries.fingerprint("pinned"), "q"),
            new Answer(
                "t",
                "p",
                Completion.TOOL_CALLS,
                new TokenUsage.Known(300, 2),
                Set.of(new Document("d", "v"))),
            Duration.ofMillis(1_500),
            "m",
            FakeClock.START,
            FakeClock.START.plusSeconds(60),
            Set.of(Tag.of("é中")));

    assertThat(HexFormat.of().formatHex(EntryCodec.encode(entry))).isEqualTo(PINNED);
  }

  private static final String PINNED =
      "01000000007c191f6020e47cc5f1b42e9765548a508215571d26bc1db920aa3948efd7dfc2596344"
          + "b75801feda24c854b313bb33b1b47a3e3833c6aef4e92e9a822a34d889ef96e2a68de10100710100"
          + "74010100700401ac0202010100640100760180cab5ee0101006da5ebdcca0680eba5c302e1ebdcca"
          + "0680eba5c302010501c3a9e4b8ad";

  @Test
  void readsFromAnOffset() {
    byte[] encoded = EntryCodec.encode(LARGE);
    byte[] shifted = new byte[encoded.length + 7];
    System.arraycopy(encoded, 0, shifted, 7, encoded.length);

    assertThat(EntryCodec.decode(LARGE.key(), shifted, 7)).contains(LARGE);
    assertThat(EntryCodec.decode(LARGE.key(), shifted, 6)).isEmpty();
    assertThat(EntryCodec.decode(LARGE.key(), shifted, -1)).isEmpty();
    assertThat(EntryCodec.decode(LARGE.key(), shifted, 1_000_000)).isEmpty();
  }

  @Test
  void compressesWhatIsLargeAndOnlyThat() {
    byte[] small = EntryCodec.encode(SMALL);
    byte[] large = EntryCodec.encode(LARGE);

    assertThat(small[1]).isZero();
    assertThat(large[1]).isEqualTo((byte) 1);
    assertThat(large).hasSizeLessThan(2_000);
  }

  @Test
  void whatDoesNotShrinkIsStoredAsItIs() {
    Random random = new Random(2);
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      noise.append((char) random.nextInt(256));
    }
    Entry entry = Entries.builder("noise", FakeClock.START).text(noise.toString()).build();
    byte[] encoded = EntryCodec.encode(entry);

    assertThat(encoded[1]).isZero();
    assertThat(EntryCodec.decode(entry.key(), encoded)).contains(entry);
  }

  @Test
  void anotherKeysEntryIsAbsent() {
    assertThat(EntryCodec.decode(LARGE.key(), EntryCodec.encode(SMALL))).isEmpty();
  }

  @Test
  void everyOtherSchemaVersionIsAbsent() {
    byte[] encoded = EntryCodec.encode(SMALL);
    for (int version = 0; version < 256; version++) {
      byte[] other = encoded.clone();
      other[0] = (byte) version;
      sign(other);
      assertThat(EntryCodec.decode(SMALL.key(), other).isPresent())
          .isEqualTo(version == EntryCodec.SCHEMA_VERSION);
    }
  }

  @Test
  void everyCutOffArrayIsAbsent() {
    for (Entry entry : new Entry[] {SMALL, LARGE}) {
      byte[] encoded = EntryCodec.encode(entry);
      for (int length = 0; length < encoded.length; length++) {
        assertThat(EntryCodec.decode(entry.key(), Arrays.copyOf(encoded, length))).isEmpty();
      }
      assertThat(EntryCodec.decode(entry.key(), Arrays.copyOf(encoded, encoded.length + 1)))
          .isEmpty();
    }
  }

  @Test
  void everyFlippedBitIsNoticed() {
    for (Entry entry : new Entry[] {SMALL, LARGE}) {
      byte[] encoded = EntryCodec.encode(entry);
      for (int bit = 0; bit < 8 * encoded.length; bit++) {
        byte[] flipped = encoded.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(EntryCodec.decode(entry.key(), flipped)).as("bit %d", bit).isEmpty();
      }
    }
  }

  /** With a checksum that fits, the reading itself must hold: it may err, but not throw. */
  @Test
  void aFlippedBitUnderAFittingChecksumNeverThrows() {
    for (Entry entry : new Entry[] {SMALL, LARGE}) {
      byte[] encoded = EntryCodec.encode(entry);
      for (int bit = 0; bit < 8 * encoded.length; bit++) {
        byte[] flipped = encoded.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        sign(flipped);
        EntryCodec.decode(entry.key(), flipped)
            .ifPresent(read -> assertThat(read.key()).isEqualTo(entry.key()));
      }
    }
  }

  @Test
  void randomBytesAreAbsent() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      if (bytes.length > 2) {
        bytes[0] = EntryCodec.SCHEMA_VERSION;
        bytes[1] = (byte) random.nextInt(2);
      }
      if (bytes.length > EntryCodec.HEADER_BYTES && random.nextBoolean()) {
        putInt(bytes, 2, random.nextBoolean() ? bytes.length - 10 : random.nextInt(100_000));
        sign(bytes);
      }
      assertThat(EntryCodec.decode(SMALL.key(), bytes)).isEmpty();
    }
  }

  /** A few bytes that would become a gigabyte: refused by what they say, and by what they do. */
  @Test
  void aBombIsRefused() {
    byte[] bomb = deflated(new byte[4 * EntryCodec.MAXIMUM_BYTES]);
    for (int claim : new int[] {4 * EntryCodec.MAXIMUM_BYTES, 1_000, -1, Integer.MAX_VALUE}) {
      byte[] encoded = new byte[EntryCodec.HEADER_BYTES + bomb.length];
      encoded[0] = EntryCodec.SCHEMA_VERSION;
      encoded[1] = 1;
      System.arraycopy(bomb, 0, encoded, EntryCodec.HEADER_BYTES, bomb.length);
      putInt(encoded, 2, claim);
      sign(encoded);
      assertThat(EntryCodec.decode(SMALL.key(), encoded)).isEmpty();
    }
  }

  @Test
  void whatIsLongerThanItSaysIsRefused() {
    byte[] encoded = EntryCodec.encode(LARGE);
    int length = ByteBuffer.wrap(encoded).getInt(2);
    for (int claim : new int[] {length - 1, length + 1}) {
      byte[] lying = encoded.clone();
      putInt(lying, 2, claim);
      sign(lying);
      assertThat(EntryCodec.decode(LARGE.key(), lying)).isEmpty();
    }
  }

  @Test
  void refusesToWriteWhatItWouldNotRead() {
    Entry huge =
        Entries.builder("huge", FakeClock.START).text("x".repeat(EntryCodec.MAXIMUM_BYTES)).build();

    assertThatThrownBy(() -> EntryCodec.encode(huge))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("more than 16777216 bytes");
  }

  private static byte[] deflated(byte[] plain) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(plain);
    deflater.finish();
    byte[] target = new byte[1_000_000];
    int count = deflater.deflate(target);
    deflater.end();
    return Arrays.copyOf(target, count);
  }

  private static void sign(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, 6);
    checksum.update(bytes, EntryCodec.HEADER_BYTES, bytes.length - EntryCodec.HEADER_BYTES);
    putInt(bytes, 6, (int) checksum.getValue());
  }

  private static void putInt(byte[] bytes, int offset, int value) {
    ByteBuffer.wrap(bytes).putInt(offset, value);
  }
}
