package dev.reprise.engine;

import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/*
 * A client that gives up a call after its timeout cancels it, and reports the timeout with the cancellation as its cause. That is
 * the upstream's failure, and everybody's who waits for it: if it counted as a caller that gave up, the next waiting request would
 * call the silent upstream again, and the k-th would wait for k timeouts.
 */
/** Tells the failure of an upstream from a caller that gave up. */
final class Cancellation {
  /** How many causes of an exception are looked at. */
  private static final int CAUSES = 32;

  private Cancellation() {}

  /** Returns whether the leader's caller gave up, so that the failure is not the followers'. */
  static boolean isBehind(Throwable failure) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    boolean isBare = true;
    Throwable e = failure;
    for (int i = 0; i < CAUSES && e != null; i++, e = e.getCause()) {
      if (isTimeout(e)) {
        return false;
      }
      if (e instanceof InterruptedException
          || e instanceof ClosedByInterruptException
          || (isBare && e instanceof CancellationException)) {
        return true;
      }
      isBare &= e instanceof ExecutionException || e instanceof CompletionException;
    }
    return false;
  }

  private static boolean isTimeout(Throwable e) {
    return e instanceof TimeoutException
        || e instanceof HttpTimeoutException
        || e instanceof SocketTimeoutException
        || e.getClass().getSimpleName().contains("Timeout");
  }
}
