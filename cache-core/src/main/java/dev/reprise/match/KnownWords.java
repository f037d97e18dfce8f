package dev.reprise.match;

import dev.reprise.resource.ResourceText;
import java.nio.ByteBuffer;

/**
 * A Bloom filter of words that are no typing mistakes: the frequent words, and every word, name and
 * product that could be taken for a mistake in one of them. It knows every word of the list, and
 * one in some ten thousand others. Immutable.
 */
final class KnownWords {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final long[] bits;
  private final int hashes;

  private KnownWords(long[] bits, int hashes) {
    this.bits = bits;
    this.hashes = hashes;
  }

  /** Reads the filter of a resource: the number of hashes, that of 64-bit blocks, the blocks. */
  static KnownWords read(String resource) {
    ByteBuffer data = ByteBuffer.wrap(ResourceText.bytes(KnownWords.class, resource));
    int hashes = data.getInt();
    long[] bits = new long[data.getInt()];
    data.asLongBuffer().get(bits);
    return new KnownWords(bits, hashes);
  }

  /**
   * Returns whether {@code word} is known.
   *
   * @param word letters from a to z
   */
  boolean contains(String word) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < word.length(); i++) {
      hash = (hash ^ word.charAt(i)) * FNV_PRIME;
    }
    hash = mixed(hash);
    long size = 64L * bits.length;
    long step = (hash >>> 32) | 1;
    long at = hash & 0xffffffffL;
    for (int i = 0; i < hashes; i++) {
      int bit = (int) (at % size);
      if ((bits[bit >>> 6] & (1L << (bit & 63))) == 0) {
        return false;
      }
      at += step;
    }
    return true;
  }

  private static long mixed(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
