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
    InstantSource clock) {

  /** Leaves out what is secret. */
  @Override
  public String toString() {
    return "Milvus at " + uri + ", collection " + collection;
  }
}
