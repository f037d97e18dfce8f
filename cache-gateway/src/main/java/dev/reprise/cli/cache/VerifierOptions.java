package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import dev.reprise.match.Calibration;
import dev.reprise.match.Verifier;
import dev.reprise.model.CacheException;
import dev.reprise.model.Similarity;
import dev.reprise.verify.CalibrationJson;
import dev.reprise.verify.OnnxVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Which verifier a verified matcher asks, and what its word is worth. */
public final class VerifierOptions {
  @Option(
      names = "--verifier",
      paramLabel = "FILE",
      description = "An ONNX file with a verifier, instead of the built-in one.")
  private Optional<Path> verifier = Optional.empty();

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "A file from ./reprise calibrate, instead of the verifier's own calibration.")
  private Optional<Path> calibration = Optional.empty();

  public VerifierOptions() {}

  /**
   * Returns the verifier that was named.
   *
   * @param shipped the one that comes with Reprise
   */
  public Verifier verifier(Supplier<Verifier> shipped) {
    Verifier chosen = verifier.isPresent() ? load(verifier.get()) : shipped.get();
    return calibration.isPresent() ? new Recalibrated(chosen, read(calibration.get())) : chosen;
  }

  private static Verifier load(Path file) {
    try {
      return OnnxVerifier.load(file);
    } catch (CacheException e) {
      throw new InputException("--verifier " + file + ": " + e.getMessage(), e);
    }
  }

  private static Calibration read(Path file) {
    try {
      return CalibrationJson.read(Files.readString(file));
    } catch (IOException e) {
      throw new InputException("--calibration " + file + ": cannot be read: " + e, e);
    } catch (CacheException e) {
      throw new InputException("--calibration " + file + ": " + e.getMessage(), e);
    }
  }

  /** A verifier whose word is worth something else. */
  private record Recalibrated(Verifier verifier, Calibration calibration) implements Verifier {
    @Override
    public Verdict verify(String asked, String cached, Similarity similarity) {
      return verifier.verify(asked, cached, similarity);
    }
  }
}
