package dev.reprise.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.UpstreamReply;
import java.nio.charset.StandardCharsets;

/** How a client wants its answer delivered. */
public final class StreamRequest {
  private static final String OPTIONS = "stream_options";
  private static final String INCLUDE_USAGE = "include_usage";

  private StreamRequest() {}

  /** Whether a stream shall tell what the call cost. */
  public enum Usage {
    WANTED,
    NOT_WANTED
  }

  /** Returns whether {@code body} asks for a stream. */
  public static boolean isStreamed(ObjectNode body) {
    return body.path("stream").asBoolean(false);
  }

  /** Returns whether {@code body} asks for usage in its stream. */
  public static Usage usage(ObjectNode body) {
    return body.path(OPTIONS).path(INCLUDE_USAGE).asBoolean(false)
        ? Usage.WANTED
        : Usage.NOT_WANTED;
  }

  /** Returns {@code body} with usage asked for. */
  public static ObjectNode withUsage(ObjectNode body) {
    ObjectNode changed = body.deepCopy();
    JsonNode options = changed.get(OPTIONS);
    ObjectNode more = options instanceof ObjectNode given ? given : Json.object();
    more.put(INCLUDE_USAGE, true);
    changed.set(OPTIONS, more);
    return changed;
  }

  /**
   * Returns whether {@code reply} refuses {@link #withUsage}, as servers do that do not know it.
   */
  public static boolean isRefused(UpstreamReply reply) {
    boolean isClientsFault = reply.status() == 400 || reply.status() == 422;
    return isClientsFault && new String(reply.body(), StandardCharsets.UTF_8).contains(OPTIONS);
  }
}
