package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Writes what the comparison measured: Markdown, JSON, a plot. */
final class CompareReport {
  /** Throughput beside the other proxy's that is aimed at. */
  private static final double AIMED_THROUGHPUT = 50;

  /** The other proxy's 99th percentile beside the own that is aimed at. */
  private static final double AIMED_P99 = 50;

  /** What a miss may add to the median of the direct call, in milliseconds. */
  private static final double AIMED_ADDED_MILLISECONDS = 2;

  private static final String HITS_HEADER =
      """
      | connections | | per second | p50 ms | p95 ms | p99 ms | throughput / LiteLLM's | LiteLLM's p99 / this |
      | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
      """;
  private static final String MISSES_HEADER =
      """
      | connections | | per second | p50 ms | p95 ms | p99 ms | added to the direct call's p50, ms |
      | ---: | --- | ---: | ---: | ---: | ---: | ---: |
      """;

  private final List<Cell> cells;
  private final List<String> circumstances;

  CompareReport(List<Cell> cells, List<String> circumstances) {
    this.cells = List.copyOf(cells);
    this.circumstances = List.copyOf(circumstances);
  }

  /** Returns the tables. */
  String markdown() {
    StringBuilder out = new StringBuilder();
    circumstances.forEach(line -> out.append("- ").append(line).append('\n'));
    for (Scenario scenario : Scenario.values()) {
      List<Cell> rows = cells.stream().filter(cell -> cell.scenario() == scenario).toList();
      if (rows.isEmpty()) {
        continue;
      }
      String title = scenario.title();
      out.append("\n**").append(title.substring(0, 1).toUpperCase(Locale.ROOT));
      out.append(title.substring(1)).append("**\n\n");
      out.append(scenario.isHit() ? HITS_HEADER : MISSES_HEADER);
      rows.forEach(row -> out.append(row(row)));
    }
    out.append('\n');
    verdicts().forEach(line -> out.append("- ").append(line).append('\n'));
    return out.toString();
  }

  private String row(Cell cell) {
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "| %d | %s | %s | %s | %s | %s |",
                cell.connections(),
                cell.contender(),
                whole(cell.spread(Wrk.Sample::perSecond)),
                milliseconds(cell.spread(Wrk.Sample::p50)),
                milliseconds(cell.spread(Wrk.Sample::p95)),
                milliseconds(cell.spread(Wrk.Sample::p99))));
    if (cell.scenario().isHit()) {
      String throughput = "";
      String p99 = "";
      Optional<Cell> other = other(cell, CompareCommand.LITELLM);
      if (other.isPresent() && !other.get().equals(cell)) {
        throughput = decimal(throughputRatio(cell, other.get()));
        p99 = decimal(p99Ratio(cell, other.get()));
      }
      out.append(' ').append(throughput).append(" | ").append(p99).append(" |");
    } else {
      Optional<Cell> direct = other(cell, CompareCommand.DIRECT);
      out.append(' ');
      out.append(
          direct.filter(one -> !one.equals(cell)).map(one -> decimal(added(cell, one))).orElse(""));
      out.append(" |");
    }
    return out.append('\n').toString();
  }

  private static Cell.Spread throughputRatio(Cell cell, Cell other) {
    return cell.against(other, (own, its) -> own.perSecond() / its.perSecond());
  }

  private static Cell.Spread p99Ratio(Cell cell, Cell other) {
    return cell.against(other, (own, its) -> its.p99() / own.p99());
  }

  private static Cell.Spread added(Cell cell, Cell direct) {
    return cell.against(direct, (own, its) -> (own.p50() - its.p50()) / 1_000);
  }

  private Optional<Cell> other(Cell cell, String contender) {
    return cells.stream()
        .filter(one -> one.scenario() == cell.scenario())
        .filter(one -> one.connections() == cell.connections())
        .filter(one -> one.contender().equals(contender))
        .findFirst();
  }

  /** Returns a line for each figure that something is aimed at. */
  private List<String> verdicts() {
    int most = cells.stream().mapToInt(Cell::connections).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Cell cell : cells) {
      boolean isReprise = cell.contender().startsWith(CompareCommand.REPRISE);
      Optional<Cell> peer = other(cell, CompareCommand.LITELLM);
      Optional<Cell> direct = other(cell, CompareCommand.DIRECT);
      if (isReprise && cell.scenario().isHit() && cell.connections() == most && peer.isPresent()) {
        Cell.Spread throughput = throughputRatio(cell, peer.get());
        Cell.Spread p99 = p99Ratio(cell, peer.get());
        lines.add(
            String.format(
                Locale.ROOT,
                "%s, %s, %d connections: %.0f times LiteLLM's throughput (aimed at %.0f: %s), p99 1/%.0f of its (aimed at 1/%.0f: %s)",
                cell.contender(),
                cell.scenario().title(),
                most,
                throughput.median(),
                AIMED_THROUGHPUT,
                met(throughput.median() >= AIMED_THROUGHPUT),
                p99.median(),
                AIMED_P99,
                met(p99.median() >= AIMED_P99)));
      }
      if (isReprise && !cell.scenario().isHit() && direct.isPresent()) {
        Cell.Spread added = added(cell, direct.get());
        lines.add(
            String.format(
                Locale.ROOT,
                "%s, %s, %d connection%s: adds %.2f ms to the p50 of the direct call (aimed at less than %.0f: %s)",
                cell.contender(),
                cell.scenario().title(),
                cell.connections(),
                cell.connections() == 1 ? "" : "s",
                added.median(),
                AIMED_ADDED_MILLISECONDS,
                met(added.median() < AIMED_ADDED_MILLISECONDS)));
      }
    }
    return lines;
  }

  private static String met(boolean isMet) {
    return isMet ? "met" : "missed";
  }

  private static String whole(Cell.Spread spread) {
    return String.format(
        Locale.ROOT, "%,.0f (%,.0f to %,.0f)", spread.median(), spread.least(), spread.greatest());
  }

  private static String milliseconds(Cell.Spread spread) {
    double median = spread.median() / 1_000;
    return String.format(Locale.ROOT, median < 10 ? "%.2f" : "%,.0f", median);
  }

  private static String decimal(Cell.Spread spread) {
    String format = spread.median() < 10 ? "%.2f (%.2f to %.2f)" : "%,.0f (%,.0f to %,.0f)";
    return String.format(Locale.ROOT, format, spread.median(), spread.least(), spread.greatest());
  }

  /** Writes every sample. */
  void json(Path file) throws IOException {
    ObjectNode report = Http.JSON.createObjectNode();
    ArrayNode lines = report.putArray("circumstances");
    circumstances.forEach(lines::add);
    ArrayNode all = report.putArray("cells");
    for (Cell cell : cells) {
      ObjectNode one = all.addObject();
      one.put("scenario", cell.scenario().name()).put("contender", cell.contender());
      one.put("connections", cell.connections());
      one.set("samples", Http.JSON.valueToTree(cell.samples()));
    }
    Http.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
  }

  /** Writes the plot: the throughput of everybody on the most connections. */
  void plot(Path file) throws IOException {
    int most = cells.stream().mapToInt(Cell::connections).max().orElse(0);
    List<Scenario> scenarios = List.of(Scenario.ONE, Scenario.THOUSAND, Scenario.MISS);
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(480)
            .title("Requests a second on " + most + " connections")
            .yAxisTitle("a second (logarithmic)")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(1.0);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart
        .getStyler()
        .setSeriesColors(
            new Color[] {new Color(0xB8C0CC), new Color(0x2F6FDE), new Color(0x7FA8EE)});
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setDecimalPattern("#,##0");
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setLabelsRotation(0);
    chart.getStyler().setAvailableSpaceFill(0.8);
    for (String contender :
        List.of(CompareCommand.LITELLM, CompareCommand.REPRISE, CompareCommand.REPRISE_REDIS)) {
      List<String> titles = new ArrayList<>();
      List<Double> figures = new ArrayList<>();
      for (Scenario scenario : scenarios) {
        for (Cell cell : cells) {
          if (cell.scenario() == scenario
              && cell.connections() == most
              && cell.contender().equals(contender)) {
            titles.add(scenario.title());
            figures.add(cell.spread(Wrk.Sample::perSecond).median());
          }
        }
      }
      if (!titles.isEmpty()) {
        chart.addSeries(contender, titles, figures);
      }
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
  }
}
