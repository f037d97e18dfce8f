package dev.reprise.benchmarks.load;

import dev.reprise.benchmarks.Circumstances;
import dev.reprise.benchmarks.MarkedDocument;
import dev.reprise.testservers.RedisProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/*
 * All contenders run all the time, and one of them at a time is asked: so the rounds can alternate on warm processes. What is idle
 * costs next to nothing. Whether a hit was one is told by the upstream, which must not have been called, and not by who claims it.
 */
/** {@code ./reprise bench gateway}: the gateway beside LiteLLM's proxy, in turn. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures the gateway beside LiteLLM's proxy: same machine, same scripted upstream, same",
      "Redis, in turn. Needs wrk (apt-get install wrk) and Python 3.11 or newer."
    })
final class CompareCommand implements Callable<Integer> {
  static final String DIRECT = "the upstream itself";
  static final String REPRISE = "Reprise";
  static final String REPRISE_REDIS = "Reprise on Redis";
  static final String LITELLM = "LiteLLM's proxy";

  private static final Duration UPSTREAM_PATIENCE = Duration.ofSeconds(30);

  /** The share of what shall be hits that may be misses, since a tier was late. */
  private static final double MISSES_AMONG_HITS = 0.01;

  private static final List<Scenario> HITS_AND_MISSES =
      List.of(Scenario.ONE, Scenario.THOUSAND, Scenario.MISS);

  @Option(names = "--rounds", defaultValue = "5", description = "How often each is measured.")
  private int rounds;

  @Option(names = "--seconds", defaultValue = "8", description = "How long, each time.")
  private int seconds;

  @Option(
      names = "--warmup",
      defaultValue = "5",
      description = "Seconds of a round before the others, which does not count.")
  private int warmupSeconds;

  @Option(
      names = "--connections",
      split = ",",
      defaultValue = "1,8,32",
      description = "On how many connections.")
  private List<Integer> connections = List.of();

  @Option(names = "--delay", defaultValue = "5", description = "The upstream's delay in ms.")
  private int delay;

  @Option(names = "--quick", description = "1 round of 2 seconds: to see that it works.")
  private boolean quick;

  @Option(
      names = "--folder",
      defaultValue = "target/bench-gateway",
      description = "Where logs and compare.json are written.")
  private Path folder = Path.of("");

  @Option(
      names = "--output",
      defaultValue = "docs/results/benchmarks.md",
      description = "The document whose figures are replaced.")
  private Path output = Path.of("");

  @Option(
      names = "--plot",
      defaultValue = "docs/results/images/gateway.png",
      description = "Where the plot is written.")
  private Path plot = Path.of("");

  @Option(names = "--print", description = "Print the tables only; change no document.")
  private boolean printOnly;

  private final Map<String, List<Wrk.Sample>> samples = new LinkedHashMap<>();
  private final Map<String, Long> hitRequests = new LinkedHashMap<>();
  private final Map<String, Long> missesAmongHits = new LinkedHashMap<>();
  private String upstreamUrl = "";

  private CompareCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (quick) {
      rounds = 1;
      seconds = 2;
      warmupSeconds = 1;
    }
    Files.createDirectories(folder);
    Wrk wrk = Wrk.open(folder);
    List<Cell> cells;
    try (Child upstream = Child.upstream(folder, delay);
        RedisProcess redis = RedisProcess.start()) {
      upstreamUrl = upstream.await(LoadModelServer.LISTENS, UPSTREAM_PATIENCE);
      say("starting the contenders");
      try (GatewayProcess inProcess =
              GatewayProcess.start("reprise", folder, upstreamUrl, "--tiers", "memory,hnsw");
          GatewayProcess onRedis =
              GatewayProcess.start(
                  "reprise-redis",
                  folder,
                  upstreamUrl,
                  "--tiers",
                  "redis,hnsw",
                  "--redis-url",
                  redis.url());
          LiteLlm other = LiteLlm.start(folder, upstreamUrl, redis.port())) {
        cells = measure(wrk, contenders(inProcess, onRedis, other));
      }
      List<String> used =
          List.of(
              "LiteLLM "
                  + LiteLlm.version()
                  + " from PyPI, "
                  + LiteLlm.WORKERS
                  + " workers, its cache on Redis",
              "Redis: " + redis.origin(),
              "upstream: answers of about 1,000 characters after "
                  + delay
                  + " ms, from a process of its own",
              "in each column the median of "
                  + rounds
                  + " rounds of "
                  + seconds
                  + " s, the contenders in turn; in brackets the least and the greatest",
              "hits are known by the upstream, which was not called, but for: " + misses());
      CompareReport report =
          new CompareReport(cells, Circumstances.lines(commandLine(), wrk.version(), used));
      report.json(folder.resolve("compare.json"));
      System.out.println(report.markdown());
      report.plot(printOnly ? folder.resolve("gateway.png") : plot);
      if (!printOnly) {
        String image = MarkedDocument.image("The gateway beside LiteLLM's proxy", output, plot);
        MarkedDocument.replace(output, "gateway", image + report.markdown());
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private List<Contender> contenders(
      GatewayProcess inProcess, GatewayProcess onRedis, LiteLlm other) {
    return List.of(
        new Contender(
            DIRECT, upstreamUrl, List.of(Scenario.MISS, Scenario.MISS_BY_MEANING), null, ""),
        new Contender(REPRISE, inProcess.url(), List.of(Scenario.values()), inProcess, "memory"),
        new Contender(REPRISE_REDIS, onRedis.url(), HITS_AND_MISSES, onRedis, "redis"),
        new Contender(LITELLM, other.url(), HITS_AND_MISSES, null, ""));
  }

  private List<Cell> measure(Wrk wrk, List<Contender> contenders)
      throws IOException, InterruptedException {
    for (Contender contender : contenders) {
      fill(contender);
    }
    for (int round = 0; round <= rounds; round++) {
      for (Scenario scenario : Scenario.values()) {
        Path bodies = scenario.write(folder);
        for (int count : connections) {
          for (Contender contender : contenders) {
            if (contender.scenarios().contains(scenario)) {
              Wrk.Sample sample = ask(wrk, contender, scenario, bodies, count, round);
              say(line(round, contender, scenario, count, sample));
              if (round > 0) {
                samples
                    .computeIfAbsent(key(scenario, contender, count), key -> new ArrayList<>())
                    .add(sample);
              }
            }
          }
        }
      }
    }
    List<Cell> cells = new ArrayList<>();
    for (Scenario scenario : Scenario.values()) {
      for (int count : connections) {
        for (Contender contender : contenders) {
          List<Wrk.Sample> measured = samples.get(key(scenario, contender, count));
          if (measured != null) {
            cells.add(new Cell(scenario, contender.name(), count, measured));
          }
        }
      }
    }
    return cells;
  }

  private static String key(Scenario scenario, Contender contender, int count) {
    return scenario + "|" + contender.name() + "|" + count;
  }

  /** Asks all that shall be hits once. */
  private void fill(Contender contender) throws IOException, InterruptedException {
    for (Scenario scenario : contender.scenarios()) {
      if (scenario.isHit()) {
        say("filling " + contender.name() + " for " + scenario.title());
        for (String body : scenario.bodies()) {
          HttpResponse<String> reply =
              Http.post(
                  contender.endpoint(),
                  body,
                  "Authorization",
                  "Bearer " + LiteLlm.KEY,
                  "X-Reprise-Use-Case",
                  scenario.useCase());
          if (reply.statusCode() != 200) {
            throw new IOException(
                contender.name() + " answers " + reply.statusCode() + ": " + reply.body());
          }
        }
      }
    }
  }

  private Wrk.Sample ask(
      Wrk wrk, Contender contender, Scenario scenario, Path bodies, int count, int round)
      throws IOException, InterruptedException {
    long callsBefore = quietCalls();
    long hitsBefore = contender.hits();
    int duration = round == 0 ? warmupSeconds : seconds;
    Wrk.Sample sample = wrk.ask(contender.endpoint(), bodies, scenario.useCase(), count, duration);
    long calls = quietCalls() - callsBefore;
    long hits = contender.hits() - hitsBefore;
    String what = contender.name() + ", " + scenario.title() + ", " + count + " connections: ";
    check(sample.requests() > 0, what + "nothing was answered");
    check(sample.failed() == 0, what + sample.failed() + " requests failed");
    if (round == 0) {
      return sample;
    }
    if (scenario.isHit()) {
      // A tier that is late is a miss: it may happen, seldom, and is told.
      check(
          calls <= sample.requests() * MISSES_AMONG_HITS,
          what + "the upstream was called " + calls + " times, so not all were hits");
      hitRequests.merge(contender.name(), sample.requests(), Long::sum);
      missesAmongHits.merge(contender.name(), calls, Long::sum);
      check(
          contender.gateway() == null || hits + calls >= sample.requests(),
          what + "its meters count " + hits + " hits of " + sample.requests());
    } else {
      check(
          calls >= sample.requests(),
          what + "the upstream was called " + calls + " times for " + sample.requests());
    }
    return sample;
  }

  /** Returns how often the upstream was called, once nobody calls it any more. */
  private long quietCalls() throws IOException, InterruptedException {
    long calls = Http.calls(upstreamUrl);
    while (true) {
      Thread.sleep(300);
      long now = Http.calls(upstreamUrl);
      if (now == calls) {
        return now;
      }
      calls = now;
    }
  }

  private static void check(boolean isTrue, String otherwise) throws IOException {
    if (!isTrue) {
      throw new IOException(otherwise);
    }
  }

  private static String line(
      int round, Contender contender, Scenario scenario, int count, Wrk.Sample sample) {
    return String.format(
        Locale.ROOT,
        "%s: %s, %s, %d connections: %,.0f a second, p50 %.2f ms, p99 %.2f ms",
        round == 0 ? "warm-up" : "round " + round,
        contender.name(),
        scenario.title(),
        count,
        sample.perSecond(),
        sample.p50() / 1_000,
        sample.p99() / 1_000);
  }

  /** Returns how many of what should have been hits were none. */
  private String misses() {
    List<String> all = new ArrayList<>();
    missesAmongHits.forEach(
        (name, calls) ->
            all.add(
                String.format(Locale.ROOT, "%s %,d of %,d", name, calls, hitRequests.get(name))));
    return String.join(", ", all);
  }

  private String commandLine() {
    return "./reprise bench gateway --rounds "
        + rounds
        + " --seconds "
        + seconds
        + " --warmup "
        + warmupSeconds
        + " --connections "
        + String.join(",", connections.stream().map(String::valueOf).toList())
        + " --delay "
        + delay;
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
