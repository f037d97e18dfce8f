/**
 * The command {@code demo}: a stream of questions through a cache, and what it did with them.
 *
 * <p>Internal: the command line is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.cli.demo;

import org.jspecify.annotations.NullMarked;
