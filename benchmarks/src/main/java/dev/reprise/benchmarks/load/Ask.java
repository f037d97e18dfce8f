package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One request of the soak.
 *
 * @param number no other has it
 * @param key the API key that is shown
 * @param text the question, or what is embedded
 * @param isStreamed whether a stream is asked for
 */
record Ask(long number, Kind kind, String key, String model, String text, boolean isStreamed) {
  private static final String CHAT = "/v1/chat/completions";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String SYSTEM =
      "You are the help desk of a web shop that sells kitchen appliances. Answer in at most five sentences.";

  /** Returns whom it is sent to. */
  String path() {
    return kind == Kind.EMBEDDING ? EMBEDDINGS : CHAT;
  }

  /** Returns its body. */
  String body() {
    ObjectNode body = Http.JSON.createObjectNode().put("model", model);
    if (kind == Kind.EMBEDDING) {
      return body.put("input", text).toString();
    }
    body.put("temperature", kind == Kind.BYPASS ? 1.0 : 0.0);
    var messages = body.putArray("messages");
    messages.addObject().put("role", "system").put("content", SYSTEM);
    messages.addObject().put("role", "user").put("content", text);
    if (isStreamed) {
      body.put("stream", true);
      // A stream from the cache has usage where it is asked for.
      body.putObject("stream_options").put("include_usage", number % 2 == 0);
    }
    return body.toString();
  }
}
