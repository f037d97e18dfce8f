/** What a matcher may learn in place from: judges of answers, and where it is kept. */
@NullMarked
package dev.reprise.learn;

import org.jspecify.annotations.NullMarked;
