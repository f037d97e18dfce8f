package dev.reprise.redis;

import dev.reprise.engine.CacheEngine;
import java.util.concurrent.CountDownLatch;

/** A process that leads a flight and never ends it: a test kills it. */
final class WaitingLeader {
  static final String LEADS = "leads";

  private WaitingLeader() {}

  /** Arguments: the URL of the server, the question. */
  public static void main(String[] arguments) throws Exception {
    try (CacheEngine engine =
        CacheEngine.builder().exactTier(CoalescingIT.tier(arguments[0]).build()).build()) {
      engine.getOrCompute(
          CoalescingIT.request(arguments[1]),
          () -> {
            System.out.println(LEADS);
            new CountDownLatch(1).await();
            throw new AssertionError("it is killed before");
          });
    }
  }
}
