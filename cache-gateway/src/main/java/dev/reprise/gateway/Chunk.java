package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.Weighed;
import dev.reprise.gateway.StreamRequest.Usage;

/*
 * The upstream is always asked for usage, so that an answer that was streamed can serve one who asks for it. Who did not ask must
 * not see it: a chunk that has nothing else is left out, and "usage":null is taken off the others.
 */
/**
 * One event of a stream, ready to be written.
 *
 * @param withUsage for clients that asked for usage, as the upstream sent it
 * @param withoutUsage for the others; empty where there is nothing for them
 */
record Chunk(String withUsage, String withoutUsage) implements Weighed {
  /** What ends a stream. */
  static final String DONE = "[DONE]";

  /** Returns an event that is the same for everybody. */
  static Chunk same(String event) {
    return new Chunk(event, event);
  }

  /** Returns the event of {@code data}, which says {@code chunk}. */
  static Chunk of(String data, ObjectNode chunk) {
    JsonNode usage = chunk.get("usage");
    if (usage == null) {
      return same(event(data));
    }
    if (!usage.isNull() && chunk.path("choices").isEmpty()) {
      return new Chunk(event(data), "");
    }
    ObjectNode less = chunk.deepCopy();
    less.remove("usage");
    return new Chunk(event(data), event(Json.text(less)));
  }

  @Override
  public int weight() {
    return withUsage.length() + (withUsage.equals(withoutUsage) ? 0 : withoutUsage.length());
  }

  /** Returns what a client that wants {@code usage} is sent. */
  String text(Usage usage) {
    return usage == Usage.WANTED ? withUsage : withoutUsage;
  }

  /** Returns {@code data} as a server-sent event without a name. */
  static String event(String data) {
    return event("", data);
  }

  /**
   * Returns {@code data} as a server-sent event.
   *
   * @param name empty for none
   */
  static String event(String name, String data) {
    return (name.isEmpty() ? "" : "event: " + name + "\n")
        + "data: "
        + data.replace("\n", "\ndata: ")
        + "\n\n";
  }
}
