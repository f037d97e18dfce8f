/** Texts that travel inside the artifacts. */
@NullMarked
package dev.reprise.resource;

import org.jspecify.annotations.NullMarked;
