/** Not public: only Reprise's own modules may use it, and it may change at any time. */
@NullMarked
package dev.reprise.policy.internal;

import org.jspecify.annotations.NullMarked;
