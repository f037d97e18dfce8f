package dev.reprise.embedded;

/** What {@link HnswSemanticTier.Builder} was told about its indexes. */
record HnswGraphSettings(int dimension, int m, int efConstruction, int ef, int flatLimit) {}
