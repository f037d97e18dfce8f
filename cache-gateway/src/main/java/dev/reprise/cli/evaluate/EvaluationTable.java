package dev.reprise.cli.evaluate;

import dev.reprise.cli.io.Terminal;
import dev.reprise.evaluate.DataEvaluation;
import dev.reprise.evaluate.Evaluation;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.Rate;
import java.util.List;
import java.util.Locale;

/** Writes an evaluation down for people: a row for each file and matcher. */
final class EvaluationTable {
  private final boolean unicode;
  private final StringBuilder text = new StringBuilder();

  private EvaluationTable(boolean unicode) {
    this.unicode = unicode;
  }

  /** Returns the table. */
  static String of(List<DataEvaluation> results, boolean unicode) {
    EvaluationTable table = new EvaluationTable(unicode);
    results.forEach(table::data);
    table.line(
        "Each rate with its 95 %% interval. docs/EVALUATING.md says what each of them means.");
    return table.text.toString();
  }

  private void data(DataEvaluation result) {
    LabelledData data = result.data();
    if (data instanceof LabelledData.Pairs pairs) {
      line(
          "%s: %s pairs, %s of them the same question",
          data.name(), number(data.size()), number(pairs.same()));
      heads("matcher", "", "recall", "false hits", "wrong per lookup", "wrong per hit");
    } else {
      line("%s: a stream of %s", data.name(), number(data.size()));
      heads("matcher", "exact", "hits", "wrong per lookup", "wrong per hit", "wrong, 2nd half");
    }
    line("%s", (unicode ? "\u2500" : "-").repeat(Terminal.WIDTH));
    result.evaluations().forEach(this::row);
    int tooLong = result.evaluations().stream().mapToInt(Evaluation::tooLong).max().orElse(0);
    if (tooLong > 0) {
      line("%s lookups are beyond the embedding model's window: misses", number(tooLong));
    }
    line("");
  }

  private void row(Evaluation evaluation) {
    if (evaluation instanceof Evaluation.OfPairs pairs) {
      row(
          pairs.matcher(),
          "",
          pairs.recall(),
          pairs.falseHitRate(),
          pairs.tally().wrongPerLookup(),
          pairs.tally().wrongPerHit());
    } else if (evaluation instanceof Evaluation.OfStream stream) {
      row(
          stream.matcher(),
          number(stream.tally().exactHits()),
          stream.tally().hitRate(),
          stream.tally().wrongPerLookup(),
          stream.tally().wrongPerHit(),
          stream.secondHalf().wrongPerLookup());
    }
  }

  private void row(String matcher, String exact, Rate... rates) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-21s%6s", matcher, exact));
    for (Rate rate : rates) {
      row.append(
          String.format(
              Locale.ROOT,
              " %7s %-9s",
              RateFormat.value(rate),
              RateFormat.interval(rate, unicode)));
    }
    line("%s", row);
  }

  private void heads(String matcher, String exact, String... names) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-21s%6s", matcher, exact));
    for (String name : names) {
      row.append(String.format(Locale.ROOT, "  %-16s", name));
    }
    line("%s", row);
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  private static String number(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
