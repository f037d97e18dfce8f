/** What a tier promises, what it holds, and the tiers that live in the process. */
@NullMarked
package dev.reprise.tier;

import org.jspecify.annotations.NullMarked;
