package dev.reprise.embed;

/**
 * Turns a text into its vector. Safe for use by several threads; equal texts have equal vectors.
 */
public interface Embedder {

  /**
   * Returns what names the model and everything else that shapes its vectors. Vectors of two
   * embedders are never compared: a semantic tier remembers whose vectors it holds and refuses
   * another's.
   */
  String id();

  /** Returns the dimension of every vector. */
  int dimension();

  /**
   * Embeds {@code text}. Takes milliseconds of processor time.
   *
   * @param text not blank
   */
  Embedding embed(String text);

  /** The result of embedding a text. */
  sealed interface Embedding {

    /**
     * The whole text is in the vector.
     *
     * @param vector of the embedder's dimension
     */
    record Embedded(Vector vector) implements Embedding {}

    /**
     * The text is longer than the model's window, so that its vector would leave its end out. It
     * can be matched exactly only.
     *
     * @param window the longest text, in the model's tokens
     */
    record TooLong(int window) implements Embedding {}
  }
}
