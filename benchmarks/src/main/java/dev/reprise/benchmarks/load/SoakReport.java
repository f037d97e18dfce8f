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
import java.util.Map;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What a soak gave: Markdown, JSON, a plot.
 *
 * @param circumstances a line each for what it ran on
 * @param peak requests a second that were answered as fast as possible
 * @param rate requests a second that were then sent
 * @param troubles what the gateway counted of failures
 */
record SoakReport(
    List<String> circumstances,
    double peak,
    double rate,
    Ledger ledger,
    List<Watch.Reading> readings,
    List<Faults.Fault> faults,
    String troubles,
    SoakChecks checks) {
  private static final Color BLUE = new Color(0x2F6FDE);
  private static final Color GREY = new Color(0x8A94A3);
  private static final Color RED = new Color(0xC9352B);

  /** Returns the report. */
  String markdown() {
    StringBuilder out = new StringBuilder();
    circumstances.forEach(line -> out.append("- ").append(line).append('\n'));
    out.append(
        String.format(
            Locale.ROOT,
            "- peak %,.0f requests a second, then %,.0f a second; %,d requests in all, p99 %.0f ms%n",
            peak,
            rate,
            ledger.requests(),
            ledger.p99()));
    out.append("- its meters of trouble: ").append(troubles).append('\n');
    out.append("\n| asked | and what became of it |\n| --- | --- |\n");
    for (Map.Entry<Kind, Map<String, Long>> kind : ledger.table().entrySet()) {
      List<String> ends = new ArrayList<>();
      kind.getValue()
          .forEach((end, count) -> ends.add(String.format(Locale.ROOT, "%s %,d", end, count)));
      out.append("| ")
          .append(kind.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
          .append(" | ")
          .append(String.join(", ", ends))
          .append(" |\n");
    }
    out.append("\n| must be true | | figures |\n| --- | --- | --- |\n");
    for (SoakChecks.Check check : checks.all()) {
      out.append("| ")
          .append(check.name())
          .append(check.isTrue() ? " | yes | " : " | **no** | ")
          .append(check.detail())
          .append(" |\n");
    }
    return out.toString();
  }

  /** Writes all of it. */
  void json(Path file) throws IOException {
    ObjectNode report = Http.JSON.createObjectNode();
    ArrayNode lines = report.putArray("circumstances");
    circumstances.forEach(lines::add);
    report.put("peakPerSecond", peak).put("ratePerSecond", rate);
    report.put("requests", ledger.requests()).put("p99Milliseconds", ledger.p99());
    report.put("troubles", troubles);
    report.set("ends", Http.JSON.valueToTree(ledger.table()));
    report.set("stretches", Http.JSON.valueToTree(ledger.stretches()));
    report.set("process", Http.JSON.valueToTree(readings));
    report.set("faults", Http.JSON.valueToTree(faults));
    report.set("checks", Http.JSON.valueToTree(checks.all()));
    report.set("examples", Http.JSON.valueToTree(ledger.examples()));
    Http.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
  }

  /** Writes the plot: throughput, hit rate, p99 and memory over time, and when servers died. */
  void plot(Path file) throws IOException {
    List<Ledger.Stretch> stretches = ledger.stretches();
    // The last may be cut short.
    List<Ledger.Stretch> whole = stretches.subList(0, Math.max(0, stretches.size() - 1));
    List<Double> seconds = whole.stream().map(stretch -> (double) stretch.second()).toList();
    XYChart throughput = chart("answers a second");
    line(
        throughput,
        "answers a second",
        seconds,
        whole.stream().map(Ledger.Stretch::perSecond).toList(),
        BLUE);
    throughput.getStyler().setYAxisMin(0.0);
    XYChart hits = chart("share of hits");
    line(hits, "repeats", seconds, whole.stream().map(Ledger.Stretch::repeatHits).toList(), BLUE);
    line(
        hits,
        "paraphrases",
        seconds,
        whole.stream().map(Ledger.Stretch::paraphraseHits).toList(),
        GREY);
    hits.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    XYChart p99 = chart("p99, ms (logarithmic)");
    line(p99, "p99", seconds, whole.stream().map(Ledger.Stretch::p99).toList(), BLUE);
    p99.getStyler().setYAxisLogarithmic(true);
    XYChart memory = chart("MB");
    List<Double> seen = readings.stream().map(Watch.Reading::second).toList();
    line(
        memory,
        "process",
        seen,
        readings.stream().map(Watch.Reading::residentMegabytes).toList(),
        GREY);
    List<Watch.Reading> heaps =
        readings.stream().filter(reading -> !Double.isNaN(reading.liveMegabytes())).toList();
    line(
        memory,
        "live heap",
        heaps.stream().map(Watch.Reading::second).toList(),
        heaps.stream().map(Watch.Reading::liveMegabytes).toList(),
        BLUE);
    memory.getStyler().setYAxisMin(0.0);
    memory.setXAxisTitle("seconds; at the lines Redis, Milvus, Redis, Milvus are killed");
    Files.createDirectories(file.toAbsolutePath().getParent());
    BitmapEncoder.saveBitmap(
        List.of(throughput, hits, p99, memory),
        4,
        1,
        file.toString(),
        BitmapEncoder.BitmapFormat.PNG);
  }

  private XYChart chart(String title) {
    XYChart chart = new XYChartBuilder().width(900).height(240).yAxisTitle(title).build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    chart.getStyler().setAnnotationLineColor(RED);
    for (Faults.Fault fault : faults) {
      chart.addAnnotation(new AnnotationLine(fault.killed(), true, false));
    }
    return chart;
  }

  private static void line(
      XYChart chart, String name, List<Double> seconds, List<Double> figures, Color color) {
    if (!seconds.isEmpty()) {
      XYSeries series = chart.addSeries(name, seconds, figures);
      series.setMarker(SeriesMarkers.NONE);
      series.setLineColor(color);
      series.setLineWidth(1.5f);
    }
  }
}
