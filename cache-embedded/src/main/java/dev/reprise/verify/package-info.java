/** Verifiers that run in the process. */
@NullMarked
package dev.reprise.verify;

import org.jspecify.annotations.NullMarked;
