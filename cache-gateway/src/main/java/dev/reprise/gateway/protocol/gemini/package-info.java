/**
 * Google's endpoints: generateContent and streamGenerateContent.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.protocol.gemini;

import org.jspecify.annotations.NullMarked;
