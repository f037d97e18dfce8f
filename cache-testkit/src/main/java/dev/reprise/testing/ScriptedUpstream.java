package dev.reprise.testing;

import dev.reprise.engine.AnswerSupplier;
import dev.reprise.model.Answer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream that answers or throws, at once or when the test releases it. It throws if it is
 * interrupted.
 */
public final class ScriptedUpstream implements AnswerSupplier<Exception> {
  private static final long PATIENCE_SECONDS = 30;

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger completed = new AtomicInteger();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch gate;
  private volatile Answer answer;
  private volatile Exception failure;

  private ScriptedUpstream(Answer answer, Exception failure, CountDownLatch gate) {
    this.answer = answer;
    this.failure = failure;
    this.gate = gate;
  }

  /** Returns an upstream that answers with a text. */
  public static ScriptedUpstream answering(String text) {
    return answering(Answer.ofText(text));
  }

  /** Returns an upstream that answers. */
  public static ScriptedUpstream answering(Answer answer) {
    return new ScriptedUpstream(answer, null, new CountDownLatch(0));
  }

  /** Returns an upstream that throws. */
  public static ScriptedUpstream throwing(Exception failure) {
    return new ScriptedUpstream(null, failure, new CountDownLatch(0));
  }

  /** Returns the same, but it waits for {@link #letGo}. */
  public ScriptedUpstream held() {
    return new ScriptedUpstream(answer, failure, new CountDownLatch(1));
  }

  @Override
  public Answer get() throws Exception {
    calls.incrementAndGet();
    entered.countDown();
    if (Thread.interrupted()) {
      throw new InterruptedException("the upstream was interrupted");
    }
    if (!gate.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody let the upstream go");
    }
    if (failure != null) {
      throw failure;
    }
    completed.incrementAndGet();
    return answer;
  }

  /** Lets it answer. */
  public void letGo() {
    gate.countDown();
  }

  /** Waits until it is called. */
  public void awaitCall() throws InterruptedException {
    if (!entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody called the upstream");
    }
  }

  /** Returns how often it was called. */
  public int calls() {
    return calls.get();
  }

  /** Returns how often it answered. */
  public int completed() {
    return completed.get();
  }
}
