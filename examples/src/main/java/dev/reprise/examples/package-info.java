/** Small programs that show how the cache is used. */
@NullMarked
package dev.reprise.examples;

import org.jspecify.annotations.NullMarked;
