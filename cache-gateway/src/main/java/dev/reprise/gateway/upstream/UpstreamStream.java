package dev.reprise.gateway.upstream;

import dev.reprise.engine.StreamingUpstream;
import dev.reprise.gateway.http.BodyMemory;
import dev.reprise.gateway.http.UpstreamReply;
import dev.reprise.gateway.protocol.BoundedCollector;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.EventSource;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.StreamChunk;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One request's own streaming call of the upstream, if one is made; it runs on the calling thread.
 */
public final class UpstreamStream implements StreamingUpstream<StreamChunk> {
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

  private final UpstreamAttempts attempts;
  private final String credential;
  private final Protocol.Collector collector;
  private final UnaryOperator<Answer> form;
  private final BodyMemory.Share memory;
  private volatile @Nullable HttpHeaders headers;

  /**
   * @param attempts makes the calls
   * @param credential the key that they send, empty for none
   * @param memory what the stream takes while it is put together; empty at first
   * @param form the form in which the answer is stored
   */
  public UpstreamStream(
      UpstreamAttempts attempts,
      String credential,
      BodyMemory.Share memory,
      UnaryOperator<Answer> form) {
    this.attempts = attempts;
    this.credential = credential;
    this.collector = new BoundedCollector(attempts.protocol()::collector, memory::growTo);
    this.memory = memory;
    this.form = form;
  }

  /** Returns the headers of the upstream's reply; none where no call was made. */
  public Map<String, List<String>> headers() {
    HttpHeaders known = headers;
    return known == null ? Map.of() : known.map();
  }

  @Override
  public void start(Sink<StreamChunk> sink) {
    start(sink, UpstreamTemperature.AS_REQUESTED);
  }

  @Override
  public void start(Sink<StreamChunk> sink, UpstreamTemperature wanted) {
    UpstreamAttempts.Attempt attempt = attempts.first(wanted);
    while (true) {
      UpstreamCall call = attempts.call(attempt);
      sink.cancelWith(call::cancel);
      HttpResponse<InputStream> reply = call.start();
      if (isStream(reply)) {
        attempts.accepted(attempt);
        read(call, reply, attempt.temperature(), sink);
        return;
      }
      UpstreamReply whole = call.whole(reply);
      Optional<UpstreamAttempts.Attempt> less = attempts.after(attempt, whole);
      if (less.isEmpty()) {
        throw new UpstreamReply.PassedOn(whole, credential);
      }
      attempt = less.get();
    }
  }

  @Override
  public boolean isEndedBy(Throwable failure) {
    return !UpstreamReply.PassedOn.isOfAnotherKey(failure, credential);
  }

  /** Hands on each event and puts the answer together. */
  private void read(
      UpstreamCall call,
      HttpResponse<InputStream> reply,
      UpstreamTemperature temperature,
      Sink<StreamChunk> sink) {
    headers = reply.headers();
    try (InputStream in = call.watched(reply)) {
      EventSource events = attempts.protocol().reader(in);
      EventReader.Event event = events.next();
      while (event != null) {
        sink.next(collector.take(event).at(temperature));
        event = collector.isEnded() ? null : events.next();
      }
      sink.complete(form.apply(collector.answer().orElse(NOTHING)));
      call.drain(in);
    } catch (IOException e) {
      sink.fail(call.failed(e));
    } finally {
      memory.close();
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
    return STREAMS.contains(type) && UpstreamReply.encoding(headers).isEmpty();
  }
}
