/** What may be looked up, what may be stored, and for how long. Pure decisions. */
@NullMarked
package dev.reprise.policy;

import org.jspecify.annotations.NullMarked;
