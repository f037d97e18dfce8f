/** JMH benchmarks: every figure of the cache beside its floor, in the same run. */
@NullMarked
package dev.reprise.benchmarks;

import org.jspecify.annotations.NullMarked;
