package dev.reprise.cli.evaluate;

import dev.reprise.match.Calibration;
import dev.reprise.match.Verifier;
import dev.reprise.model.Similarity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads each pair once, however many matchers ask about it. Safe for use by several threads. */
final class RememberingVerifier implements Verifier {
  private final Verifier verifier;
  private final Map<List<String>, Verdict> verdicts = new ConcurrentHashMap<>();

  RememberingVerifier(Verifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public Verdict verify(String asked, String cached, Similarity similarity) {
    return verdicts.computeIfAbsent(
        List.of(asked, cached), unused -> verifier.verify(asked, cached, similarity));
  }

  @Override
  public Calibration calibration() {
    return verifier.calibration();
  }
}
