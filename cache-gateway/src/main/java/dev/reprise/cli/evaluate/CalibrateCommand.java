package dev.reprise.cli.evaluate;

import dev.reprise.cli.cache.EmbedderOptions;
import dev.reprise.cli.cache.VerifierOptions;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.OutputFile;
import dev.reprise.cli.io.Terminal;
import dev.reprise.embed.Embedder;
import dev.reprise.evaluate.CalibrationSampler;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.match.Calibration;
import dev.reprise.match.Verifier;
import dev.reprise.model.CacheException;
import dev.reprise.verify.CalibrationJson;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fits a verifier's calibration to labelled questions. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fits a calibration to labelled questions: it turns the verifier's score into a probability,"
          + " and each bound on wrong answers into the lowest accepted probability.",
      "Measure it on other questions: ./reprise evaluate --calibration FILE"
    })
public final class CalibrateCommand implements Callable<Integer> {
  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Pairs of questions, in the formats of ./reprise evaluate.")
  private List<Path> pairs = List.of();

  @Option(
      names = "--stream",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Questions in their order of arrival, in the formats of ./reprise evaluate.")
  private List<Path> streams = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file for the calibration, as JSON.")
  private Path output = Path.of("");

  @Mixin private EmbedderOptions embedderOptions = new EmbedderOptions();

  @Mixin private VerifierOptions verifierOptions = new VerifierOptions();

  @Option(names = "--no-progress", description = "Show no progress bar.")
  private boolean noProgress;

  private final Terminal terminal;
  private final Supplier<Embedder> embedders;
  private final Supplier<Verifier> verifiers;

  public CalibrateCommand(
      Terminal terminal, Supplier<Embedder> embedders, Supplier<Verifier> verifiers) {
    this.terminal = terminal;
    this.embedders = embedders;
    this.verifiers = verifiers;
  }

  @Override
  public Integer call() {
    OutputFile.require("--output", output);
    List<LabelledData> data = new ArrayList<>();
    pairs.forEach(file -> data.add(LabelledFile.pairs(file)));
    streams.forEach(file -> data.add(LabelledFile.stream(file)));
    if (data.isEmpty()) {
      throw new InputException(
          "name what to calibrate on: --pairs FILE or --stream FILE; a stream says most");
    }
    List<Calibration.Sample> samples = samples(data, verifier());
    Calibration calibration;
    try {
      calibration = Calibration.fit(samples);
    } catch (IllegalArgumentException e) {
      throw new InputException("these questions are too few to calibrate on: " + e.getMessage(), e);
    }
    try {
      Files.writeString(output, CalibrationJson.write(calibration) + "\n");
    } catch (IOException e) {
      throw new InputException("cannot write " + output + ": " + e, e);
    }
    print(samples, calibration);
    return 0;
  }

  private Verifier verifier() {
    try {
      return verifierOptions.verifier(verifiers);
    } catch (CacheException e) {
      throw new InputException(String.valueOf(e.getMessage()), e);
    }
  }

  private List<Calibration.Sample> samples(List<LabelledData> data, Verifier verifier) {
    Embedder embedder = embedderOptions.embedder(System.getenv(), embedders).get();
    List<Calibration.Sample> samples = new ArrayList<>();
    for (LabelledData one : data) {
      try (ShownProgress shown =
          new ShownProgress(
              noProgress ? Optional.empty() : Optional.of(terminal),
              Path.of(one.name()).getFileName() + ": ")) {
        samples.addAll(CalibrationSampler.samples(one, verifier, embedder, shown));
      }
    }
    return samples;
  }

  private void print(List<Calibration.Sample> samples, Calibration calibration) {
    PrintStream out = terminal.out();
    long verified = samples.stream().filter(sample -> Double.isFinite(sample.logOdds())).count();
    out.printf(
        Locale.ROOT, "%,d lookups, the verifier was asked in %,d%n", samples.size(), verified);
    if (calibration.points().isEmpty()) {
      out.println("No bound is held on these questions, at whatever probability: give more");
    }
    for (Calibration.Point point : calibration.points()) {
      out.printf(
          Locale.ROOT,
          "  %s is held from a probability of %.3f%n",
          point.bound(),
          point.leastConfidence());
    }
    out.println("The calibration is in " + output);
  }
}
