package dev.reprise.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.Weighed;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.StreamRequest.Usage;
import dev.reprise.policy.UpstreamTemperature;

/*
 * The upstream is always asked for usage, so that an answer that was streamed can serve one who asks for it. Who did not ask must
 * not see it: a chunk that has nothing else is left out, and "usage":null is taken off the others.
 */
/**
 * One event of a stream, ready to be written.
 *
 * @param withUsage for clients that asked for usage, as the upstream sent it
 * @param withoutUsage for the others; empty where there is nothing for them
 * @param temperature at which temperature the model was asked for it
 */
public record StreamChunk(String withUsage, String withoutUsage, UpstreamTemperature temperature)
    implements Weighed {
  /** What ends a stream. */
  public static final String DONE = "[DONE]";

  /** Returns an event that is the same for everybody. */
  public static StreamChunk same(String event) {
    return of(event, event);
  }

  /** Returns {@code event}, whose data says {@code chunk}. */
  public static StreamChunk of(EventReader.Event event, ObjectNode chunk) {
    JsonNode usage = chunk.get("usage");
    boolean isEmpty = chunk.path("choices").isEmpty();
    if (usage == null || (!usage.isNull() && !isEmpty)) {
      // Usage beside a text is the server's own habit: it is there for those, too, who do not ask.
      return same(event.raw());
    }
    if (!usage.isNull()) {
      return of(event.raw(), "");
    }
    ObjectNode less = chunk.deepCopy();
    less.remove("usage");
    return of(event.raw(), event.withData(Json.line(less)));
  }

  private static StreamChunk of(String withUsage, String withoutUsage) {
    return new StreamChunk(withUsage, withoutUsage, UpstreamTemperature.AS_REQUESTED);
  }

  /** Returns the same event of a model that was asked at {@code temperature}. */
  public StreamChunk at(UpstreamTemperature temperature) {
    return new StreamChunk(withUsage, withoutUsage, temperature);
  }

  @Override
  public int weight() {
    return withUsage.length() + (withUsage.equals(withoutUsage) ? 0 : withoutUsage.length());
  }

  /** Returns what a client that wants {@code usage} is sent. */
  public String text(Usage usage) {
    return usage == Usage.WANTED ? withUsage : withoutUsage;
  }

  /** Returns {@code data} as a server-sent event without a name. */
  public static String event(String data) {
    return event("", data);
  }

  /**
   * Returns {@code data} as a server-sent event.
   *
   * @param name empty for none
   */
  public static String event(String name, String data) {
    return (name.isEmpty() ? "" : "event: " + name + "\n")
        + "data: "
        + data.replace("\n", "\ndata: ")
        + "\n\n";
  }
}
