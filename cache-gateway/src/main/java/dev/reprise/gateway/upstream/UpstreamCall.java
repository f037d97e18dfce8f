package dev.reprise.gateway.upstream;

import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.ApiException;
import dev.reprise.gateway.http.BodyMemory;
import dev.reprise.gateway.http.ReplyMemory;
import dev.reprise.gateway.http.UpstreamReply;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * The client's own time-out ends with the headers, and reading a body never times out: a watch looks at intervals whether anything
 * came, and gives the call up where nothing did.
 */
/** One call of the upstream, which can be given up from any thread. */
public final class UpstreamCall {
  /** The largest reply that is read as a whole, in bytes: 64 MiB. */
  static final int MAXIMUM_REPLY_BYTES = 64 << 20;

  /** A reply is read in pieces of this size, and memory is taken for each. */
  private static final int PIECE_BYTES = 64 << 10;

  private static final long DRAIN_BYTES = 64 << 10;
  private static final long DRAIN_MILLIS = 500;

  private final HttpClient client;
  private final HttpRequest request;
  private final String upstream;
  private final Duration patience;
  private final ScheduledExecutorService watch;
  private final ReplyMemory replies;

  private volatile long lastSign;
  private volatile boolean isCancelled;
  private volatile boolean isTimedOut;
  private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> exchange;
  private volatile @Nullable InputStream body;
  private volatile @Nullable Future<?> check;

  UpstreamCall(
      HttpClient client,
      HttpRequest request,
      String upstream,
      Duration patience,
      ScheduledExecutorService watch,
      ReplyMemory replies) {
    this.client = client;
    this.request = request;
    this.upstream = upstream;
    this.patience = patience;
    this.watch = watch;
    this.replies = replies;
  }

  /**
   * Makes the call and returns its reply; the body is read from it and must be closed.
   *
   * @throws ApiException if the upstream cannot be reached, or is silent for too long
   * @throws CancellationException if it was cancelled
   */
  HttpResponse<InputStream> start() {
    lastSign = System.nanoTime();
    CompletableFuture<HttpResponse<InputStream>> future =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    exchange = future;
    if (isCancelled) {
      future.cancel(true);
    }
    watchAfter(patience.toNanos());
    try {
      HttpResponse<InputStream> reply = future.get();
      lastSign = System.nanoTime();
      body = reply.body();
      if (isCancelled) {
        closeQuietly(reply.body());
      }
      return reply;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel();
      throw cancelled(e);
    } catch (ExecutionException e) {
      stopWatching();
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (CancellationException e) {
      stopWatching();
      throw failed(e);
    }
  }

  /** Returns the body of {@code reply}, which the watch looks at and which ends the call. */
  InputStream watched(HttpResponse<InputStream> reply) {
    return new FilterInputStream(reply.body()) {
      @Override
      public int read() throws IOException {
        int read = super.read();
        lastSign = System.nanoTime();
        return read;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        lastSign = System.nanoTime();
        return read;
      }

      @Override
      public void close() throws IOException {
        stopWatching();
        super.close();
      }
    };
  }

  /**
   * Makes the call and reads all of its reply.
   *
   * @throws ApiException if the upstream cannot be reached, is silent for too long, breaks off or
   *     sends more than {@link #MAXIMUM_REPLY_BYTES}, or more than there is memory for now
   */
  public UpstreamReply whole() {
    return whole(start());
  }

  /**
   * Reads all of {@code reply}.
   *
   * @throws ApiException if the upstream is silent for too long, breaks off or sends more than
   *     {@link #MAXIMUM_REPLY_BYTES}, or more than there is memory for now
   */
  UpstreamReply whole(HttpResponse<InputStream> reply) {
    BodyMemory.Share memory = replies.share();
    try (InputStream in = watched(reply)) {
      byte[] bytes = all(in, memory);
      if (isTimedOut || isCancelled) {
        throw failed(new IOException("the reply was given up"));
      }
      return new UpstreamReply(reply.statusCode(), reply.headers(), bytes);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      replies.keep(memory);
    }
  }

  private byte[] all(InputStream in, BodyMemory.Share memory) throws IOException {
    byte[] first = in.readNBytes(PIECE_BYTES);
    List<byte[]> pieces = new ArrayList<>(List.of(first));
    int length = first.length;
    byte[] last = first;
    while (true) {
      if (length > MAXIMUM_REPLY_BYTES) {
        throw ApiError.ofGateway(
                502,
                "upstream_reply_too_large",
                "the upstream's reply is larger than " + MAXIMUM_REPLY_BYTES + " bytes")
            .exception();
      }
      if (!memory.growTo(length)) {
        throw replies.noRoom(length);
      }
      if (last.length < PIECE_BYTES) {
        return pieces.size() == 1 ? first : joined(pieces, length);
      }
      last = in.readNBytes(PIECE_BYTES);
      pieces.add(last);
      length += last.length;
    }
  }

  private static byte[] joined(List<byte[]> pieces, int length) {
    ByteBuffer whole = ByteBuffer.allocate(length);
    pieces.forEach(whole::put);
    return whole.array();
  }

  /**
   * Reads what is left of a body that has said all that counts, so that the connection can be used
   * again; gives the call up where that is much, or does not come.
   */
  void drain(InputStream in) {
    stopWatching();
    check = watch.schedule(this::cancel, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    try {
      in.skipNBytes(DRAIN_BYTES);
      cancel();
    } catch (IOException e) {
      // The end, or a connection that is not used again.
      stopWatching();
    }
  }

  /** Gives the call up. */
  void cancel() {
    isCancelled = true;
    giveUp();
  }

  private void giveUp() {
    stopWatching();
    CompletableFuture<HttpResponse<InputStream>> running = exchange;
    if (running != null) {
      running.cancel(true);
    }
    InputStream reading = body;
    if (reading != null) {
      closeQuietly(reading);
    }
  }

  /** Returns what ends the request after {@code cause} ended the call. */
  RuntimeException failed(Throwable cause) {
    if (isCancelled) {
      return cancelled(cause);
    }
    if (isTimedOut) {
      return new ApiException(
          ApiError.ofGateway(
              504,
              "upstream_timeout",
              "the upstream was silent for " + patience.toSeconds() + " seconds"),
          cause);
    }
    return new ApiException(
        ApiError.ofGateway(
            502,
            "upstream_unreachable",
            "the upstream at "
                + upstream
                + " cannot be reached or broke off ("
                + cause.getClass().getSimpleName()
                + "); is the address right, and does it run?"),
        cause);
  }

  private static CancellationException cancelled(Throwable cause) {
    CancellationException e = new CancellationException("the call was given up");
    e.initCause(cause);
    return e;
  }

  private void watchAfter(long nanoseconds) {
    check = watch.schedule(this::check, nanoseconds, TimeUnit.NANOSECONDS);
  }

  private void check() {
    long left = patience.toNanos() - (System.nanoTime() - lastSign);
    if (left > 0) {
      watchAfter(left);
    } else {
      isTimedOut = true;
      giveUp();
    }
  }

  private void stopWatching() {
    Future<?> pending = check;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // It is given up; nobody reads it any more.
    }
  }
}
