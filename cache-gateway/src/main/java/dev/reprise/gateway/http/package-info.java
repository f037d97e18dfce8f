/**
 * One HTTP exchange: the address, the headers and the body of a request, and how it is answered.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.http;

import org.jspecify.annotations.NullMarked;
