/** Semantic caching inside the process: embedding model, verifier and HNSW index, no server. */
@NullMarked
package dev.reprise.embedded;

import org.jspecify.annotations.NullMarked;
