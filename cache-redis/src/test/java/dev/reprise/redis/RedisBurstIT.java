package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Coalescing;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.EventLog;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.TierBusyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More callers at once than there are connections, on a server that answers slowly but in time. */
@Timeout(120)
class RedisBurstIT {
  private static final int CALLERS = 60;

  private static CacheRequest request(int number) {
    return CacheRequest.builder(Scope.of("tenant"))
        .provider("test")
        .model("m")
        .user("Question " + number)
        .temperature(0)
        .build();
  }

  @Test
  void noCircuitOpensAndEveryAnswerReachesTheServer() throws Exception {
    EventLog log = new EventLog();
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try (RedisProcess server = RedisProcess.start();
        FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port());
        CacheEngine engine =
            CacheEngine.builder()
                .exactTiers(
                    CaffeineExactTier.builder().build(),
                    RedisExactTier.builder("redis://127.0.0.1:" + proxy.port())
                        .maximumConnections(1)
                        .deadline(Duration.ofMillis(250))
                        .build())
                .coalescing(Coalescing.IN_PROCESS)
                .probeInterval(Duration.ofMillis(50))
                .listener(log)
                .build()) {
      engine.getOrCompute(request(-1), () -> Answer.ofText("warm"));
      proxy.delay(Duration.ofMillis(40));
      CyclicBarrier together = new CyclicBarrier(CALLERS);
      List<Future<Outcome>> calls = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        CacheRequest request = request(i);
        calls.add(
            threads.submit(
                () -> {
                  together.await();
                  return engine.getOrCompute(request, () -> Answer.ofText("fresh"));
                }));
      }
      for (Future<Outcome> call : calls) {
        assertThat(call.get()).isInstanceOf(Outcome.Computed.class);
      }
      proxy.heal();

      assertThat(log.of(CacheEvent.Trouble.class))
          .as("calls that found no connection free")
          .anyMatch(trouble -> trouble.cause() instanceof TierBusyException);
      assertThat(log.of(CacheEvent.Circuit.class)).isEmpty();
      Eventually.that(
          "every answer is on the server",
          () -> server.send("KEYS", "reprise:entry:*").strip().lines().count() == CALLERS + 1);
    } finally {
      threads.shutdownNow();
    }
  }
}
