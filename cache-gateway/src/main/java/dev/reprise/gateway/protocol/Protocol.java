package dev.reprise.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import java.io.InputStream;
import java.util.Optional;

/**
 * What requests, answers and streams of one endpoint look like. It keeps nothing between calls, and
 * is safe for use by several threads.
 */
public interface Protocol {
  /**
   * Returns what {@code body} asks, in the cache's vocabulary.
   *
   * @throws UnmappableException if something in it cannot be in a key; it goes past the cache
   */
  CacheRequest map(ObjectNode body, CallContext context);

  /** Returns the upstream's whole {@code reply} as an answer; empty where it is none. */
  Optional<Answer> encode(JsonNode reply);

  /**
   * Checks that {@code answer} can be given back.
   *
   * @throws CacheException if it cannot be read
   */
  void check(Answer answer);

  /**
   * Returns an answer to {@code request} that consists of {@code text}; empty where the protocol
   * has none, or where the provider would have to know of it.
   */
  Optional<Answer> ofText(CacheRequest request, String text);

  /**
   * Returns what was written down, as a provider would answer {@code body} now.
   *
   * @throws CacheException if it cannot be read
   */
  ObjectNode decode(Answer answer, ObjectNode body);

  /**
   * Returns what was written down, as the events by which a provider would answer {@code body} now,
   * the last one included.
   *
   * @throws CacheException if it cannot be read
   */
  String replay(Answer answer, ObjectNode body);

  /**
   * Returns the body to send upstream for {@code body}, which asks for a stream: with usage asked
   * for, where the protocol has that. Returns {@code body} itself where nothing changes.
   */
  ObjectNode upstreamBody(ObjectNode body);

  /** Returns {@code body}, which sets no temperature, with temperature 0. */
  default ObjectNode atZero(ObjectNode body) {
    return body.deepCopy().put(CacheRequest.TEMPERATURE, 0);
  }

  /** Returns whether {@code body} asks for a stream. */
  default boolean isStreamed(ObjectNode body) {
    return StreamRequest.isStreamed(body);
  }

  /** Returns the type of a stream that is replayed. */
  default String streamType() {
    return "text/event-stream; charset=utf-8";
  }

  /** Returns what reads the upstream's stream. */
  default EventSource reader(InputStream stream) {
    return new EventReader(stream);
  }

  /** Returns what puts the events of one stream together. */
  Collector collector();

  /** Puts the events of one stream together to the answer that they are. Not thread-safe. */
  interface Collector {
    /** Takes the next event, and returns it for the clients. */
    StreamChunk take(EventReader.Event event);

    /** Returns whether the answer is complete: nothing that may follow counts. */
    boolean isEnded();

    /**
     * Returns the answer, whose completion tells whether the stream came to its end; empty where
     * nothing came.
     */
    Optional<Answer> answer();
  }
}
