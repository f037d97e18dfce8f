/** The OpenAI-compatible HTTP gateway: one engine behind the wire protocol that SDKs speak. */
@NullMarked
package dev.reprise.gateway;

import org.jspecify.annotations.NullMarked;
