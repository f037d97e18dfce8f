package dev.reprise.milvus;

import dev.reprise.milvus.MilvusSemanticTier.Consistency;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Everything that a tier was built with.
 *
 * @param token empty if none
 * @param user empty if none
 * @param password empty if none
 * @param database empty for the server's default one
 * @param storage how the collection is made
 * @param previousCollection which is searched beside it, empty if none
 * @param use what the collection is used for
 */
record Options(
    String uri,
    String token,
    String user,
    String password,
    String database,
    String collection,
    String embedderId,
    int dimension,
    int m,
    int efConstruction,
    int ef,
    Consistency consistency,
    Duration deadline,
    Duration writeDeadline,
    Duration connectDeadline,
    InstantSource clock,
    MilvusStorage storage,
    String previousCollection,
    Use use) {

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
        uri,
        token,
        user,
        password,
        database,
        previousCollection,
        embedderId,
        dimension,
        m,
        efConstruction,
        ef,
        consistency,
        deadline,
        writeDeadline,
        connectDeadline,
        clock,
        storage,
        "",
        Use.PREVIOUS);
  }

  /** Leaves out what is secret. */
  @Override
  public String toString() {
    return "Milvus at " + uri + ", collection " + collection;
  }
}
