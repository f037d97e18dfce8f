package dev.reprise.gateway.upstream;

import dev.reprise.gateway.http.BodyReader;
import dev.reprise.gateway.http.CallSlots;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.ForwardedHeaders;
import dev.reprise.gateway.http.OutcomeHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Hands a request on to the upstream, and its answer back, both untouched and as they come. */
public final class PassThrough {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final Upstreams upstreams;
  private static final Pattern RESPONSE = Pattern.compile(".*/responses/([A-Za-z0-9_-]+)");

  private final BodyReader bodies;
  private final CallSlots slots;
  private final Consumer<String> deleted;

  /**
   * @param bodies reads a body whose model tells who is asked
   * @param slots for calls
   * @param deleted takes the identifier of a response that the upstream has deleted
   */
  public PassThrough(
      Upstreams upstreams, BodyReader bodies, CallSlots slots, Consumer<String> deleted) {
    this.upstreams = upstreams;
    this.bodies = bodies;
    this.slots = slots;
    this.deleted = deleted;
  }

  /**
   * Hands on one request. Where models have upstreams of their own, a JSON body is read as a whole
   * first, to see which one it names.
   */
  public void handle(Exchange exchange) {
    boolean namesModel =
        upstreams.hasRoutes()
            && exchange.request().getMethod().equals("POST")
            && BodyReader.isJson(exchange);
    if (namesModel) {
      bodies.handle(
          exchange,
          (same, bytes, body) ->
              slots.run(
                  same, () -> handle(same, upstreams.of(body), BodyPublishers.ofByteArray(bytes))));
    } else {
      slots.run(exchange, () -> handle(exchange, upstreams.others(), body(exchange.request())));
    }
  }

  private void handle(Exchange exchange, UpstreamClient upstream, BodyPublisher body) {
    Request request = exchange.request();
    UpstreamCall call =
        upstream.call(
            request.getMethod(),
            exchange.target(),
            ForwardedHeaders.untouched(exchange.headers()),
            body,
            exchange.replies());
    HttpResponse<InputStream> reply = call.start();
    Matcher response = RESPONSE.matcher(String.valueOf(request.getHttpURI().getCanonicalPath()));
    if (request.getMethod().equals("DELETE") && reply.statusCode() < 300 && response.matches()) {
      // What the user has deleted is not replayed.
      deleted.accept(response.group(1));
    }
    try (InputStream in = call.watched(reply)) {
      exchange.upstreamHeaders(reply.headers().map());
      reply.headers().firstValueAsLong("content-length").ifPresent(exchange::length);
      exchange.begin(reply.statusCode(), Map.of(OutcomeHeaders.CACHE, OutcomeHeaders.PASSED));
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = read(in, buffer, call); read >= 0; read = read(in, buffer, call)) {
        exchange.write(ByteBuffer.wrap(buffer, 0, read));
      }
      exchange.end("");
    } catch (IOException e) {
      call.cancel();
      exchange.breakOff(e);
    }
  }

  private static int read(InputStream in, byte[] buffer, UpstreamCall call) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw call.failed(e);
    }
  }

  private static BodyPublisher body(Request request) {
    long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (length < 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
      return BodyPublishers.noBody();
    }
    if (length == 0) {
      return HttpRequest.BodyPublishers.noBody();
    }
    BodyPublisher stream = BodyPublishers.ofInputStream(() -> Request.asInputStream(request));
    return length < 0 ? stream : BodyPublishers.fromPublisher(stream, length);
  }
}
