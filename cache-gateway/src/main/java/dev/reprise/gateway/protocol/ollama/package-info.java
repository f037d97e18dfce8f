/**
 * Ollama's endpoints: chat and generate.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.protocol.ollama;

import org.jspecify.annotations.NullMarked;
