package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Stops the gateway while calls are under way and writes are queued, and looks what is there. */
final class GracefulStop {
  private static final int FRESH = 40;
  private static final int UNDER_WAY = 10;
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(40);

  /** A row is found on Milvus a moment after it was written. */
  private static final int ROWS_MILLISECONDS = 3_000;

  private static final int BEFORE_SIGNAL_MILLISECONDS = 300;

  private GracefulStop() {}

  /**
   * Asks new questions, stops {@code gateway} with slow ones under way, and asks them all again of
   * another.
   *
   * @param restart starts a gateway on the same tiers
   */
  static void check(
      GatewayProcess gateway, Mix mix, SoakChecks checks, Callable<GatewayProcess> restart)
      throws Exception {
    List<Ask> asked = new ArrayList<>();
    List<String> ends = new ArrayList<>();
    Optional<Integer> exit;
    Ledger ledger = new Ledger(1);
    try (Asker asker = new Asker(URI.create(gateway.url()), ledger, mix)) {
      List<CompletableFuture<String>> underWay = new ArrayList<>();
      for (int i = 0; i < UNDER_WAY; i++) {
        Ask ask = mix.fresh(LoadModelServer.SLOW);
        asked.add(ask);
        underWay.add(asker.send(ask, System.nanoTime()));
      }
      Thread.sleep(BEFORE_SIGNAL_MILLISECONDS);
      for (int i = 0; i < FRESH; i++) {
        Ask ask = mix.fresh("gpt-4o-mini");
        asked.add(ask);
        underWay.add(asker.send(ask, System.nanoTime()));
      }
      for (CompletableFuture<String> call : underWay.subList(UNDER_WAY, underWay.size())) {
        ends.add(call.join());
      }
      gateway.child().signal();
      for (CompletableFuture<String> call : underWay.subList(0, UNDER_WAY)) {
        ends.add(call.join());
      }
      exit = gateway.child().awaitEnd(STOP_PATIENCE);
    }
    checks.add(
        "the gateway stops when it is told to, and finishes what is under way",
        exit.isPresent() && ledger.failures() == 0 && ends.stream().allMatch("miss"::equals),
        "exit status %s; %d of %d calls failed%s",
        exit.map(String::valueOf).orElse("none"),
        ledger.failures(),
        asked.size(),
        ledger.examples().isEmpty() ? "" : ": " + ledger.examples().get(0));
    try (GatewayProcess next = restart.call()) {
      askAgain(next, mix, checks, asked);
    }
  }

  private static void askAgain(GatewayProcess next, Mix mix, SoakChecks checks, List<Ask> asked)
      throws IOException, InterruptedException {
    Ledger ledger = new Ledger(1);
    int exact = 0;
    int byMeaning = 0;
    Thread.sleep(ROWS_MILLISECONDS);
    try (Asker asker = new Asker(URI.create(next.url()), ledger, mix)) {
      for (Ask ask : asked) {
        exact += asker.send(ask, System.nanoTime()).join().equals("hit-exact") ? 1 : 0;
      }
      for (Ask ask : asked) {
        String end = asker.send(mix.greeted(ask), System.nanoTime()).join();
        byMeaning += end.equals("hit-semantic") ? 1 : 0;
      }
    }
    checks.add(
        "no answer that was given before the stop is lost",
        exact == asked.size(),
        "%d of %d are hits of the next gateway",
        exact,
        asked.size());
    checks.add(
        "no row that was queued at the stop is lost",
        byMeaning == asked.size() && ledger.mixUps() + ledger.failures() == 0,
        "%d of %d are hits by meaning of the next gateway; its troubles: %s",
        byMeaning,
        asked.size(),
        next.troubles());
  }
}
