package dev.reprise.cli.demo;

import dev.reprise.cli.demo.Statistics.Row;
import dev.reprise.cli.io.HeaderLine;
import dev.reprise.cli.io.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a run down for people. */
final class DemoReport {
  /** How many wrong answers are listed at most: {@value}. */
  static final int MAXIMUM_LISTED = 20;

  private static final int BAR_WIDTH = 30;

  private final boolean unicode;
  private final StringBuilder text = new StringBuilder();

  private DemoReport(boolean unicode) {
    this.unicode = unicode;
  }

  /** Returns the first lines: what runs on what. */
  static String header(List<HeaderLine> lines) {
    StringBuilder header = new StringBuilder("Reprise demo\n\n");
    lines.forEach(line -> header.append(line.wrapped()));
    return header.toString();
  }

  /** Returns what the run came to. */
  static String of(DemoResult result, boolean unicode) {
    DemoReport report = new DemoReport(unicode);
    report.table(result.statistics());
    report.warmth(result.statistics());
    report.savings(result);
    report.wrong(result);
    report.failures(result);
    report.troubles(result);
    report.pair(result);
    return report.text.toString();
  }

  private void table(Statistics statistics) {
    line("%-34s %6s %8s %11s %11s", "What became of the questions", "calls", "share", "p50", "p99");
    rule();
    for (Row row : statistics.rows()) {
      row(row, true);
    }
    rule();
    row(statistics.all(), false);
    if (statistics.overhead().count() > 0) {
      row(statistics.overhead(), false, "of which the cache, in a miss", "");
    }
    line("");
    if (!statistics.bypassReasons().isEmpty()) {
      line("Why questions went past the cache");
      for (Statistics.ReasonCount reason : statistics.bypassReasons()) {
        line("  %4d  %s", reason.count(), reason.reason());
      }
      line("");
    }
  }

  private void row(Row row, boolean bar) {
    String name =
        row.detail().isEmpty() ? row.kind().title() : row.kind().title() + ": " + row.detail();
    row(row, bar, name, percent(row.share()));
  }

  private void row(Row row, boolean bar, String name, String share) {
    line(
        "%-34s %6s %8s %11s %11s  %s",
        name,
        share.isEmpty() ? "" : row.count(),
        share,
        row.count() == 0 ? "-" : time(row.median()),
        row.count() == 0 ? "-" : time(row.slow()),
        bar ? Bars.bar(row.share(), BAR_WIDTH - 5, unicode) : "");
  }

  private void warmth(Statistics statistics) {
    int total = statistics.all().count();
    int parts = statistics.warmth().size();
    if (total < parts) {
      return;
    }
    line("Answered from the cache as it fills");
    for (int i = 0; i < parts; i++) {
      double share = statistics.warmth().get(i);
      line(
          "  questions %4d to %4d  %4.0f %%  %s",
          total * i / parts + 1,
          total * (i + 1) / parts,
          share * 100,
          Bars.bar(share, BAR_WIDTH, unicode));
    }
    line("");
  }

  private void savings(DemoResult result) {
    Statistics statistics = result.statistics();
    line(
        "Time saved     %s of %s that callers would have waited (%s)",
        time(statistics.timeSaved()),
        time(statistics.timeWithoutCache()),
        percent(ratio(statistics.timeSaved(), statistics.timeWithoutCache())));
    if (result.pace() instanceof DemoUpstream.Pace.Faster faster) {
      line(
          "               as measured; the simulated model is about %d times faster than a real one,",
          faster.factor());
      line(
          "               at whose pace it would be about %s",
          time(statistics.timeSaved().multipliedBy(faster.factor())));
    }
    line(
        "Money saved    %s of %s (%s)%s",
        money(statistics.costSaved()),
        money(statistics.costWithoutCache()),
        percent(
            statistics.costWithoutCache() > 0
                ? statistics.costSaved() / statistics.costWithoutCache()
                : 0),
        result.prices().areExamples() ? " at the example prices" : "");
    line(
        "               or about %.0f USD in a million calls like these",
        statistics.all().count() == 0
            ? 0.0
            : statistics.costSaved() / statistics.all().count() * 1e6);
    line("Run time       %s, %d at a time", time(statistics.wallTime()), result.concurrency());
    line("");
  }

  private void wrong(DemoResult result) {
    Audit audit = result.audit();
    int hits = result.statistics().hits();
    if (hits == 0) {
      line("Wrong answers served: none, as nothing was served from the cache");
      line("");
      return;
    }
    if (audit.judged() == 0) {
      line("Wrong answers served: unknown: no labels");
      line(
          "  Give each question an \"answer\" label (equal for questions with the same right answer)");
      line("  to have them counted.");
      line("");
      return;
    }
    int wrong = audit.wrong().size();
    line(
        "Wrong answers served: %d of %d hits (%s of the hits, %s of all questions)",
        wrong,
        audit.judged(),
        percent((double) wrong / audit.judged()),
        percent((double) wrong / result.statistics().all().count()));
    if (audit.unjudged() > 0) {
      line("  unknown for %d more hits: no labels", audit.unjudged());
    }
    Map<List<String>, List<Audit.Wrong>> same = new LinkedHashMap<>();
    for (Audit.Wrong one : audit.wrong()) {
      same.computeIfAbsent(
              List.of(one.asked().system(), one.asked().text(), one.cached()),
              key -> new ArrayList<>())
          .add(one);
    }
    int listed = 0;
    for (List<Audit.Wrong> group : same.values()) {
      if (listed++ == MAXIMUM_LISTED) {
        line("  ... and %d more; --json FILE has them all", same.size() - MAXIMUM_LISTED);
        break;
      }
      Audit.Wrong one = group.get(0);
      line(
          "  %2d. asked   %s%s",
          listed, one.asked().text(), group.size() == 1 ? "" : " (" + group.size() + " times)");
      line("      served  the answer to: %s", one.cached());
      line("      because %s; %s", because(one.match()), one.why());
    }
    if (wrong > 0) {
      line("  These are real mistakes of the matcher named above, not staged: near questions with");
      line(
          "  other answers (a negation, a number, a name, a direction). docs/MATCHING.md has more.");
    }
    line("");
  }

  private static String because(Audit.Match match) {
    return match instanceof Audit.Match.Near near
        ? String.format(Locale.ROOT, "cosine %.3f", near.cosine())
        : "the keys are equal";
  }

  private void failures(DemoResult result) {
    List<Asked> failed =
        result.run().asked().stream()
            .filter(one -> one.reply() instanceof DemoReply.Failure)
            .toList();
    if (failed.isEmpty()) {
      return;
    }
    line("Failed: the upstream gave no answer to %d of the questions", failed.size());
    failed.stream()
        .map(one -> ((DemoReply.Failure) one.reply()).why())
        .distinct()
        .limit(5)
        .forEach(why -> line("  %s", why));
    line("");
  }

  private void troubles(DemoResult result) {
    if (result.troubles().isEmpty()) {
      return;
    }
    line("Trouble within the cache (no call failed by it)");
    result.troubles().forEach(trouble -> line("  %s", trouble));
    line("");
  }

  private void pair(DemoResult result) {
    Pair pair = result.pair();
    line("And the hard pair");
    line("  1. \"%s\"", Pair.FIRST);
    line("     %s", what(pair.first().reply()));
    line("  2. \"%s\"", Pair.SECOND);
    line("     %s", what(pair.second().reply()));
    line(
        "  They ask the same and share hardly a word: their cosine is %.3f%s.",
        pair.comparison().cosine(),
        pair.comparison().compared() == pair.comparison().cosine()
            ? ""
            : String.format(
                Locale.ROOT,
                ",\n  and %.3f once the acronym is written out",
                pair.comparison().compared()));
    line(
        "  The matcher %s: %s.",
        pair.comparison().accepted() ? "accepts" : "rejects", pair.comparison().why());
    if (pair.comparison().accepted()) {
      line("  So the one's answer is served for the other.");
    } else {
      line("  So the model was asked twice: no wrong answer, but a hit that was there to be had.");
      line("  A threshold low enough for this pair would serve wrong answers all over the place.");
    }
  }

  private static String what(DemoReply reply) {
    if (reply instanceof DemoReply.SemanticHit hit) {
      return String.format(
          Locale.ROOT,
          "semantic hit after %s (cosine %.3f): the upstream was not asked",
          time(hit.took()),
          hit.cosine());
    }
    if (reply instanceof DemoReply.ExactHit hit) {
      return "exact hit after " + time(hit.took()) + ": the upstream was not asked";
    }
    if (reply instanceof DemoReply.Miss miss) {
      return "miss: the upstream answered after " + time(miss.took());
    }
    if (reply instanceof DemoReply.Bypass bypass) {
      return "bypass (" + bypass.detail() + ")";
    }
    return reply instanceof DemoReply.Failure failure ? "failed: " + failure.why() : "";
  }

  private void rule() {
    line("%s", (unicode ? "\u2500" : "-").repeat(Terminal.WIDTH));
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  private static double ratio(Duration part, Duration whole) {
    return whole.isZero() ? 0 : (double) part.toNanos() / whole.toNanos();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static String money(double dollars) {
    return String.format(Locale.ROOT, dollars < 1 ? "%.4f USD" : "%.2f USD", dollars);
  }

  /** Returns {@code time} with three digits and a unit that suits it. */
  static String time(Duration time) {
    double nanos = time.toNanos();
    double size = Math.abs(nanos);
    if (size < 1e3) {
      return String.format(Locale.ROOT, "%.0f ns", nanos);
    }
    if (size < 1e6) {
      return number(nanos / 1e3) + " us";
    }
    if (size < 1e9) {
      return number(nanos / 1e6) + " ms";
    }
    if (size < 120e9) {
      return number(nanos / 1e9) + " s";
    }
    return number(nanos / 60e9) + " min";
  }

  private static String number(double value) {
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%.0f", value);
  }
}
