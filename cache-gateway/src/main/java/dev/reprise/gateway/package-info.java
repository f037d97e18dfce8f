/**
 * The HTTP gateway: one engine behind the wire protocols that SDKs speak. {@link
 * dev.reprise.gateway.Gateway} and {@link dev.reprise.gateway.GatewayBuilder} are its face; the
 * packages below this one are internal.
 *
 * <p>A package knows only those before it: http, request, protocol, the providers' protocols,
 * upstream, admin, observe, and this one, which puts them together.
 */
@NullMarked
package dev.reprise.gateway;

import org.jspecify.annotations.NullMarked;
