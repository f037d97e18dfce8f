/** How the semantic tiers behave as they grow. */
@NullMarked
package dev.reprise.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
