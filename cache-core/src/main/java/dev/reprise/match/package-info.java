/** When a near question is the same question. */
@NullMarked
package dev.reprise.match;

import org.jspecify.annotations.NullMarked;
