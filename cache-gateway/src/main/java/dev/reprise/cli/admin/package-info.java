/**
 * The commands that speak to a running gateway: {@code stats}, {@code invalidate}, {@code warm},
 * {@code export} and {@code import}.
 *
 * <p>Internal: the command line is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.cli.admin;

import org.jspecify.annotations.NullMarked;
