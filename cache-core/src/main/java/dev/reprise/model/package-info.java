/** The vocabulary: what a request, an answer and a decision are. Pure values; no I/O, no clock. */
@NullMarked
package dev.reprise.model;

import org.jspecify.annotations.NullMarked;
