package dev.reprise.milvus;

import dev.reprise.milvus.MilvusSemanticTier.Consistency;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Everything that a tier was built with.
 *
 * @param storage how the collection is made
 * @param previousCollection which is searched beside it, empty if none
 * @param use what the collection is used for
 */
record Options(
    Server server,
    String collection,
    String embedderId,
    Index index,
    Consistency consistency,
    Deadlines deadlines,
    InstantSource clock,
    MilvusStorage storage,
    String previousCollection,
    Use use) {

  /**
   * Where Milvus is, and as whom it is asked.
   *
   * @param token empty if none
   * @param user empty if none
   * @param password empty if none
   * @param database empty for the server's default one
   */
  record Server(String uri, String token, String user, String password, String database) {
    /** Leaves out what is secret. */
    @Override
    public String toString() {
      return uri;
    }
  }

  /** The vectors and their HNSW graph. */
  record Index(int dimension, int m, int efConstruction, int ef) {}

  /** How long a call may take. */
  record Deadlines(Duration search, Duration write, Duration connect) {}

  /** What a collection is used for. */
  enum Use {
    /** Rows are written and searched; it is created where it is not there. */
    CURRENT,
    /** Rows are searched and removed, whatever its layout. */
    PREVIOUS
  }

  /** Returns the same for the collection that was written before. */
  Options previous() {
    return new Options(
        server,
        previousCollection,
        embedderId,
        index,
        consistency,
        deadlines,
        clock,
        storage,
        "",
        Use.PREVIOUS);
  }

  /** Leaves out what is secret. */
  @Override
  public String toString() {
    return "Milvus at " + server + ", collection " + collection;
  }
}
