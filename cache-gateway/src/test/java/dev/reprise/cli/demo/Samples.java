package dev.reprise.cli.demo;

import dev.reprise.cli.demo.DemoQuestion.Label;
import dev.reprise.cli.io.HeaderLine;
import dev.reprise.model.UseCase;
import java.time.Duration;
import java.util.List;

/** A run with fixed numbers. */
final class Samples {
  static final Prices PRICES = new Prices(1_000, 10_000);
  static final Answers ANSWERS =
      Answers.parse("a", "{\"label\": \"price\", \"answer\": \"Nine.\", \"changes\": true}");

  private Samples() {}

  static DemoQuestion question(int number, String text, String label) {
    return new DemoQuestion(
        number, text, new Label.Known(label), UseCase.QUESTION, List.of(), 0, "");
  }

  /** An answer that cost 0.02 dollars. */
  static DemoReply.Served served(String text) {
    return new DemoReply.Served(text, 10, 1);
  }

  static DemoReply miss(String text, long millis) {
    return new DemoReply.Miss(served(text), Duration.ofMillis(millis), Duration.ofMillis(3));
  }

  static DemoReply exact(String text) {
    return new DemoReply.ExactHit(served(text), Duration.ofMillis(1), Duration.ofMillis(101));
  }

  static DemoReply near(String text, String cached, double cosine) {
    return new DemoReply.SemanticHit(
        served(text), Duration.ofMillis(4), Duration.ofMillis(104), cached, cosine);
  }

  /** Ten questions: 3 exact hits, 2 semantic ones, 3 misses, 1 bypass, 1 failure. */
  static List<Asked> run() {
    return List.of(
        new Asked(question(1, "How do I turn it on?", "on"), miss("Press on.", 104)),
        new Asked(question(2, "Can I return it?", "return"), miss("Yes.", 101)),
        new Asked(question(3, "Can I return it?", "return"), exact("Yes.")),
        new Asked(
            question(4, "Can I send it back?", "return"), near("Yes.", "Can I return it?", 0.96)),
        new Asked(
            question(5, "What is it now?", "price"),
            new DemoReply.Bypass(
                served("Nine."), Duration.ofMillis(95), "dynamic", "it is out of date at once")),
        new Asked(
            question(6, "How do I turn it off?", "off"),
            near("Press on.", "How do I turn it on?", 0.971)),
        new Asked(question(7, "Can I return it?", "return"), exact("Yes.")),
        new Asked(
            question(8, "Where?", "where"),
            new DemoReply.Failure(Duration.ofMillis(5), "no route")),
        new Asked(question(9, "What does it cost?", "price"), miss("Nine.", 200)),
        new Asked(question(10, "What does it cost?", "price"), exact("Nine.")));
  }

  static DemoResult result(List<Asked> asked, DemoCache.Comparison comparison) {
    DemoRun run = new DemoRun(asked, Duration.ofMillis(620));
    Asked first = new Asked(question(11, Pair.FIRST, Pair.LABEL), miss("RAG is.", 100));
    Asked second = new Asked(question(12, Pair.SECOND, Pair.LABEL), miss("RAG is.", 90));
    return new DemoResult(
        List.of(new HeaderLine("upstream", "made up")),
        run,
        Statistics.of(asked, run.wallTime(), PRICES),
        Audit.of(asked, ANSWERS),
        new Pair(first, second, comparison),
        List.of("redis: connection refused, 3 times"),
        new DemoUpstream.Pace.Faster(20),
        PRICES,
        1);
  }
}
