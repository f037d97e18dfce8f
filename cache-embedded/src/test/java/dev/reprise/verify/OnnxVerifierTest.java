package dev.reprise.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.match.Calibration;
import dev.reprise.match.Verifier.Verdict;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheException;
import dev.reprise.model.Similarity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a model of a few hundred bytes that keeps the contract: its log-odds are 10 * (cosine - 0.5),
 * less 0.01 for each token of the cached question and the end mark behind it.
 */
class OnnxVerifierTest {
  private static final String WHOLE = "/dev/reprise/verify/whole/";
  private static final Similarity NEAR = new Similarity(0.8);

  private final OnnxVerifier verifier = OnnxVerifier.load(ShippedModel.read(WHOLE));

  private static double logOdds(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.LogOdds.class);
    return ((Verdict.LogOdds) verdict).value();
  }

  @Test
  void thePairAndTheCosineReachTheModel() {
    assertThat(logOdds(verifier.verify("a question", "one two three", NEAR)))
        .isCloseTo(3 - 0.04, within(1e-4));
    assertThat(logOdds(verifier.verify("one two three", "a question", NEAR)))
        .isCloseTo(3 - 0.03, within(1e-4));
    assertThat(logOdds(verifier.verify("a", "b", new Similarity(-1))))
        .isCloseTo(-15.02, within(1e-4));
  }

  @Test
  void theLongestPairIsReadAndOneTokenMoreIsNot() {
    int half = OnnxVerifier.WINDOW / 2;
    String asked = "word ".repeat(half - 2);
    assertThat(verifier.verify(asked, "word ".repeat(half - 1), NEAR))
        .isInstanceOf(Verdict.LogOdds.class);
    assertThat(verifier.verify(asked, "word ".repeat(half), NEAR))
        .isEqualTo(new Verdict.Unreadable("the pair is longer than 128 tokens"));
    assertThat(verifier.verify("word ".repeat(5_000), "a", NEAR))
        .isInstanceOf(Verdict.Unreadable.class);
  }

  @Test
  void itsCalibrationComesWithIt() {
    Calibration calibration = verifier.calibration();
    assertThat(calibration.bias()).isEqualTo(-1);
    assertThat(calibration.leastConfidence(WrongAnswerBound.perLookup(0.01))).hasValue(0.9);
    assertThat(calibration.leastConfidence(WrongAnswerBound.perHit(0.1))).hasValue(0.8);
    assertThat(CalibrationJson.read(CalibrationJson.write(calibration))).isEqualTo(calibration);
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Double>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String cached = "word ".repeat(1 + i % 20);
        results.add(threads.submit(() -> logOdds(verifier.verify("a", cached, NEAR))));
      }
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).isCloseTo(3 - 0.01 * (2 + i % 20), within(1e-4));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void weightsOfAnotherChecksumAreRefused() {
    assertThatThrownBy(() -> ShippedModel.read("/dev/reprise/verify/changed/"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("has the SHA-256")
        .hasMessageContaining("verifier.json");
  }

  @Test
  void aMissingModuleIsNamed() {
    assertThatThrownBy(() -> ShippedModel.read("/dev/reprise/nowhere/"))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            "no /dev/reprise/nowhere/verifier.onnx on the class path: add the module"
                + " verifier-model to it");
  }

  @Test
  void aMissingCalibrationIsNotTakenForAMissingModule() {
    assertThatThrownBy(() -> ShippedModel.read("/dev/reprise/verify/uncalibrated/"))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            "no /dev/reprise/verify/uncalibrated/calibration.json on the class path: the weights"
                + " are there, what belongs to them is not, so the module verifier-model is"
                + " incomplete; docs/MATCHING.md says how a calibration is fitted");
  }

  @Test
  void aFileOfTheUsersOwnHasNoCalibrationOfItsOwn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.onnx");
    Files.write(file, ShippedModel.read(WHOLE).weights());
    OnnxVerifier mine = OnnxVerifier.load(file);
    assertThat(mine.calibration()).isEqualTo(Calibration.none());
    assertThat(logOdds(mine.verify("a", "b", NEAR))).isCloseTo(2.98, within(1e-4));
    assertThat(OnnxVerifier.load(file, verifier.calibration()).calibration())
        .isEqualTo(verifier.calibration());
  }

  @Test
  void whatIsNoModelIsRefused(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> OnnxVerifier.load(folder.resolve("none.onnx")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cannot read the verifier");
    Path file = Files.writeString(folder.resolve("text.onnx"), "no model");
    assertThatThrownBy(() -> OnnxVerifier.load(file))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cannot load the verifier");
  }

  @Test
  void aCalibrationOutOfRangeIsRefused() {
    assertThatThrownBy(() -> CalibrationJson.read("{}"))
        .hasMessageContaining("must have a number named bias");
    assertThatThrownBy(() -> CalibrationJson.read("{\"bias\": 0, \"scale\": -1, \"crowding\": 0}"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("scale is -1.0");
    assertThatThrownBy(
            () ->
                CalibrationJson.read(
                    "{\"bias\": 0, \"scale\": 1, \"crowding\": 0, \"points\": [{\"bound\":"
                        + " \"per-day\", \"rate\": 0.1, \"least\": 1}]}"))
        .hasMessageContaining("per-day");
    assertThatThrownBy(() -> CalibrationJson.read("{")).hasMessageContaining("no JSON");
  }
}
