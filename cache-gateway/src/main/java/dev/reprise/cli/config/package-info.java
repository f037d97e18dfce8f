/**
 * Settings of a command: from options, environment variables and a YAML file.
 *
 * <p>Internal: the command line is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.cli.config;

import org.jspecify.annotations.NullMarked;
