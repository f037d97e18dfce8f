package dev.reprise.tier;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import java.util.List;
import java.util.OptionalInt;

/**
 * Finds the questions nearest to a vector. Its rows are pointers into the exact tier: they hold no
 * answer and no text. Safe for use by several threads.
 *
 * <p>Every method but {@link #name}, {@link #deadlineOwner} and {@link #close} may throw {@link
 * TierException}; the engine turns it into a miss. An implementation passes {@code
 * SemanticTierContract}.
 */
public interface SemanticTier extends AutoCloseable {

  /** Returns what events and counters call it: "hnsw", "milvus". */
  String name();

  /** Returns whether the engine or the tier enforces the deadline of a call. */
  default DeadlineOwner deadlineOwner() {
    return DeadlineOwner.ENGINE;
  }

  /**
   * Returns the dimension of the vectors that it holds, so that an embedder that does not fit is
   * refused when the engine is built. Default: empty, not known.
   */
  default OptionalInt dimension() {
    return OptionalInt.empty();
  }

  /**
   * Creates the tier's collection and index on its server, or checks existing ones. Call it once
   * before use; constructors do no I/O.
   *
   * @throws TierUnreachableException if the server cannot be reached; the tier goes on trying in
   *     the background once it is used
   * @throws TierException if what is there was made for another embedder, dimension or metric; the
   *     message says what to do
   */
  void ensureReady();

  /** Stores a row, in place of the one with the same pointer. An expired one is not stored. */
  void store(SemanticRow row);

  /**
   * Searches the rows with {@code fingerprint} for those nearest to {@code query}.
   *
   * @param limit at most so many, 1 to 100
   * @return nearest first, each pointer once, none expired
   */
  List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit);

  /** Removes the row with that pointer, if there is one. */
  void remove(ExactKey pointer);

  /** Removes rows that are expired. Search never returns them; this frees their memory. */
  void sweep();

  /** Gives up threads and connections. Rows in the process are lost. */
  @Override
  void close();
}
