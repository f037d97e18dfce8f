package dev.reprise.benchmarks.load;

import dev.reprise.benchmarks.Circumstances;
import dev.reprise.testservers.MilvusServer;
import dev.reprise.testservers.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reprise bench fleet}: three gateways on one Redis and one Milvus are one cache. */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Starts three gateways on one Redis and one Milvus, checks what they promise with figures,",
      "and then kills each part in turn while they are asked. Ends with: calls, failed, stale,",
      "wrong, foreign, lost, p50, p99. Status 1 where one of the five is not 0, or a promise is not"
          + " kept."
    })
final class FleetCommand implements Callable<Integer> {
  private static final Duration UPSTREAM_PATIENCE = Duration.ofSeconds(30);
  private static final String TOKEN = "an admin token for the bench";
  private static final int INSTANCES = 3;
  private static final int DELAY_MILLISECONDS = 200;
  private static final long END_MILLISECONDS = 40_000;
  private static final long SEED = 42;

  @Option(names = "--kills", defaultValue = "20", description = "How often each part is killed.")
  private int kills;

  @Option(
      names = "--rate",
      defaultValue = "20",
      description = "Requests a second while parts are killed.")
  private double rate;

  @Option(
      names = "--down",
      defaultValue = "2",
      description = "Seconds that a part is down, and as many between two kills.")
  private double down;

  @Option(
      names = "--rounds",
      defaultValue = "100",
      description = "How often a removal is measured.")
  private int rounds;

  @Option(
      names = "--without-milvus",
      description = "Equal questions only: the gateways load no model, and start faster.")
  private boolean isWithoutMilvus;

  @Option(
      names = "--folder",
      defaultValue = "target/bench-fleet",
      description = "Where logs are written.")
  private Path folder = Path.of("");

  private FleetCommand() {}

  @Override
  public Integer call() throws Exception {
    // Connections that a gateway is about to close for idleness are not used again.
    System.setProperty("jdk.httpclient.keepalive.timeout", "10");
    Files.createDirectories(folder);
    Checks checks = new Checks();
    // Redis keeps what it acknowledged over a kill: reports of wrong hits are to outlive it.
    try (RedisProcess redis = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
        Child upstream = Child.upstream(folder, DELAY_MILLISECONDS)) {
      String url = upstream.await(ScriptedUpstream.LISTENS, UPSTREAM_PATIENCE);
      if (isWithoutMilvus) {
        return run(redis, null, url, checks);
      }
      try (MilvusServer milvus = MilvusServer.startOwn()) {
        return run(redis, milvus, url, checks);
      }
    }
  }

  private int run(RedisProcess redis, @Nullable MilvusServer milvus, String upstream, Checks checks)
      throws IOException, InterruptedException {
    List<String> tiers = new ArrayList<>(List.of("--tiers", "memory,redis"));
    if (milvus != null) {
      tiers = List.of("--tiers", "memory,redis,milvus", "--milvus-uri", milvus.uri());
    }
    List<String> options = new ArrayList<>(tiers);
    options.addAll(List.of("--redis-url", redis.url(), "--admin-token", TOKEN));
    options.addAll(List.of("--scope-secret-env", GatewayProcess.SECRET));
    FleetInstances.Start start =
        name -> GatewayProcess.start(name, folder, upstream, options.toArray(String[]::new));
    try (FleetInstances fleet = FleetInstances.start(INSTANCES, start)) {
      FleetPromises promises = new FleetPromises(fleet, upstream, TOKEN, milvus != null, checks);
      promises.check(rounds);
      Ledger ledger = underKills(fleet, redis, milvus);
      promises.checkAfterwards();
      report(promises, ledger, checks, redis, milvus);
      boolean isClean =
          ledger.failures() == 0
              && promises.stale() == 0
              && ledger.misjudgements() == 0
              && ledger.mixUps() == 0
              && promises.lost() == 0;
      return isClean && checks.isPassed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private record Part(String name, Runnable kill, Runnable restart) {}

  private Ledger underKills(FleetInstances fleet, RedisProcess redis, @Nullable MilvusServer milvus)
      throws InterruptedException {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("Redis", redis::kill, redis::restart));
    if (milvus != null) {
      parts.add(new Part("Milvus", milvus::kill, milvus::restart));
    }
    for (int i = 0; i < fleet.size(); i++) {
      int index = i;
      parts.add(new Part("gateway " + i, () -> fleet.kill(index), () -> fleet.restart(index)));
    }
    Ledger ledger = new Ledger(1);
    Mix mix = new Mix(SEED);
    try (Asker asker = new Asker(fleet, ledger, mix)) {
      asker.begin();
      Thread killing = new Thread(() -> kill(parts), "kills");
      killing.start();
      while (killing.isAlive()) {
        new Pace(mix, asker, ledger).openLoop(rate, 1, () -> {});
      }
      long end = System.currentTimeMillis() + END_MILLISECONDS;
      while (ledger.underWay() > 0 && System.currentTimeMillis() < end) {
        Thread.sleep(100);
      }
    }
    return ledger;
  }

  private void kill(List<Part> parts) {
    try {
      for (int round = 1; round <= kills; round++) {
        for (Part part : parts) {
          Thread.sleep((long) (down * 1_000));
          System.err.printf(Locale.ROOT, "kill %d of %s%n", round, part.name());
          part.kill().run();
          Thread.sleep((long) (down * 1_000));
          part.restart().run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(
      FleetPromises promises,
      Ledger ledger,
      Checks checks,
      RedisProcess redis,
      @Nullable MilvusServer milvus) {
    List<String> used = new ArrayList<>(List.of("Redis: " + redis.origin()));
    if (milvus != null) {
      used.add("Milvus: " + milvus.description());
    }
    String command =
        String.format(
            Locale.ROOT,
            "./reprise bench fleet --kills %d --rate %.0f --down %.0f --rounds %d%s",
            kills,
            rate,
            down,
            rounds,
            isWithoutMilvus ? " --without-milvus" : "");
    Circumstances.lines(command, "open loop at a fixed rate", used)
        .forEach(line -> System.out.println("- " + line));
    System.out.println();
    checks
        .all()
        .forEach(
            check ->
                System.out.printf(
                    "%s  %s: %s%n",
                    check.isTrue() ? "kept  " : "BROKEN", check.name(), check.detail()));
    System.out.printf(
        Locale.ROOT,
        "%ncalls %d, failed %d, stale %d, wrong %d, foreign %d, lost %d, p50 %.0f ms, p99 %.0f ms%n",
        promises.calls() + ledger.requests(),
        ledger.failures(),
        promises.stale(),
        ledger.misjudgements(),
        ledger.mixUps(),
        promises.lost(),
        ledger.percentile(0.5),
        ledger.percentile(0.99));
    ledger.examples().forEach(System.err::println);
  }
}
