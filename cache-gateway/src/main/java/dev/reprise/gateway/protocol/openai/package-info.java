/**
 * OpenAI's endpoints: chat completions, completions and responses.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.protocol.openai;

import org.jspecify.annotations.NullMarked;
