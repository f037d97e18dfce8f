/**
 * The command {@code serve}: a gateway, its policy, its log and its traces.
 *
 * <p>Internal: the command line is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.cli.serve;

import org.jspecify.annotations.NullMarked;
