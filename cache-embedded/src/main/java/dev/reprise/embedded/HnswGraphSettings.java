package dev.reprise.embedded;

import org.jspecify.annotations.Nullable;

/** What {@link HnswSemanticTier.Builder} was told about its indexes. */
record HnswGraphSettings(
    int dimension, int m, int efConstruction, int ef, int flatLimit, @Nullable VectorCodec codec) {}
