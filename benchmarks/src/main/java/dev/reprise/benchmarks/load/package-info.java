/** The gateway under load: beside another proxy, and for a long time. */
@NullMarked
package dev.reprise.benchmarks.load;

import org.jspecify.annotations.NullMarked;
