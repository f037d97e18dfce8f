/**
 * What a request asks of the cache besides its body: its scope, its credentials, its control
 * headers, and what of it does not divide answers.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.request;

import org.jspecify.annotations.NullMarked;
