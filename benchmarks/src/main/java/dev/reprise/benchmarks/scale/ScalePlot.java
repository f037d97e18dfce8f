package dev.reprise.benchmarks.scale;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Draws what was measured: time on the left, recall on the right, over the number of rows. */
final class ScalePlot {
  private ScalePlot() {}

  static void write(List<Point> points, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    XYChart time = chart("A search on one thread", "µs (logarithmic)");
    time.getStyler().setYAxisLogarithmic(true);
    add(time, points, "p50", Point::p50Microseconds);
    add(time, points, "p99", Point::p99Microseconds);
    add(time, points, "p99 of processor time", Point::p99Processor);
    XYChart recall = chart("The nearest row was found", "recall@1");
    recall.getStyler().setYAxisMin(least(points));
    recall.getStyler().setYAxisMax(1.0);
    add(recall, points, "other words", Point::paraphraseRecall);
    add(recall, points, "new", Point::newRecall);
    BitmapEncoder.saveBitmap(
        List.of(time, recall), 1, 2, file.toString(), BitmapEncoder.BitmapFormat.PNG);
  }

  /** Returns where the axis of recall begins: at 0.9, or below all that was measured. */
  private static double least(List<Point> points) {
    double least =
        points.stream()
            .mapToDouble(point -> Math.min(point.paraphraseRecall(), point.newRecall()))
            .min()
            .orElse(1);
    return Math.min(0.9, Math.floor(least * 20) / 20);
  }

  private static XYChart chart(String title, String axis) {
    XYChart chart =
        new XYChartBuilder()
            .width(700)
            .height(480)
            .title(title)
            .xAxisTitle("rows (logarithmic)")
            .yAxisTitle(axis)
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setXAxisDecimalPattern("#,##0");
    chart.getStyler().setYAxisDecimalPattern("#,##0.###");
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Vertical);
    return chart;
  }

  private static void add(
      XYChart chart, List<Point> points, String what, ToDoubleFunction<Point> figure) {
    for (String line : new TreeSet<>(points.stream().map(ScalePlot::name).toList())) {
      List<Point> along = points.stream().filter(point -> name(point).equals(line)).toList();
      chart.addSeries(
          line + ", " + what,
          along.stream().mapToDouble(Point::rows).toArray(),
          along.stream().mapToDouble(figure).toArray());
    }
  }

  private static String name(Point point) {
    return String.format(
        Locale.ROOT,
        "%s, %,d scope%s",
        point.tier(),
        point.scopes(),
        point.scopes() == 1 ? "" : "s");
  }
}
