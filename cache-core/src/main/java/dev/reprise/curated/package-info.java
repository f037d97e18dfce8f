/** Curated answers: reviewed question-answer pairs that are served before the semantic tier. */
@NullMarked
package dev.reprise.curated;

import org.jspecify.annotations.NullMarked;
