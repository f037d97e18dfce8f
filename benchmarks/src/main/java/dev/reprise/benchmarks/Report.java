package dev.reprise.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Writes the figures of a run: a table in Markdown, and a plot. */
final class Report {
  private static final Map<String, String> TITLES =
      Map.of(
          "ExactMemory", "Exact hit in the process; floor: canonical key + map get",
          "ExactRedis", "Exact hit on Redis; floor: Jedis GET of the same bytes",
          "SemanticMemory", "Semantic hit in the process; floor: the embedding alone",
          "VerifiedMemory",
              "Verified hit in the process, the verifier is asked; floor: the embedding alone",
          "SemanticMilvus", "Semantic hit on Milvus; floor: the embedding + SDK search",
          "Miss", "Miss, with an upstream that answers at once; floor: the embedding alone",
          "VerifiedMiss",
              "Miss of the verified matcher, before the upstream is called; floor: the embedding"
                  + " alone");
  private static final Map<String, String> VARIANTS =
      Map.of(
          "repriseExactOnly", "exact tier only",
          "repriseSameWords", "same words: not asked",
          "repriseNear", "something near is cached",
          "repriseFar", "nothing near is cached",
          "repriseFloorWithKey", "floor: the key, too");
  private static final List<String> ORDER =
      List.of(
          "ExactMemory",
          "ExactRedis",
          "SemanticMemory",
          "VerifiedMemory",
          "SemanticMilvus",
          "Miss",
          "VerifiedMiss");

  private static final String HEADER =
      """
      | entries | threads | | p50 µs | p99 µs | per second | floor p50 µs | floor p99 µs | floor per second | p50 / floor |
      | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      """;

  private final List<Figure> figures;
  private final List<String> circumstances;

  Report(List<Figure> figures, List<String> circumstances) {
    this.figures = List.copyOf(figures);
    this.circumstances = List.copyOf(circumstances);
  }

  /** Returns the table. */
  String markdown() {
    StringBuilder out = new StringBuilder();
    circumstances.forEach(line -> out.append("- ").append(line).append('\n'));
    for (String path : ORDER) {
      List<Figure> rows = figures.stream().filter(f -> f.path().equals(path)).toList();
      if (rows.isEmpty()) {
        continue;
      }
      out.append("\n**").append(TITLES.get(path)).append("**\n\n");
      out.append(HEADER);
      for (Figure row : rows) {
        out.append(
            String.format(
                Locale.ROOT,
                "| %,d | %d | %s | %s | %s | %,.0f | %s | %s | %,.0f | %.2f |%n",
                row.entries(),
                row.threads(),
                VARIANTS.getOrDefault(row.method(), ""),
                Figure.format(row.cache().p50Microseconds()),
                Figure.format(row.cache().p99Microseconds()),
                row.cache().perSecond(),
                Figure.format(row.floor().p50Microseconds()),
                Figure.format(row.floor().p99Microseconds()),
                row.floor().perSecond(),
                row.ratio()));
      }
    }
    return out.toString();
  }

  /**
   * Writes the plot: the median of each path beside its floor, on one thread, at the largest number
   * of entries.
   */
  void plot(Path file) throws IOException {
    int threads = figures.stream().mapToInt(Figure::threads).min().orElse(1);
    int entries = figures.stream().mapToInt(Figure::entries).max().orElse(0);
    List<String> paths = new ArrayList<>();
    List<Double> floors = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    for (String path : ORDER) {
      for (Figure figure : figures) {
        if (figure.path().equals(path)
            && figure.method().equals("reprise")
            && figure.threads() == threads
            && figure.entries() == entries) {
          paths.add(path.replaceAll("(?<=[a-z])(?=[A-Z])", " "));
          floors.add(figure.floor().p50Microseconds());
          ours.add(figure.cache().p50Microseconds());
        }
      }
    }
    if (paths.isEmpty()) {
      return;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(480)
            .title(
                String.format(
                    Locale.ROOT,
                    "Median time of a call at %,d entries, %d thread%s",
                    entries,
                    threads,
                    threads == 1 ? "" : "s"))
            .yAxisTitle("µs (logarithmic)")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(1.0);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setSeriesColors(new Color[] {new Color(0xB8C0CC), new Color(0x2F6FDE)});
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setDecimalPattern("#,##0.#");
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setLabelsRotation(0);
    chart.getStyler().setAvailableSpaceFill(0.7);
    chart.addSeries("floor", paths, floors);
    chart.addSeries("Reprise", paths, ours);
    Files.createDirectories(file.toAbsolutePath().getParent());
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
  }

  /** Writes the table between the two marks of a document, or as a document of its own. */
  void write(Path document, Path plot) throws IOException {
    String begin = "<!-- figures: written by ./reprise bench -->";
    String end = "<!-- end of figures -->";
    if (!Files.exists(document)) {
      Files.writeString(document, "# Benchmarks\n\n" + begin + "\n" + end + "\n");
    }
    String image = MarkedDocument.image("Each path beside its floor", document, plot);
    MarkedDocument.replace(document, begin, end, image + markdown(), "name another --output");
  }
}
