/**
 * What the doors of Reprise share: the modules that put the cache between a framework and its
 * models. Not public: only Reprise's own modules may use it, and it may change at any time.
 */
@NullMarked
package dev.reprise.door.internal;

import org.jspecify.annotations.NullMarked;
