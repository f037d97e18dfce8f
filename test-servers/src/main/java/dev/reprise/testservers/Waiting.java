package dev.reprise.testservers;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what a server's process does. Tests wait with the test kit's Eventually. */
final class Waiting {
  private Waiting() {}

  /** Returns as soon as {@code condition} holds; false if it does not within {@code limit}. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
