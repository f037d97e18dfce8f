package dev.reprise.gateway.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;

/**
 * Collects the bytes of one body as they come, without holding a thread. A body whose length is
 * known is read into one array; other ones into an array that grows.
 */
final class BodyCollector implements Runnable {
  private static final int FIRST = 8 << 10;

  private final Content.Source source;
  private final int maximumBytes;
  private final BodyMemory.Share share;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private byte[] bytes;
  private int length;

  /** Ends a body that is larger than allowed. */
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends a body for which there is no memory now. */
  static final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param declared the length that the client declares; negative for none
   * @param share has room for {@code declared} already
   */
  BodyCollector(Content.Source source, long declared, int maximumBytes, BodyMemory.Share share) {
    this.source = source;
    this.maximumBytes = maximumBytes;
    this.share = share;
    this.bytes = new byte[declared < 0 ? 0 : (int) declared];
  }

  /** Begins to read, and returns what is completed with the body. */
  CompletableFuture<byte[]> begin() {
    run();
    return body;
  }

  @Override
  public void run() {
    try {
      collect();
    } catch (RuntimeException e) {
      body.completeExceptionally(e);
    }
  }

  private void collect() {
    while (!body.isDone()) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        source.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        body.completeExceptionally(chunk.getFailure());
        return;
      }
      boolean isLast = chunk.isLast();
      try {
        add(chunk.getByteBuffer());
      } finally {
        chunk.release();
      }
      if (isLast) {
        body.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
      }
    }
  }

  private void add(ByteBuffer piece) {
    int more = piece.remaining();
    if (more > maximumBytes - length) {
      throw new TooLargeException();
    }
    if (length + more > bytes.length) {
      int larger = (int) Math.min(maximumBytes, Math.max(FIRST, 2L * (length + more)));
      if (!share.growTo(larger)) {
        throw new NoRoomException();
      }
      bytes = Arrays.copyOf(bytes, larger);
    }
    piece.get(bytes, length, more);
    length += more;
  }
}
