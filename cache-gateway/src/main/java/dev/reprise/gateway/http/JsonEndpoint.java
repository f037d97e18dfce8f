package dev.reprise.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers requests whose body is a JSON object. Safe for use by several threads. */
@FunctionalInterface
public interface JsonEndpoint {
  /**
   * Answers one request, now or later. What it throws becomes an error for the client.
   *
   * @param bytes the body as it came
   * @param body the same, read
   */
  void handle(Exchange exchange, byte[] bytes, ObjectNode body);
}
