/**
 * What an endpoint's requests, answers and streams look like, whoever defined it. Each provider has
 * a package of its own below this one.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.protocol;

import org.jspecify.annotations.NullMarked;
