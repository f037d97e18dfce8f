/**
 * The command line: {@code ./reprise}. {@link dev.reprise.cli.Reprise} starts it; each package
 * below this one has some of its commands or what they share, and is internal.
 */
@NullMarked
package dev.reprise.cli;

import org.jspecify.annotations.NullMarked;
