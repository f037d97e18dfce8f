package dev.reprise.cli.demo;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.demo.DemoQuestion.Label;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Writes a run down for programs: one JSON object. */
final class ResultFile {
  /** The version of the object's form: {@value}. */
  static final int SCHEMA = 1;

  private ResultFile() {}

  /** Writes {@code result} to {@code file}, in place of what is there. */
  static void write(Path file, DemoResult result) {
    try {
      Files.writeString(file, json(result), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InputException("cannot write " + file + ": " + e, e);
    }
  }

  /** Returns {@code result} as JSON. */
  static String json(DemoResult result) throws IOException {
    ObjectNode root = JsonLines.MAPPER.createObjectNode();
    root.put("schema", SCHEMA);
    ObjectNode setup = root.putObject("setup");
    result.header().forEach(line -> setup.put(line.name(), line.value()));
    setup.put("concurrency", result.concurrency());
    Statistics statistics = result.statistics();
    ArrayNode rows = root.putArray("outcomes");
    for (Statistics.Row row : statistics.rows()) {
      ObjectNode node = rows.addObject();
      node.put("outcome", row.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      if (!row.detail().isEmpty()) {
        node.put("reason", row.detail());
      }
      node.put("count", row.count());
      if (row.count() > 0) {
        node.put("p50Millis", millis(row.median()));
        node.put("p99Millis", millis(row.slow()));
      }
    }
    root.put("questions", statistics.all().count());
    root.put("wallMillis", millis(statistics.wallTime()));
    root.put("timeWithoutCacheMillis", millis(statistics.timeWithoutCache()));
    root.put("timeSavedMillis", millis(statistics.timeSaved()));
    root.put("costWithoutCacheDollars", statistics.costWithoutCache());
    root.put("costSavedDollars", statistics.costSaved());
    ObjectNode audit = root.putObject("audit");
    audit.put("judgedHits", result.audit().judged());
    audit.put("unjudgedHits", result.audit().unjudged());
    ArrayNode wrong = audit.putArray("wrong");
    for (Audit.Wrong one : result.audit().wrong()) {
      ObjectNode node = wrong.addObject();
      node.put("question", one.asked().text());
      node.put("cachedQuestion", one.cached());
      node.put("served", one.answer());
      if (one.match() instanceof Audit.Match.Near near) {
        node.put("cosine", near.cosine());
      }
      node.put("why", one.why());
    }
    ArrayNode calls = root.putArray("calls");
    result.run().asked().forEach(asked -> call(calls.addObject(), asked));
    ObjectNode pair = root.putObject("pair");
    call(pair.putObject("first"), result.pair().first());
    call(pair.putObject("second"), result.pair().second());
    pair.put("cosine", result.pair().comparison().cosine());
    pair.put("compared", result.pair().comparison().compared());
    pair.put("accepted", result.pair().comparison().accepted());
    pair.put("why", result.pair().comparison().why());
    ArrayNode troubles = root.putArray("troubles");
    result.troubles().forEach(troubles::add);
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    return JsonLines.MAPPER.writer(printer).writeValueAsString(root) + "\n";
  }

  private static void call(ObjectNode node, Asked asked) {
    node.put("number", asked.question().number());
    node.put("question", asked.question().text());
    if (asked.question().label() instanceof Label.Known known) {
      node.put("label", known.name());
    }
    DemoReply reply = asked.reply();
    node.put("millis", millis(reply.took()));
    if (reply instanceof DemoReply.ExactHit) {
      node.put("outcome", "exact-hit");
    } else if (reply instanceof DemoReply.SemanticHit hit) {
      node.put("outcome", "semantic-hit");
      node.put("cachedQuestion", hit.cached());
      node.put("cosine", hit.cosine());
    } else if (reply instanceof DemoReply.Miss) {
      node.put("outcome", "miss");
    } else if (reply instanceof DemoReply.Bypass bypass) {
      node.put("outcome", "bypass");
      node.put("reason", bypass.code());
      node.put("detail", bypass.detail());
    } else if (reply instanceof DemoReply.Failure failure) {
      node.put("outcome", "failure");
      node.put("why", failure.why());
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
