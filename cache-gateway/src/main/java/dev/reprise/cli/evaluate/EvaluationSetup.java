package dev.reprise.cli.evaluate;

import dev.reprise.cli.io.HeaderLine;
import dev.reprise.evaluate.Evaluator;
import dev.reprise.evaluate.InPlace;
import dev.reprise.model.internal.Checks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an evaluation was made.
 *
 * @param version of Reprise
 * @param java the Java it ran on, and the system
 * @param embedder what names the embedding model
 * @param order which rows, in which order
 * @param inPlace how the matchers learnt during streams; empty where they did not
 */
record EvaluationSetup(
    String version, String java, String embedder, RowOrder order, Optional<InPlace> inPlace) {

  /**
   * Which rows of a file are taken, in which order.
   *
   * @param limit how many at most
   * @param seed of the shuffle
   * @param shuffle whether streams are shuffled, too
   */
  record RowOrder(OptionalInt limit, long seed, boolean shuffle) {
    RowOrder {
      limit.ifPresent(most -> Checks.inRange("--limit", most, 1, Integer.MAX_VALUE));
    }
  }

  /** Returns it in lines for people. */
  List<HeaderLine> lines() {
    return List.of(
        new HeaderLine("version", version),
        new HeaderLine("ran on", java),
        new HeaderLine(
            "embedding", embedder + (embedder.startsWith("server:") ? "" : ", in this process")),
        new HeaderLine("candidates", Evaluator.CANDIDATES + " nearest, found by an exact search"),
        new HeaderLine("rows", rows()),
        new HeaderLine("learning", learning()));
  }

  private String learning() {
    return inPlace
        .map(
            how ->
                "in place: misses are judged, and "
                    + how.checked()
                    + " of the hits; the judge is wrong about "
                    + how.judgeError()
                    + " of them")
        .orElse("none");
  }

  private String rows() {
    String most =
        order.limit().isPresent() ? "at most " + order.limit().getAsInt() + " a file" : "all";
    String pairs = order.limit().isPresent() ? "; pairs drawn with seed " + order.seed() : "";
    return most
        + pairs
        + "; streams "
        + (order.shuffle() ? "shuffled with seed " + order.seed() : "in the file's order");
  }
}
