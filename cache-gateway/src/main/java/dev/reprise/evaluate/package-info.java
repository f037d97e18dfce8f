/** Measures a matcher on labelled questions: what it hits, and how often it is wrong. */
@NullMarked
package dev.reprise.evaluate;

import org.jspecify.annotations.NullMarked;
