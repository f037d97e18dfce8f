package dev.reprise.gateway.http;

import dev.reprise.engine.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * One request of a client and its answer. It is ended once: by {@link #send}, by {@link #end}, or
 * by breaking it off.
 */
public final class Exchange {
  /** The header by which providers name a request: {@value}. */
  public static final String REQUEST_ID = "x-request-id";

  /** Answers that are given before the body has come. */
  private static final Set<Integer> UNREAD = Set.of(408, 413, 415, 503);

  private static final int BUSY = 503;

  /** When there may be room again for a body or a reply. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final String JSON = "application/json";

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final ReplyMemory replies;
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private volatile boolean isBegun;
  private volatile boolean isUpstreams;

  /** Makes one whose reply is small. */
  Exchange(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.replies = new ReplyMemory(BodyMemory.unbounded());
  }

  /**
   * @param replies what the replies of all exchanges may take together
   */
  public Exchange(Request request, Response response, Callback callback, BodyMemory replies) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.replies = new ReplyMemory(replies);
    Request.addCompletionListener(request, failure -> this.replies.answered());
  }

  /** Returns what replies to this request take. */
  public ReplyMemory replies() {
    return replies;
  }

  /**
   * Takes memory for a reply that is made here, until the client has it.
   *
   * @param characters of the reply
   * @throws ApiException if there is none now
   */
  public void reserve(long characters) {
    BodyMemory.Share share = replies.share();
    if (!share.growTo(characters)) {
      throw replies.noRoom(characters);
    }
    replies.keep(share);
  }

  public Request request() {
    return request;
  }

  /**
   * Notes how the cache answered, for the log and the trace.
   *
   * @param headers the ones that {@link OutcomeHeaders#of} returned
   */
  public void ended(Outcome outcome, Map<String, String> headers) {
    RequestReport.of(request).ended(outcome, headers);
  }

  public HttpFields headers() {
    return request.getHeaders();
  }

  /** Returns what is asked for, where that is cached. */
  public Optional<ApiPath> path() {
    return ApiPath.of(String.valueOf(request.getHttpURI().getCanonicalPath()));
  }

  /** Returns the query of the address, empty where there is none. */
  public String query() {
    String query = request.getHttpURI().getQuery();
    return query == null ? "" : query;
  }

  /** Returns what of the address the upstream is asked: path and query. */
  public String target() {
    return request.getHttpURI().getPathQuery();
  }

  /** Returns the values of a header, in order. */
  public List<String> values(String header) {
    return headers().getValuesList(header);
  }

  /** Returns whether the head of the answer was written. */
  public boolean isBegun() {
    return isBegun;
  }

  /** Answers with a JSON body. */
  public void json(int status, Map<String, String> headers, byte[] body) {
    set(headers);
    response.getHeaders().put("Content-Type", JSON);
    send(status, body);
  }

  /** Answers with a text, whose type the headers name. */
  public void text(int status, Map<String, String> headers, byte[] body) {
    set(headers);
    send(status, body);
  }

  /** Refuses a body that is compressed, and says in which form it is read (RFC 9110, 15.5.16). */
  void encodingRefused(String encoding) {
    response.getHeaders().put("Accept-Encoding", "identity");
    error(
        ApiError.ofClient(
            415,
            "unsupported_content_encoding",
            "the body is compressed (Content-Encoding: "
                + OutcomeHeaders.printable(encoding)
                + "), which the gateway does not read; send it uncompressed, without that header"));
  }

  /** Tells the client when it may try again. */
  public void retryAfter(Duration wait) {
    response.getHeaders().put("Retry-After", Math.max(1, wait.toSeconds()));
  }

  /** Answers with an error. Where the answer has begun, it is broken off. */
  public void error(ApiError error) {
    if (isBegun) {
      breakOff(error.exception());
      return;
    }
    if (error.status() == BUSY && !response.getHeaders().contains("Retry-After")) {
      retryAfter(RETRY_AFTER);
    }
    if (UNREAD.contains(error.status())) {
      // What is left of the body is not waited for.
      response.getHeaders().put("Connection", "close");
    }
    json(error.status(), Map.of(), error.body());
  }

  /** Answers with the upstream's reply as it is, and {@code headers}. */
  public void reply(UpstreamReply reply, Map<String, String> headers) {
    if (isBegun) {
      breakOff(new UpstreamReply.PassedOn(reply, ""));
      return;
    }
    upstreamHeaders(reply.headers().map());
    set(headers);
    send(reply.status(), reply.body());
  }

  /** Adds the upstream's headers to the answer. */
  public void upstreamHeaders(Map<String, List<String>> headers) {
    isUpstreams = true;
    ForwardedHeaders.back(
        headers,
        (name, value) -> {
          if (name.equalsIgnoreCase("Date")) {
            // Jetty has set one of its own, which can be replaced, but not removed.
            response.getHeaders().put(name, value);
          } else {
            response.getHeaders().add(name, value);
          }
        });
  }

  /** Names an answer that the upstream did not give as the log does: clients show that name. */
  private void named() {
    String id = RequestReport.of(request).id();
    if (!isUpstreams && !id.isEmpty() && !response.getHeaders().contains(REQUEST_ID)) {
      response.getHeaders().put(REQUEST_ID, id);
    }
  }

  /** Lets web pages that are allowed read what is answered. */
  public void readableFor(Origins origins) {
    origins.answer(headers(), response.getHeaders());
  }

  /** Tells a browser that a web page may ask. */
  public void preflight(Origins origins) {
    origins.answerPreflight(headers(), response.getHeaders());
    send(204, new byte[0]);
  }

  /** Tells the client how long the body is that follows. */
  public void length(long bytes) {
    response.getHeaders().put("Content-Length", bytes);
  }

  /** Begins a stream of events, whose type is the upstream's where it named one. */
  public void beginEvents(Map<String, String> headers, String type) {
    set(headers);
    if (!response.getHeaders().contains("Content-Type")) {
      response.getHeaders().put("Content-Type", type);
    }
    response.getHeaders().put("Cache-Control", "no-cache");
    begin(200);
  }

  /** Begins an answer whose body is written piece by piece. */
  void begin(int status) {
    isBegun = true;
    named();
    response.setStatus(status);
  }

  /** Begins an answer whose body is written piece by piece, and whose type the headers name. */
  public void begin(int status, Map<String, String> headers) {
    set(headers);
    begin(status);
  }

  /**
   * Writes a piece of the body, and waits until the client has taken it.
   *
   * @throws IOException if the client is gone or does not read
   */
  public void write(ByteBuffer piece) throws IOException {
    Content.Sink.write(response, false, piece);
  }

  /** Writes a piece of the body, and tells {@code written} when the client has taken it. */
  void write(ByteBuffer piece, Callback written) {
    response.write(false, piece, written);
  }

  /** Ends an answer that has begun, with a last piece of its body. */
  public void end(String piece) {
    end(piece.getBytes(StandardCharsets.UTF_8));
  }

  /** Ends an answer that has begun, with a last piece of its body. */
  public void end(byte[] piece) {
    if (isEnded.compareAndSet(false, true)) {
      response.write(true, ByteBuffer.wrap(piece), callback);
    }
  }

  /** Ends the connection without an answer, or in the middle of one. */
  public void breakOff(Throwable cause) {
    if (isEnded.compareAndSet(false, true)) {
      callback.failed(cause);
    }
  }

  private void set(Map<String, String> headers) {
    headers.forEach(response.getHeaders()::put);
  }

  private void send(int status, byte[] body) {
    if (isEnded.compareAndSet(false, true)) {
      isBegun = true;
      named();
      response.setStatus(status);
      response.write(true, ByteBuffer.wrap(body), callback);
    }
  }
}
