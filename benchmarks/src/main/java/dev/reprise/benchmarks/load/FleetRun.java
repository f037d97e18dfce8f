package dev.reprise.benchmarks.load;

import dev.reprise.testservers.MilvusServer;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.testservers.TestServerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Starts three gateways, asks for what they promise, and kills each part in turn under load. */
final class FleetRun {
  private static final String TOKEN = "an admin token for the bench";
  private static final int INSTANCES = 3;
  private static final long END_MILLISECONDS = 40_000;
  private static final long SEED = 42;

  private final Plan plan;
  private final List<String> launcher;
  private final AtomicInteger kills = new AtomicInteger();

  /**
   * How it is done.
   *
   * @param kills how often each part is killed
   * @param rate requests a second while parts are killed
   * @param downSeconds how long a part is down, and as long between two kills
   * @param rounds how often a removal is measured
   * @param allowance so many times what is promised may a removal or a report take: 1, or more
   *     where other work makes the machine slow
   * @param folder where logs are written
   */
  record Plan(int kills, double rate, double downSeconds, int rounds, int allowance, Path folder) {}

  /**
   * What came of it.
   *
   * @param failed calls that failed though the upstream did not
   * @param stale removed answers that were served
   * @param wrong hits by meaning whose question means something else
   * @param foreign answers that belong to another key, model or question
   * @param lost acknowledged reports that did not hold
   * @param p50 milliseconds of a call while parts are killed
   * @param p99 the same
   */
  record Result(
      long calls,
      long failed,
      long stale,
      long wrong,
      long foreign,
      long lost,
      double p50,
      double p99,
      SoakChecks checks,
      List<String> examples) {

    boolean isClean() {
      return failed + stale + wrong + foreign + lost == 0 && checks.isPassed();
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "calls %d, failed %d, stale %d, wrong %d, foreign %d, lost %d, p50 %.0f ms, p99 %.0f ms",
          calls,
          failed,
          stale,
          wrong,
          foreign,
          lost,
          p50,
          p99);
    }
  }

  private record Part(String name, Runnable kill, Runnable restart) {}

  /**
   * @param launcher the command that starts Reprise, without arguments
   */
  FleetRun(Plan plan, List<String> launcher) {
    this.plan = plan;
    this.launcher = List.copyOf(launcher);
  }

  /** Starts a Redis for {@link #run}: it keeps what it acknowledged over a kill. */
  static RedisProcess redis() {
    return RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
  }

  /**
   * Runs it.
   *
   * @param milvus without one only equal questions are hits, and no model is loaded
   * @param upstream the address of a {@link LoadModelServer}
   */
  Result run(RedisProcess redis, @Nullable MilvusServer milvus, String upstream)
      throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("--tiers", "memory,redis"));
    if (milvus != null) {
      options =
          new ArrayList<>(List.of("--tiers", "memory,redis,milvus", "--milvus-uri", milvus.uri()));
    }
    options.addAll(List.of("--redis-url", redis.url(), "--admin-token", TOKEN));
    options.addAll(List.of("--scope-secret-env", GatewayProcess.SECRET));
    List<String> shared = List.copyOf(options);
    SoakChecks checks = new SoakChecks();
    try (FleetInstances fleet =
        FleetInstances.start(
            INSTANCES,
            name ->
                GatewayProcess.start(launcher, name, plan.folder(), upstream, own(shared, name)))) {
      FleetClient client = new FleetClient(fleet, TOKEN);
      FleetPromises promises = new FleetPromises(fleet, client, upstream, milvus != null, checks);
      promises.check(plan.rounds(), plan.allowance());
      FleetAcknowledged acknowledged = new FleetAcknowledged(fleet, client, milvus != null, SEED);
      Ledger ledger = underKills(fleet, redis, milvus, acknowledged);
      checks.add(
          "every request ended",
          ledger.underWay() == 0,
          "%d are still under way",
          ledger.underWay());
      int parts = INSTANCES + (milvus == null ? 1 : 2);
      checks.add(
          "each part was killed and came back " + plan.kills() + " times",
          kills.get() == plan.kills() * parts,
          "%d kills of %d parts",
          kills.get(),
          parts);
      promises.checkAfterwards();
      acknowledged.check(checks);
      List<String> examples = new ArrayList<>(ledger.examples());
      examples.addAll(acknowledged.examples());
      return new Result(
          client.calls() + ledger.requests(),
          ledger.failures(),
          promises.stale() + acknowledged.stale(),
          ledger.misjudgements(),
          ledger.mixUps(),
          promises.lost() + acknowledged.lost(),
          ledger.percentile(0.5),
          ledger.percentile(0.99),
          checks,
          examples);
    }
  }

  /** Returns the options of one instance, which remembers its pending removals over a kill. */
  private String[] own(List<String> options, String name) {
    List<String> own = new ArrayList<>(options);
    Path pending = plan.folder().resolve(name.replace(FleetInstances.AGAIN, "") + ".pending");
    own.addAll(List.of("--pending-removals", pending.toString()));
    return own.toArray(String[]::new);
  }

  private Ledger underKills(
      FleetInstances fleet,
      RedisProcess redis,
      @Nullable MilvusServer milvus,
      FleetAcknowledged acknowledged)
      throws InterruptedException {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("Redis", redis::kill, redis::restart));
    if (milvus != null) {
      parts.add(new Part("Milvus", milvus::kill, () -> restart(milvus)));
    }
    for (int i = 0; i < fleet.size(); i++) {
      int index = i;
      parts.add(new Part("gateway " + i, () -> fleet.kill(index), () -> fleet.restart(index)));
    }
    Ledger ledger = new Ledger(1);
    Mix mix = new Mix(SEED);
    try (Asker asker = new Asker(fleet, ledger, mix)) {
      asker.begin();
      acknowledged.start();
      Thread killing = new Thread(() -> kill(parts), "kills");
      killing.setUncaughtExceptionHandler((thread, e) -> e.printStackTrace());
      killing.start();
      while (killing.isAlive()) {
        new Pace(mix, asker, ledger).openLoop(plan.rate(), 1, () -> {});
      }
      acknowledged.end();
      long end = System.currentTimeMillis() + END_MILLISECONDS;
      while (ledger.underWay() > 0 && System.currentTimeMillis() < end) {
        Thread.sleep(100);
      }
    }
    return ledger;
  }

  /** Starts it again; empty where it does not start on the data that it was killed on. */
  private static void restart(MilvusServer milvus) {
    try {
      milvus.restart();
    } catch (TestServerException e) {
      System.err.println("Milvus does not start on its data, and is emptied: " + e.getMessage());
      milvus.restartEmpty();
    }
  }

  private void kill(List<Part> parts) {
    try {
      for (int round = 1; round <= plan.kills(); round++) {
        for (Part part : parts) {
          Thread.sleep((long) (plan.downSeconds() * 1_000));
          System.err.printf(Locale.ROOT, "kill %d of %s%n", round, part.name());
          part.kill().run();
          Thread.sleep((long) (plan.downSeconds() * 1_000));
          part.restart().run();
          kills.incrementAndGet();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
