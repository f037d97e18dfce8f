package dev.reprise.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Reads the JSON body of a request, without holding a thread while it comes, and hands it to its
 * endpoint.
 */
public final class BodyReader {
  /** A body above this size is read into texts while no other one is, in bytes: {@value}. */
  static final int LARGE = 1 << 20;

  private final int maximumBytes;
  private final Duration deadline;
  private final BodyMemory memory;

  // To read a long text takes several times its size for a moment.
  private final Semaphore reading = new Semaphore(1);

  /**
   * @param maximumBytes the largest body
   * @param deadline how long a body may take to come
   * @param memory what bodies may take together
   */
  public BodyReader(int maximumBytes, Duration deadline, BodyMemory memory) {
    this.maximumBytes = maximumBytes;
    this.deadline = deadline;
    this.memory = memory;
  }

  /** Reads the body and has {@code endpoint} answer, or answers with what is wrong with it. */
  public void handle(Exchange exchange, JsonEndpoint endpoint) {
    if (!isJson(exchange) && !ApiPath.readsAnyType(exchange.path())) {
      exchange.error(
          ApiError.ofClient(
              415,
              "unsupported_media_type",
              "the body must be JSON: send the header Content-Type: application/json"));
      return;
    }
    String encoding = String.valueOf(exchange.headers().get(HttpHeader.CONTENT_ENCODING));
    if (!encoding.equals("null") && !encoding.strip().equalsIgnoreCase("identity")) {
      exchange.encodingRefused(encoding);
      return;
    }
    long declared = exchange.headers().getLongField(HttpHeader.CONTENT_LENGTH);
    if (declared > maximumBytes) {
      exchange.error(tooLarge());
      return;
    }
    if (!memory.canHold(declared)) {
      exchange.error(neverFits());
      return;
    }
    BodyMemory.Share share = memory.share();
    Request.addCompletionListener(exchange.request(), failure -> share.close());
    if (!share.growTo(declared)) {
      noRoom(exchange);
      return;
    }
    CompletableFuture<byte[]> body =
        new BodyCollector(exchange.request(), declared, maximumBytes, share).begin();
    if (body.isDone() && !body.isCompletedExceptionally()) {
      answer(exchange, endpoint, body.join());
      return;
    }
    Executor threads = exchange.request().getComponents().getExecutor();
    var unused =
        body.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
            .whenCompleteAsync(
                (bytes, failure) -> {
                  if (failure == null) {
                    answer(exchange, endpoint, bytes);
                  } else {
                    refuse(exchange, failure);
                  }
                },
                threads);
  }

  /** Returns whether a request says that its body is JSON. */
  public static boolean isJson(Exchange exchange) {
    String type = String.valueOf(exchange.headers().get(HttpHeader.CONTENT_TYPE));
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private void refuse(Exchange exchange, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      exchange.error(
          ApiError.ofClient(
              408,
              "request_timeout",
              "the body did not come within " + deadline.toSeconds() + " seconds"));
    } else if (cause instanceof BodyCollector.TooLargeException) {
      exchange.error(tooLarge());
    } else if (cause instanceof BodyCollector.NoRoomException) {
      noRoom(exchange);
    } else {
      exchange.breakOff(failure);
    }
  }

  private ApiError tooLarge() {
    return ApiError.ofClient(
        413,
        "request_too_large",
        "the body is larger than "
            + maximumBytes
            + " bytes; send less, or start the gateway with a larger --max-body-bytes");
  }

  private ApiError neverFits() {
    return ApiError.ofClient(
        413,
        "request_too_large",
        "the body needs more memory than the "
            + memory.most()
            + " bytes that this gateway has for bodies; send less, or start it with a larger heap"
            + " or --max-body-memory-bytes");
  }

  private static void noRoom(Exchange exchange) {
    exchange.error(
        ApiError.ofGateway(
            503,
            "gateway_busy",
            "the bodies of other requests take all the memory that the gateway has for them; try"
                + " again (--max-body-memory-bytes allows more)"));
  }

  private void answer(Exchange exchange, JsonEndpoint endpoint, byte[] bytes) {
    try {
      ObjectNode body = bytes.length > LARGE ? alone(bytes) : object(bytes);
      RequestReport.of(exchange.request()).asked(body);
      endpoint.handle(exchange, bytes, body);
    } catch (Throwable e) {
      Failures.answer(exchange, e);
    }
  }

  private ObjectNode alone(byte[] bytes) {
    reading.acquireUninterruptibly();
    try {
      return object(bytes);
    } finally {
      reading.release();
    }
  }

  private static ObjectNode object(byte[] bytes) {
    Optional<ApiError> refusal = BodyShape.of(bytes).refusal();
    if (refusal.isPresent()) {
      throw refusal.get().exception();
    }
    if (read(bytes) instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.ofClient(400, "invalid_json", "the body must be a JSON object").exception();
  }

  private static JsonNode read(byte[] bytes) {
    try {
      return Json.read(bytes);
    } catch (IOException e) {
      try {
        // JSON whose numbers Java cannot hold is still the upstream's to answer.
        return Json.readWithoutNumbers(bytes);
      } catch (IOException second) {
        throw new ApiException(
            ApiError.ofClient(400, "invalid_json", "the body cannot be read: " + words(second)),
            second);
      }
    }
  }

  /** Returns what is wrong and where, without the text around it. */
  private static String words(IOException e) {
    if (e instanceof StreamConstraintsException) {
      return "it has a name of more than "
          + StreamReadConstraints.DEFAULT_MAX_NAME_LEN
          + " characters, or is nested deeper than "
          + StreamReadConstraints.DEFAULT_MAX_DEPTH
          + " levels";
    }
    return e instanceof JsonProcessingException parsing && parsing.getLocation() != null
        ? "it is not valid JSON, and breaks at line "
            + parsing.getLocation().getLineNr()
            + ", column "
            + parsing.getLocation().getColumnNr()
        : "it is not valid JSON in UTF-8";
  }
}
