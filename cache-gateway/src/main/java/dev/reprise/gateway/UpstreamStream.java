package dev.reprise.gateway;

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
  private final UpstreamCall first;
  private final @Nullable UpstreamCall plainer;
  private final String shown;
  private final Protocol.Collector collector;
  private volatile @Nullable HttpHeaders headers;

  /**
   * @param first is made first
   * @param plainer is made where the upstream refuses what the first asks for beyond what the
   *     client does; null where the two are the same
   * @param shown the key that both show, empty for none
   * @param collector puts the stream's events together
   */
  UpstreamStream(
      UpstreamCall first,
      @Nullable UpstreamCall plainer,
      String shown,
      Protocol.Collector collector) {
    this.first = first;
    this.plainer = plainer;
    this.shown = shown;
    this.collector = collector;
  }

  /** Returns the headers of the upstream's reply; none where no call was made. */
  Map<String, List<String>> headers() {
    HttpHeaders known = headers;
    return known == null ? Map.of() : known.map();
  }

  @Override
  public void start(Sink<Chunk> sink) {
    sink.cancelWith(first::cancel);
    HttpResponse<InputStream> reply = first.start();
    if (isStream(reply)) {
      read(first, reply, sink);
      return;
    }
    UpstreamReply refusal = first.whole(reply);
    if (plainer == null || !StreamRequest.isRefused(refusal)) {
      throw new UpstreamReply.PassedOn(refusal, shown);
    }
    sink.cancelWith(plainer::cancel);
    HttpResponse<InputStream> other = plainer.start();
    if (!isStream(other)) {
      throw new UpstreamReply.PassedOn(plainer.whole(other), shown);
    }
    read(plainer, other, sink);
  }

  @Override
  public boolean isEndedBy(Throwable failure) {
    return !UpstreamReply.PassedOn.isOfAnotherKey(failure, shown);
  }

  private void read(UpstreamCall call, HttpResponse<InputStream> reply, Sink<Chunk> sink) {
    headers = reply.headers();
    Listener listener = new Listener(call, sink);
    new DefaultServerSentEventParser().parse(call.watched(reply), listener);
    listener.end();
  }

  private static boolean isStream(HttpResponse<InputStream> reply) {
    return reply.statusCode() == 200 && isEvents(reply.headers());
  }

  private static boolean isEvents(HttpHeaders headers) {
    return headers.firstValue("content-type").orElse("").startsWith("text/event-stream")
        && headers.firstValue("content-encoding").isEmpty();
  }

  /** Hands on each event and puts the answer together. */
  private final class Listener implements ServerSentEventListener {
    private final UpstreamCall call;
    private final Sink<Chunk> sink;
    private @Nullable Throwable failure;

    Listener(UpstreamCall call, Sink<Chunk> sink) {
      this.call = call;
      this.sink = sink;
    }

    @Override
    public void onEvent(ServerSentEvent event) {
      sink.next(collector.take(event.event() == null ? "" : event.event(), event.data()));
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
