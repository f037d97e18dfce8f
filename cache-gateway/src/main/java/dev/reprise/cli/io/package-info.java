/**
 * What every command needs: the terminal, files, exit statuses, and errors of input.
 *
 * <p>Internal: the command line is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.cli.io;

import org.jspecify.annotations.NullMarked;
