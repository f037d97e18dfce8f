package dev.reprise.milvus;

import dev.reprise.milvus.MilvusStorage.Index;

/**
 * What a collection that is in use turned out to be.
 *
 * @param index over its vectors
 * @param replacesByUpsert whether an upsert replaces a row; otherwise it is deleted and inserted
 */
record Layout(Index index, boolean replacesByUpsert) {
  /** What every collection of the first schema is. */
  static final Layout SCHEMA_1 = new Layout(Index.HNSW, true);
}
