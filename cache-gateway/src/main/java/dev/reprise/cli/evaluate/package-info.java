/**
 * The commands {@code evaluate} and {@code calibrate}: matchers, measured on labelled questions.
 *
 * <p>Internal: the command line is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.cli.evaluate;

import org.jspecify.annotations.NullMarked;
