package dev.reprise.cli.demo;

import dev.reprise.cli.cache.CacheOptions;
import dev.reprise.cli.cache.CacheSettings;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.HeaderLine;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.Progress;
import dev.reprise.cli.io.Terminal;
import dev.reprise.engine.Pricing;
import dev.reprise.model.Scope;
import dev.reprise.model.internal.Checks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks a stream of questions through the cache and shows what it did. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends a stream of customers' questions through the cache, and shows what it did.",
      "Without options, everything runs in this process with a simulated model."
    })
public final class DemoCommand implements Callable<Integer> {
  /** The most questions at a time: {@value}. */
  static final int MAXIMUM_CONCURRENCY = 256;

  /** The longest answer of a real model, in tokens: {@value}. */
  static final int DEFAULT_MAXIMUM_TOKENS = 256;

  @Option(
      names = "--questions",
      paramLabel = "FILE",
      description =
          "The questions. Plain text, one per line; or JSON Lines with \"question\" and,"
              + " optionally, \"answer\" (the label of the right answer), \"useCase\", \"documents\","
              + " \"temperature\", \"system\". Default: the built-in questions.")
  private Optional<Path> questions = Optional.empty();

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      defaultValue = "redis://127.0.0.1:6379",
      description = "The URL of Redis. Default: ${DEFAULT-VALUE}.")
  private String redisUrl = "";

  @Option(
      names = "--upstream",
      paramLabel = "NAME",
      defaultValue = "simulated",
      description = "The model behind the cache: simulated or openai. Default: ${DEFAULT-VALUE}.")
  private String upstream = "simulated";

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      defaultValue = "https://api.openai.com/v1",
      description = "The base URL of the openai upstream. Default: ${DEFAULT-VALUE}.")
  private String baseUrl = "";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model's name. Required for the openai upstream.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--api-key-env",
      paramLabel = "NAME",
      defaultValue = "OPENAI_API_KEY",
      description =
          "The environment variable with the API key of the openai upstream. Default:"
              + " ${DEFAULT-VALUE}.")
  private String apiKeyVariable = "OPENAI_API_KEY";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "" + DEFAULT_MAXIMUM_TOKENS,
      description =
          "The longest answer of the openai upstream, in tokens. A truncated answer is not"
              + " cached. Default: ${DEFAULT-VALUE}.")
  private int maximumTokens = DEFAULT_MAXIMUM_TOKENS;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many questions are in flight at once. With 1, every run has the same hits."
              + " Default: ${DEFAULT-VALUE}.")
  private int concurrency = 1;

  @Option(names = "--limit", paramLabel = "N", description = "Ask only the first N questions.")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The seed of the simulated model's latencies. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--scope",
      paramLabel = "NAME",
      description =
          "The scope of the answers. With servers, a second run with the same scope finds the"
              + " answers of the first. Default: a new one for each run.")
  private Optional<String> scope = Optional.empty();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write all results to this file, as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(names = "--no-progress", description = "Show no progress bar.")
  private boolean noProgress;

  @Mixin private CacheOptions cache = new CacheOptions();

  @Mixin private PriceOptions price = new PriceOptions();

  private final Terminal terminal;
  private final Map<String, String> environment;
  private final DemoCache.Opener opener;
  private final SimulatedUpstream.Sleeper sleeper;
  private final LongSupplier nanoTime;

  public DemoCommand(
      Terminal terminal,
      Map<String, String> environment,
      DemoCache.Opener opener,
      SimulatedUpstream.Sleeper sleeper,
      LongSupplier nanoTime) {
    this.terminal = terminal;
    this.environment = environment;
    this.opener = opener;
    this.sleeper = sleeper;
    this.nanoTime = nanoTime;
  }

  @Override
  public Integer call() {
    check("--concurrency", concurrency, 1, MAXIMUM_CONCURRENCY);
    check("--max-tokens", maximumTokens, 1, 1_000_000);
    limit.ifPresent(most -> check("--limit", most, 1, Integer.MAX_VALUE));
    String scopeName =
        checked(() -> Scope.of(scope.orElse("demo-" + Long.toString(nanoTime.getAsLong(), 36))))
            .name();
    Prices prices = price.prices();
    CacheSettings settings =
        cache.settings(
            scopeName, redisUrl, Pricing.perMillionTokens(prices.input(), prices.output()));
    List<DemoQuestion> stream = stream();
    Answers answers = questions.isEmpty() ? Answers.builtIn() : Answers.none();
    DemoUpstream model = upstream(answers);
    boolean simulated = model instanceof SimulatedUpstream;
    DemoResult result;
    try (DemoCache cache = opener.open(settings, model)) {
      List<HeaderLine> header = header(model, settings, prices, cache, stream);
      terminal.out().println(DemoReport.header(header));
      DemoRun run;
      try (Progress progress =
          noProgress ? Progress.none() : Progress.on(terminal, "Asking", stream.size())) {
        run = DemoRun.of(stream, cache, concurrency, progress, nanoTime);
      }
      Pair pair = Pair.ask(cache, stream.size() + 1);
      result =
          new DemoResult(
              header,
              run,
              Statistics.of(run.asked(), run.wallTime(), prices),
              Audit.of(run.asked(), simulated ? answers : answers.withoutTexts()),
              pair,
              cache.troubles(),
              model.pace(),
              prices,
              concurrency);
    }
    terminal.out().println();
    terminal.out().print(DemoReport.of(result, terminal.unicode()));
    json.ifPresent(
        file -> {
          ResultFile.write(file, result);
          terminal.out().println("\nEverything is in " + file);
        });
    return result.statistics().count(Statistics.Kind.FAILURE) == result.statistics().all().count()
        ? ExitStatus.FAILURE
        : 0;
  }

  private List<DemoQuestion> stream() {
    List<DemoQuestion> all = questions.map(QuestionFile::read).orElseGet(QuestionFile::builtIn);
    return all.subList(0, Math.min(all.size(), limit.orElse(Integer.MAX_VALUE)));
  }

  private DemoUpstream upstream(Answers answers) {
    switch (upstream.toLowerCase(Locale.ROOT)) {
      case "simulated" -> {
        return new SimulatedUpstream(answers.and(Pair.LABEL, Pair.ANSWER), seed, sleeper);
      }
      case "openai" -> {
        String name =
            model.orElseThrow(() -> new InputException("--upstream openai needs --model NAME"));
        String key = environment.getOrDefault(apiKeyVariable, "");
        if (key.isBlank()) {
          throw new InputException(
              "the environment variable "
                  + apiKeyVariable
                  + " is not set; put the key for "
                  + baseUrl
                  + " there (any word where the server asks for none), or name another variable"
                  + " with --api-key-env");
        }
        if (!baseUrl.startsWith("http://") && !baseUrl.startsWith("https://")) {
          throw new InputException(
              "--base-url " + baseUrl + ": must begin with http:// or https://");
        }
        return new OpenAiUpstream(baseUrl, name, key, maximumTokens);
      }
      default ->
          throw new InputException(
              "--upstream " + upstream + ": there is no such upstream; use simulated or openai");
    }
  }

  private List<HeaderLine> header(
      DemoUpstream model,
      CacheSettings settings,
      Prices prices,
      DemoCache cache,
      List<DemoQuestion> stream) {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(new HeaderLine("upstream", model.description()));
    lines.add(
        new HeaderLine(
            "prices",
            String.format(
                Locale.ROOT,
                "%.2f USD (prompt) and %.2f USD (answer) per million tokens%s",
                prices.input(),
                prices.output(),
                prices.areExamples()
                    ? ": an example of " + Prices.EXAMPLE_DATE + ", nobody's price list"
                    : "")));
    lines.addAll(cache.description());
    lines.add(new HeaderLine("matcher", settings.matcher().description()));
    lines.add(new HeaderLine("questions", describe(stream)));
    return lines;
  }

  private String describe(List<DemoQuestion> stream) {
    Set<List<String>> different = new LinkedHashSet<>();
    Set<DemoQuestion.Label> labels = new LinkedHashSet<>();
    for (DemoQuestion question : stream) {
      different.add(List.of(question.system(), question.text()));
      if (question.label() instanceof DemoQuestion.Label.Known) {
        labels.add(question.label());
      }
    }
    String source =
        questions
            .map(file -> " from " + file)
            .orElse(" (built in) of customers of a web shop, a bank and a software company");
    return stream.size()
        + source
        + ": "
        + different.size()
        + " different ones, "
        + (labels.isEmpty() ? "without labels" : labels.size() + " different right answers");
  }

  private static void check(String option, int value, int low, int high) {
    checked(() -> Checks.inRange(option, value, low, high));
  }

  private static <T> T checked(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new InputException(String.valueOf(e.getMessage()), e);
    }
  }
}
