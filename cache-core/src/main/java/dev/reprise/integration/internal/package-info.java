/**
 * Code that the integrations of Reprise share. An integration is a module that puts the cache
 * between a framework and its models. Not public: only Reprise's own modules may use it, and it may
 * change at any time.
 */
@NullMarked
package dev.reprise.integration.internal;

import org.jspecify.annotations.NullMarked;
