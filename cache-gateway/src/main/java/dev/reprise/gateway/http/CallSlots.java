package dev.reprise.gateway.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many calls hold a thread at the same time, since each waits for the upstream. The
 * others wait in a queue and hold none, so that there are threads left for probes, administrators
 * and bodies that come. Safe for use by several threads.
 */
public final class CallSlots {
  private final Semaphore free;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /**
   * @param slots how many calls at the same time
   */
  public CallSlots(int slots) {
    this.free = new Semaphore(slots);
  }

  /**
   * Runs {@code call}, on this thread or on that of a call that ends. What it throws is answered.
   */
  public void run(Exchange exchange, Runnable call) {
    waiting.add(
        () -> {
          try {
            call.run();
          } catch (Throwable e) {
            Failures.answer(exchange, e);
          }
        });
    // Who gives a slot back looks for the next call; so none is left behind.
    while (!waiting.isEmpty() && free.tryAcquire()) {
      try {
        Runnable next = waiting.poll();
        if (next != null) {
          next.run();
        }
      } finally {
        free.release();
      }
    }
  }
}
