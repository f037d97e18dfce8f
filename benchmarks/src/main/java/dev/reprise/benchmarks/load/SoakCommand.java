package dev.reprise.benchmarks.load;

import dev.reprise.benchmarks.Circumstances;
import dev.reprise.benchmarks.MarkedDocument;
import dev.reprise.testservers.MilvusServer;
import dev.reprise.testservers.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reprise bench soak}: the gateway at half of its peak, while its servers are killed. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures the gateway's peak, then asks it at half of that at a fixed rate, while Redis and",
      "Milvus are each killed and started again twice. SoakChecks every answer, that memory is flat"
          + " and",
      "that all counters add up. Ends with status 1 where something is not as it must be."
    })
final class SoakCommand implements Callable<Integer> {
  private static final Duration UPSTREAM_PATIENCE = Duration.ofSeconds(30);

  /** Until what was under way at the end has ended, hung-up calls included. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(40);

  private static final int SETTLE_MILLISECONDS = 3_000;
  private static final int WARM_UP_SECONDS = 15;
  private static final int PEAK_SECONDS = 20;
  private static final int PEAK_UNDER_WAY = 32;
  private static final long SEED = 42;

  @Option(names = "--minutes", defaultValue = "20", description = "How long at half of the peak.")
  private double minutes;

  @Option(
      names = "--tiers",
      defaultValue = "redis,milvus",
      description = "The gateway's tiers: redis,milvus or memory,redis,milvus.")
  private String tiers = "";

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "Requests a second, instead of half of the peak; 0 for that.")
  private double fixedRate;

  @Option(names = "--delay", defaultValue = "5", description = "The upstream's delay in ms.")
  private int delay;

  @Option(
      names = "--folder",
      defaultValue = "target/bench-soak",
      description = "Where logs and soak.json are written.")
  private Path folder = Path.of("");

  @Option(
      names = "--output",
      defaultValue = "docs/results/benchmarks.md",
      description = "The document whose figures are replaced.")
  private Path output = Path.of("");

  @Option(
      names = "--plot",
      defaultValue = "docs/results/images/soak.png",
      description = "Where the plot is written.")
  private Path plot = Path.of("");

  @Option(names = "--print", description = "Print the report only; change no document.")
  private boolean printOnly;

  private SoakCommand() {}

  @Override
  public Integer call() throws Exception {
    // Connections that the gateway is about to close for idleness are not used again.
    System.setProperty("jdk.httpclient.keepalive.timeout", "20");
    Files.createDirectories(folder);
    SoakChecks checks = new SoakChecks();
    SoakReport report;
    try (RedisProcess redis = RedisProcess.start();
        MilvusServer milvus = MilvusServer.startOwn();
        Child upstream = Child.upstream(folder, delay)) {
      String upstreamUrl = upstream.await(LoadModelServer.LISTENS, UPSTREAM_PATIENCE);
      Callable<GatewayProcess> start = () -> gateway(upstreamUrl, redis, milvus);
      List<String> used =
          List.of(
              "Redis: " + redis.origin(),
              "Milvus: " + milvus.description(),
              "upstream: answers of about 1,000 characters after "
                  + delay
                  + " ms, from a process of its own");
      Mix mix = new Mix(SEED);
      try (GatewayProcess gateway = start.call()) {
        report = soak(gateway, upstreamUrl, mix, redis, milvus, checks, used);
        System.err.println("stopping the gateway with calls under way");
        GracefulStop.check(gateway, mix, checks, start);
      }
    }
    report.json(folder.resolve("soak.json"));
    System.out.println(report.markdown());
    report.plot(printOnly ? folder.resolve("soak.png") : plot);
    if (!printOnly) {
      String image = MarkedDocument.image("The soak over time", output, plot);
      MarkedDocument.replace(output, "soak", image + report.markdown());
    }
    report.ledger().examples().forEach(System.err::println);
    return checks.isPassed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private GatewayProcess gateway(String upstreamUrl, RedisProcess redis, MilvusServer milvus)
      throws IOException, InterruptedException {
    return GatewayProcess.start(
        "gateway",
        folder,
        upstreamUrl,
        "--tiers",
        tiers,
        "--redis-url",
        redis.url(),
        "--milvus-uri",
        milvus.uri(),
        "--scope-secret-env",
        GatewayProcess.SECRET);
  }

  private SoakReport soak(
      GatewayProcess gateway,
      String upstreamUrl,
      Mix mix,
      RedisProcess redis,
      MilvusServer milvus,
      SoakChecks checks,
      List<String> used)
      throws IOException, InterruptedException {
    double seconds = minutes * 60;
    Ledger ledger = new Ledger((int) Math.max(1, Math.min(5, seconds / 60)));
    try (Asker asker = new Asker(URI.create(gateway.url()), ledger, mix);
        Watch watch = new Watch(gateway, asker, folder, seconds)) {
      Pace pace = new Pace(mix, asker, ledger);
      pace.closedLoop(PEAK_UNDER_WAY, WARM_UP_SECONDS);
      double peak = pace.closedLoop(PEAK_UNDER_WAY, PEAK_SECONDS);
      double rate = fixedRate > 0 ? fixedRate : peak / 2;
      System.err.printf(Locale.ROOT, "peak %.0f a second; going on at %.0f%n", peak, rate);
      asker.begin();
      watch.start();
      List<Faults.Fault> faults;
      try (Faults killing = Faults.start(asker, seconds, redis, milvus)) {
        pace.openLoop(rate, seconds, () -> progress(asker, ledger, seconds));
        killing.await();
        faults = killing.done();
        if (!killing.trouble().isEmpty()) {
          System.err.println("a server did not come back: " + killing.trouble());
        }
      }
      long end = System.nanoTime() + END_PATIENCE.toNanos();
      while (ledger.underWay() > 0 && System.nanoTime() < end) {
        Thread.sleep(100);
      }
      Thread.sleep(SETTLE_MILLISECONDS);
      Map<String, Double> meters = gateway.meters();
      checks.answers(ledger);
      checks.counters(ledger, meters, Http.calls(upstreamUrl));
      checks.recovery(ledger, faults, seconds);
      checks.flat(watch, seconds);
      List<String> circumstances =
          Circumstances.lines(commandLine(), "open loop at a fixed rate", used);
      return new SoakReport(
          circumstances, peak, rate, ledger, watch.readings(), faults, gateway.troubles(), checks);
    }
  }

  private String commandLine() {
    return String.format(
        Locale.ROOT,
        "./reprise bench soak --minutes %s --tiers %s --delay %d%s",
        minutes == Math.rint(minutes) ? String.valueOf((long) minutes) : String.valueOf(minutes),
        tiers,
        delay,
        fixedRate > 0 ? " --rate " + fixedRate : "");
  }

  private static void progress(Asker asker, Ledger ledger, double seconds) {
    double second = asker.second();
    if ((long) second % 10 == 0) {
      System.err.printf(
          Locale.ROOT,
          "%4.0f of %.0f s: %,d asked, %,d failed, %,d mixed up, %d under way, hits %.0f %% of"
              + " repeats, %.0f %% of paraphrases%n",
          second,
          seconds,
          ledger.requests(),
          ledger.failures(),
          ledger.mixUps(),
          ledger.underWay(),
          100 * ledger.hitRate(Kind.REPEAT, second - 10, second),
          100 * ledger.hitRate(Kind.PARAPHRASE, second - 10, second));
    }
  }
}
