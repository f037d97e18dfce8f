/** From a text to its vector. */
@NullMarked
package dev.reprise.embed;

import org.jspecify.annotations.NullMarked;
