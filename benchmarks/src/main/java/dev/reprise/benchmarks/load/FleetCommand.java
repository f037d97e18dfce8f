package dev.reprise.benchmarks.load;

import dev.reprise.benchmarks.Circumstances;
import dev.reprise.testservers.MilvusServer;
import dev.reprise.testservers.RedisProcess;
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
  private static final int DELAY_MILLISECONDS = 200;

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
    FleetRun run =
        new FleetRun(
            new FleetRun.Plan(kills, rate, down, rounds, 1, folder), GatewayProcess.launcher());
    try (RedisProcess redis = FleetRun.redis();
        Child upstream = Child.upstream(folder, DELAY_MILLISECONDS)) {
      String url = upstream.await(LoadModelServer.LISTENS, UPSTREAM_PATIENCE);
      if (isWithoutMilvus) {
        return report(run.run(redis, null, url), redis, null);
      }
      try (MilvusServer milvus = MilvusServer.startOwn()) {
        return report(run.run(redis, milvus, url), redis, milvus);
      }
    }
  }

  private int report(FleetRun.Result result, RedisProcess redis, @Nullable MilvusServer milvus) {
    List<String> used = new ArrayList<>(List.of("Redis: " + redis.origin()));
    if (milvus != null) {
      used.add("Milvus: " + milvus.description());
    }
    String command =
        String.format(
            Locale.ROOT,
            "./reprise bench fleet --kills %d --rate %.0f --down %.1f --rounds %d%s",
            kills,
            rate,
            down,
            rounds,
            isWithoutMilvus ? " --without-milvus" : "");
    Circumstances.lines(command, "open loop at a fixed rate", used)
        .forEach(line -> System.out.println("- " + line));
    System.out.println();
    result
        .checks()
        .all()
        .forEach(
            check ->
                System.out.printf(
                    "%s  %s: %s%n",
                    check.isTrue() ? "kept  " : "BROKEN", check.name(), check.detail()));
    System.out.println("\n" + result.line());
    result.examples().forEach(System.err::println);
    return result.isClean() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
