package dev.reprise.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.reprise.engine.StreamingUpstream;
import dev.reprise.model.Answer;
import java.io.EOFException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request's own streaming call of the upstream, if one is made; it runs on the calling thread.
 */
final class UpstreamStream implements StreamingUpstream<Chunk> {
  private final UpstreamCall call;
  private volatile @Nullable HttpHeaders headers;

  UpstreamStream(UpstreamCall call) {
    this.call = call;
  }

  /** Returns the headers of the upstream's reply; none where no call was made. */
  Map<String, List<String>> headers() {
    HttpHeaders known = headers;
    return known == null ? Map.of() : known.map();
  }

  @Override
  public void start(Sink<Chunk> sink) {
    sink.cancelWith(call::cancel);
    HttpResponse<InputStream> reply = call.start();
    if (reply.statusCode() != 200 || !isEvents(reply.headers())) {
      throw new UpstreamReply.PassedOn(call.whole(reply));
    }
    headers = reply.headers();
    Listener listener = new Listener(sink);
    new DefaultServerSentEventParser().parse(call.watched(reply), listener);
    listener.end();
  }

  private static boolean isEvents(HttpHeaders headers) {
    return headers.firstValue("content-type").orElse("").startsWith("text/event-stream")
        && headers.firstValue("content-encoding").isEmpty();
  }

  /** Hands on each event and puts the answer together. */
  private final class Listener implements ServerSentEventListener {
    private final Sink<Chunk> sink;
    private final ChunkCollector collector = new ChunkCollector();
    private @Nullable Throwable failure;

    Listener(Sink<Chunk> sink) {
      this.sink = sink;
    }

    @Override
    public void onEvent(ServerSentEvent event) {
      String data = event.data();
      if (data.equals(Chunk.DONE)) {
        collector.done();
        sink.next(Chunk.same(data));
        return;
      }
      ObjectNode chunk = read(data);
      if (chunk == null || event.event() != null) {
        collector.odd();
      }
      if (chunk == null) {
        sink.next(Chunk.same(data));
      } else {
        collector.add(chunk);
        sink.next(Chunk.of(data, chunk));
      }
    }

    private static @Nullable ObjectNode read(String data) {
      try {
        JsonNode node = Json.read(data);
        return node instanceof ObjectNode object ? object : null;
      } catch (JsonProcessingException e) {
        return null;
      }
    }

    @Override
    public void onError(Throwable cause) {
      failure = cause;
      sink.fail(call.failed(cause));
    }

    /** Ends the stream after its last event, where it did not fail. */
    void end() {
      if (failure != null) {
        return;
      }
      Optional<Answer> answer = collector.answer();
      if (answer.isPresent()) {
        sink.complete(answer.get());
      } else {
        sink.fail(call.failed(new EOFException("the stream had no answer")));
      }
    }
  }
}
