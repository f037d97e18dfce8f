package dev.reprise.testing;

import dev.reprise.engine.StreamingUpstream;
import dev.reprise.model.Answer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A streaming upstream whose chunks are given by the test, on the test's thread. */
public final class ScriptedStreamingUpstream implements StreamingUpstream<String> {
  private static final long PATIENCE_SECONDS = 30;

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger cancellations = new AtomicInteger();
  private final CountDownLatch started = new CountDownLatch(1);
  private final StringBuilder text = new StringBuilder();
  private volatile Sink<String> sink;

  @Override
  public void start(Sink<String> sink) {
    calls.incrementAndGet();
    this.sink = sink;
    sink.cancelWith(cancellations::incrementAndGet);
    started.countDown();
  }

  /** Waits until it is started. */
  public ScriptedStreamingUpstream awaitStart() throws InterruptedException {
    if (!started.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody started the upstream");
    }
    return this;
  }

  /** Gives chunks. */
  public ScriptedStreamingUpstream give(String... chunks) {
    for (String chunk : chunks) {
      text.append(chunk);
      sink.next(chunk);
    }
    return this;
  }

  /** Ends by completing, with all chunks for the answer. */
  public void complete() {
    sink.complete(Answer.ofText(text.toString()));
  }

  /** Ends by failing. */
  public void fail(Throwable cause) {
    sink.fail(cause);
  }

  /** Returns how often it was started. */
  public int calls() {
    return calls.get();
  }

  /** Returns how often it was cancelled. */
  public int cancellations() {
    return cancellations.get();
  }

  /**
   * Returns an upstream that sends {@code chunks} and completes, or fails with {@code failure} if
   * that is not null, before {@code start} returns.
   */
  public static StreamingUpstream<String> atOnce(Throwable failure, String... chunks) {
    return sink -> {
      for (String chunk : chunks) {
        sink.next(chunk);
      }
      if (failure == null) {
        sink.complete(Answer.ofText(String.join("", chunks)));
      } else {
        sink.fail(failure);
      }
    };
  }
}
