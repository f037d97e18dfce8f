/**
 * What operators see of the requests: meters, log lines and traces.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.observe;

import org.jspecify.annotations.NullMarked;
