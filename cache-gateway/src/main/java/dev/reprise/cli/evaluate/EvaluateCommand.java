package dev.reprise.cli.evaluate;

import dev.reprise.cli.cache.EmbedderOptions;
import dev.reprise.cli.cache.MatcherOption;
import dev.reprise.cli.cache.MatcherSettings;
import dev.reprise.cli.cache.VerifierOptions;
import dev.reprise.cli.evaluate.EvaluationSetup.RowOrder;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.OutputFile;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.io.Version;
import dev.reprise.embed.Embedder;
import dev.reprise.evaluate.DataEvaluation;
import dev.reprise.evaluate.Evaluator;
import dev.reprise.evaluate.InPlace;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.match.Verifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures matchers on labelled questions. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures a matcher on labelled questions: how many it answers from the cache, and how many"
          + " of these wrongly.",
      "Example: ./reprise evaluate --pairs examples/data/pairs.tsv --stream"
          + " examples/data/stream.jsonl --report report.html"
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Pairs of questions. Tab-separated, with the first line \"cached query same\" (same: 1 or"
              + " 0); or JSON Lines with \"cached\", \"query\", \"same\" and, optionally, \"response\" (the"
              + " answer to cached). Plain or gzipped.")
  private List<Path> pairs = List.of();

  @Option(
      names = "--stream",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Questions in their order of arrival. Tab-separated, with the first line \"label query\""
              + " (one label per right answer); or JSON Lines with \"label\" or \"answer\", \"query\" or"
              + " \"question\" and, optionally, \"scope\" and \"response\". Plain or gzipped.")
  private List<Path> streams = List.of();

  @Option(
      names = "--matcher",
      paramLabel = "NAME",
      description =
          "The matcher. Repeatable. One of: "
              + MatcherOption.NAMES
              + ". Default: the engine's (verified:0.01).")
  private List<String> matchers = List.of(MatcherOption.DEFAULT);

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Read N rows of each file: a random sample of pairs, the first N of a stream.")
  private Optional<Integer> limit = Optional.empty();

  @Option(names = "--shuffle", description = "Shuffle streams first. Default: the file's order.")
  private boolean shuffle;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The seed of the sample, of --shuffle and of --learn. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--learn",
      description =
          "Let each matcher learn during each stream, from an empty state. Each miss shows"
              + " whether its surest candidate was right, and some hits are checked. The labels replace"
              + " the judge.")
  private boolean learn;

  @Option(
      names = "--judge-error",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "With --learn: the judge's error rate, from 0 to 0.5. Default: ${DEFAULT-VALUE}.")
  private double judgeError;

  @Option(
      names = "--check",
      paramLabel = "SHARE",
      defaultValue = "0.02",
      description =
          "With --learn: the share of hits that are checked, from 0 to 1. Default:"
              + " ${DEFAULT-VALUE}, as in the engine.")
  private double check;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the figures to this file, as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write an HTML report to this file: curves of hits over wrong answers, and hits and"
              + " misses to read. It needs no network.")
  private Optional<Path> report = Optional.empty();

  @Mixin private MatcherSettings matcherSettings = new MatcherSettings();

  @Mixin private EmbedderOptions embedderOptions = new EmbedderOptions();

  @Mixin private VerifierOptions verifierOptions = new VerifierOptions();

  @Option(names = "--no-progress", description = "Show no progress bar.")
  private boolean noProgress;

  private final Terminal terminal;
  private final Supplier<Embedder> embedders;
  private final Supplier<Verifier> verifiers;

  public EvaluateCommand(
      Terminal terminal, Supplier<Embedder> embedders, Supplier<Verifier> verifiers) {
    this.terminal = terminal;
    this.embedders = embedders;
    this.verifiers = verifiers;
  }

  @Override
  public Integer call() {
    RowOrder order = order();
    Optional<InPlace> inPlace = inPlace();
    List<NamedMatcher> named = named();
    json.ifPresent(file -> OutputFile.require("--json", file));
    report.ifPresent(file -> OutputFile.require("--report", file));
    List<LabelledData> data = data(order);
    Embedder embedder = embedderOptions.embedder(System.getenv(), embedders).get();
    EvaluationSetup setup =
        new EvaluationSetup(
            "Reprise " + Version.number(), Version.java(), embedder.id(), order, inPlace);
    terminal.out().println(header(setup));
    List<DataEvaluation> results = new ArrayList<>();
    for (LabelledData one : data) {
      results.add(evaluate(one, named, embedder, inPlace));
    }
    terminal.out().println();
    terminal.out().print(EvaluationTable.of(results, terminal.unicode()));
    json.ifPresent(file -> EvaluationFile.write(file, setup, results));
    json.ifPresent(file -> terminal.out().println("The figures are in " + file));
    report.ifPresent(file -> EvaluationPage.write(file, setup, named, results));
    report.ifPresent(file -> terminal.out().println("The page is " + file));
    return 0;
  }

  private RowOrder order() {
    try {
      return new RowOrder(limit.map(OptionalInt::of).orElseGet(OptionalInt::empty), seed, shuffle);
    } catch (IllegalArgumentException e) {
      throw new InputException(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<InPlace> inPlace() {
    if (!learn) {
      return Optional.empty();
    }
    try {
      return Optional.of(new InPlace(judgeError, check, seed));
    } catch (IllegalArgumentException e) {
      throw new InputException("--judge-error or --check: " + e.getMessage(), e);
    }
  }

  private List<NamedMatcher> named() {
    Map<String, MatcherOption> named = new LinkedHashMap<>();
    Supplier<Verifier> verifier = once(() -> verifierOptions.verifier(verifiers));
    for (String text : matchers) {
      MatcherOption matcher = MatcherOption.parse(text, verifier, matcherSettings);
      named.putIfAbsent(matcher.name(), matcher);
    }
    matcherSettings.checkUsedBy(List.copyOf(named.values()));
    return named.values().stream().map(MatcherOption::named).toList();
  }

  /** Returns a supplier that calls {@code supplier} once at most. Not safe for several threads. */
  private static <T> Supplier<T> once(Supplier<T> supplier) {
    List<T> supplied = new ArrayList<>(1);
    return () -> {
      if (supplied.isEmpty()) {
        supplied.add(supplier.get());
      }
      return supplied.get(0);
    };
  }

  private List<LabelledData> data(RowOrder order) {
    if (pairs.isEmpty() && streams.isEmpty()) {
      throw new InputException(
          "name what to evaluate on: --pairs FILE or --stream FILE; for example --pairs"
              + " examples/data/pairs.tsv");
    }
    List<LabelledData> data = new ArrayList<>();
    for (Path file : pairs) {
      LabelledData.Pairs all = LabelledFile.pairs(file);
      data.add(
          order.limit().isPresent()
              ? new LabelledData.Pairs(all.name(), taken(shuffled(all.pairs()), order))
              : all);
    }
    for (Path file : streams) {
      LabelledData.Stream all = LabelledFile.stream(file);
      data.add(
          new LabelledData.Stream(
              all.name(), taken(shuffle ? shuffled(all.arrivals()) : all.arrivals(), order)));
    }
    return data;
  }

  private <T> List<T> shuffled(List<T> rows) {
    List<T> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled;
  }

  private static <T> List<T> taken(List<T> rows, RowOrder order) {
    return rows.subList(0, Math.min(rows.size(), order.limit().orElse(Integer.MAX_VALUE)));
  }

  private static String header(EvaluationSetup setup) {
    StringBuilder header = new StringBuilder("Reprise evaluate\n\n");
    setup.lines().forEach(line -> header.append(line.wrapped()));
    return header.toString();
  }

  private DataEvaluation evaluate(
      LabelledData data, List<NamedMatcher> named, Embedder embedder, Optional<InPlace> inPlace) {
    try (ShownProgress shown =
        new ShownProgress(
            noProgress ? Optional.empty() : Optional.of(terminal),
            Path.of(data.name()).getFileName() + ": ")) {
      Evaluator evaluator =
          Evaluator.of(
              embedder,
              report.isPresent() ? Evaluator.Curves.DRAWN : Evaluator.Curves.LEFT_OUT,
              shown);
      return inPlace.map(evaluator::learning).orElse(evaluator).evaluate(data, named);
    }
  }
}
