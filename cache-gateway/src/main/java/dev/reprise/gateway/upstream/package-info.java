/**
 * Calls of the upstream: which one is asked, with what, and how its answer comes back.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.upstream;

import org.jspecify.annotations.NullMarked;
