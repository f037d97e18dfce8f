/** One lookup from end to end: tiers, single flight, write-back, events and counters. */
@NullMarked
package dev.reprise.engine;

import org.jspecify.annotations.NullMarked;
