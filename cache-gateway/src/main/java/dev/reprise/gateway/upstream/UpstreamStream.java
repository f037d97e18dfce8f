package dev.reprise.gateway.upstream;

import dev.reprise.engine.StreamingUpstream;
import dev.reprise.gateway.http.UpstreamReply;
import dev.reprise.gateway.protocol.Chunk;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.EventSource;
import dev.reprise.gateway.protocol.ForcedTool;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import dev.reprise.policy.UpstreamTemperature;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request's own streaming call of the upstream, if one is made; it runs on the calling thread.
 */
public final class UpstreamStream implements StreamingUpstream<Chunk> {
  /** The types of a stream, as servers name them; some name none. */
  private static final Set<String> STREAMS =
      Set.of(
          "text/event-stream",
          "application/x-ndjson",
          "",
          "text/plain",
          "application/octet-stream");

  /** What stands for a stream without an answer. It is the clients' to see, and never stored. */
  private static final Answer NOTHING =
      new Answer("", "", Completion.OTHER, new TokenUsage.Unknown(), Set.of());

  private final Asking asking;
  private final String shown;
  private final Protocol.Collector collector;
  private volatile @Nullable HttpHeaders headers;

  /**
   * @param asking makes the calls
   * @param shown the key that they show, empty for none
   * @param collector puts the stream's events together
   */
  public UpstreamStream(Asking asking, String shown, Protocol.Collector collector) {
    this.asking = asking;
    this.shown = shown;
    this.collector = collector;
  }

  /** Returns the headers of the upstream's reply; none where no call was made. */
  public Map<String, List<String>> headers() {
    HttpHeaders known = headers;
    return known == null ? Map.of() : known.map();
  }

  @Override
  public void start(Sink<Chunk> sink) {
    start(sink, UpstreamTemperature.AS_REQUESTED);
  }

  @Override
  public void start(Sink<Chunk> sink, UpstreamTemperature wanted) {
    Asking.Wish wish = asking.first(wanted);
    while (true) {
      UpstreamCall call = asking.call(wish);
      sink.cancelWith(call::cancel);
      HttpResponse<InputStream> reply = call.start();
      if (isStream(reply)) {
        asking.accepted(wish);
        read(call, reply, wish.temperature(), sink);
        return;
      }
      UpstreamReply whole = call.whole(reply);
      Optional<Asking.Wish> less = asking.after(wish, whole);
      if (less.isEmpty()) {
        throw new UpstreamReply.PassedOn(whole, shown);
      }
      wish = less.get();
    }
  }

  @Override
  public boolean isEndedBy(Throwable failure) {
    return !UpstreamReply.PassedOn.isOfAnotherKey(failure, shown);
  }

  /** Hands on each event and puts the answer together. */
  private void read(
      UpstreamCall call,
      HttpResponse<InputStream> reply,
      UpstreamTemperature temperature,
      Sink<Chunk> sink) {
    headers = reply.headers();
    try (InputStream in = call.watched(reply)) {
      EventSource events = asking.protocol().reader(in);
      EventReader.Event event = events.next();
      while (event != null) {
        sink.next(collector.take(event).at(temperature));
        event = collector.isEnded() ? null : events.next();
      }
      sink.complete(ForcedTool.admitted(collector.answer().orElse(NOTHING), asking.body()));
      call.drain(in);
    } catch (IOException e) {
      sink.fail(call.failed(e));
    }
  }

  private static boolean isStream(HttpResponse<InputStream> reply) {
    return reply.statusCode() == 200 && isEvents(reply.headers());
  }

  private static boolean isEvents(HttpHeaders headers) {
    String type =
        headers
            .firstValue("content-type")
            .orElse("")
            .split(";", 2)[0]
            .strip()
            .toLowerCase(Locale.ROOT);
    return STREAMS.contains(type) && headers.firstValue("content-encoding").isEmpty();
  }
}
