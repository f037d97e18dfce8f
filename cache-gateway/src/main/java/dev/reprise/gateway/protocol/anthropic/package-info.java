/**
 * Anthropic's endpoint: messages.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.protocol.anthropic;

import org.jspecify.annotations.NullMarked;
