package dev.reprise.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Resources;
import dev.reprise.cli.io.Terminal;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class EvaluationOutputTest {
  @Test
  void theTableLooksAsItShould() {
    assertThat(EvaluationTable.of(EvaluationSamples.results(), false))
        .isEqualTo(Resources.text("evaluation-ascii.txt"));
    assertThat(EvaluationTable.of(EvaluationSamples.results(), true))
        .contains("\u2500\u2500\u2500", "\u2013")
        .doesNotContain("---");
  }

  @Test
  void tablesFitTheTerminal() {
    assertThat(EvaluationTable.of(EvaluationSamples.results(), true).lines())
        .allMatch(line -> line.length() <= Terminal.WIDTH);
  }

  @Test
  void theFileHasEveryFigure() throws Exception {
    JsonNode root =
        JsonLines.MAPPER.readTree(
            EvaluationFile.json(EvaluationSamples.SETUP, EvaluationSamples.results()));
    assertThat(names(root)).containsExactly("schema", "setup", "results");
    assertThat(names(root.get("setup")))
        .containsExactly(
            "version",
            "java",
            "embedder",
            "candidates",
            "seed",
            "limit",
            "shuffle",
            "learning",
            "interval",
            "confidence");
    JsonNode pairs = root.get("results").get(0);
    assertThat(names(pairs))
        .containsExactly(
            "file",
            "kind",
            "matcher",
            "lookups",
            "hits",
            "wrongHits",
            "hitRate",
            "wrongPerLookup",
            "wrongPerHit",
            "tooLong",
            "same",
            "recall",
            "falseHitRate");
    assertThat(pairs.get("file").textValue()).isEqualTo("folder/pairs.tsv");
    assertThat(pairs.get("kind").textValue()).isEqualTo("pairs");
    assertRate(pairs.get("hitRate"), 0.3);
    assertRate(pairs.get("wrongPerLookup"), 0.1);
    assertRate(pairs.get("wrongPerHit"), 10.0 / 30);
    assertRate(pairs.get("recall"), 0.5);
    assertRate(pairs.get("falseHitRate"), 10.0 / 60);
    JsonNode stream = root.get("results").get(1);
    assertThat(names(stream))
        .containsExactly(
            "file",
            "kind",
            "matcher",
            "lookups",
            "hits",
            "wrongHits",
            "hitRate",
            "wrongPerLookup",
            "wrongPerHit",
            "tooLong",
            "exactHits",
            "wrongExactHits",
            "secondHalf");
    assertThat(stream.get("exactHits").intValue()).isEqualTo(10);
    assertThat(stream.get("wrongPerHit").get("value").isNull()).isTrue();
    assertThat(stream.get("wrongPerHit").get("high").doubleValue()).isEqualTo(1);
    assertThat(names(stream.get("secondHalf")))
        .containsExactly(
            "lookups",
            "hits",
            "wrongHits",
            "hitRate",
            "wrongPerLookup",
            "wrongPerHit",
            "exactHits",
            "wrongExactHits");
  }

  @Test
  void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
    String html = page();
    assertThat(html).startsWith("<!doctype html>").contains("Chart.js v", "Permission is hereby");
    String withoutScripts =
        html.replaceAll("(?s)<script[^>]*>.*?</script>", "").replace("<!doctype html>", "");
    assertThat(withoutScripts)
        .doesNotContain("http://", "https://", "src=\"", "<link", "@import", "url(");
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(withoutScripts)));
    assertThat(document.getElementsByTagName("section").getLength()).isEqualTo(2);
    assertThat(texts(document, "td")).contains("cachedlabel 2");
    assertThat(texts(document, "td"))
        .contains(EvaluationSamples.NASTY + "label 1", "a < b", "threshold:0.92");
    assertThat(texts(document, "p")).contains("There is none.");
  }

  @Test
  void thePageEndsNoScriptBeforeItsEnd() throws Exception {
    String html = page();
    assertThat(html).doesNotContain("<img");
    Matcher data =
        Pattern.compile("(?s)<script type=\"application/json\"[^>]*>(.*?)</script>").matcher(html);
    assertThat(data.find()).isTrue();
    JsonNode chart = JsonLines.MAPPER.readTree(data.group(1));
    assertThat(chart.get("curves").get(0).get("family").textValue())
        .isEqualTo(EvaluationSamples.NASTY);
    assertThat(chart.get("marks").get(0).get("hits").doubleValue()).isEqualTo(0.5);
    assertThat(data.find()).isTrue();
  }

  private static String page() {
    return EvaluationPage.html(
        EvaluationSamples.SETUP, List.of(EvaluationSamples.MATCHER), EvaluationSamples.results());
  }

  private static List<String> texts(Document document, String element) {
    NodeList nodes = document.getElementsByTagName(element);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void assertRate(JsonNode rate, double value) {
    assertThat(names(rate)).containsExactly("value", "low", "high");
    assertThat(rate.get("value").doubleValue()).isEqualTo(value, within(1e-12));
    assertThat(rate.get("low").doubleValue()).isLessThan(value);
    assertThat(rate.get("high").doubleValue()).isGreaterThan(value);
  }
}
