/**
 * The options that a cache is made of, and the engine that they describe.
 *
 * <p>Internal: the command line is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.cli.cache;

import org.jspecify.annotations.NullMarked;
