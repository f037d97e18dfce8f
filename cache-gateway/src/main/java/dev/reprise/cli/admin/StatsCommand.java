package dev.reprise.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.io.Terminal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a running gateway has counted. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Prints the counters of a running gateway since its start: the sum of all instances on its"
            + " Redis, and each of them.")
public final class StatsCommand implements Callable<Integer> {
  /** With fewer judged answers than this, a rate says nothing. The dashboard has the same. */
  private static final int ENOUGH_JUDGED = 30;

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean json;

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  private final Terminal terminal;

  public StatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    JsonNode stats = gateway.administrator().get("/admin/stats");
    if (json) {
      terminal.out().println(stats.toPrettyString());
    } else {
      fleet(stats);
    }
    return 0;
  }

  /** Prints the sum of all instances, and a line for each where there are several. */
  private void fleet(JsonNode stats) {
    JsonNode instances = stats.path("instances");
    if (instances.size() < 2 || !(stats.path("fleet").deepCopy() instanceof ObjectNode sum)) {
      print(stats);
      return;
    }
    if (stats.has("risk")) {
      sum.set("risk", stats.path("risk"));
    }
    print(sum);
    PrintStream out = terminal.out();
    out.printf(
        Locale.ROOT,
        "%n%-38s %10s %10s %10s %10s %10s%n",
        "instances",
        "requests",
        "exact",
        "meaning",
        "misses",
        "failed");
    instances
        .properties()
        .forEach(
            one ->
                out.printf(
                    Locale.ROOT,
                    "  %-36s %10d %10d %10d %10d %10d%n",
                    one.getKey(),
                    one.getValue().path("requests").asLong(),
                    one.getValue().path("exactHits").asLong(),
                    one.getValue().path("semanticHits").asLong(),
                    one.getValue().path("computed").asLong(),
                    one.getValue().path("failed").asLong()));
    if (!sum.path("isWhole").asBoolean(true)) {
      out.println("  Redis did not answer: instances may be missing.");
    }
  }

  private void print(JsonNode stats) {
    long requests = stats.path("requests").asLong();
    count("requests", requests, requests);
    count("exact hits", stats.path("exactHits").asLong(), requests);
    count("semantic hits", stats.path("semanticHits").asLong(), requests);
    if (stats.path("curatedHits").asLong() > 0) {
      count("curated hits", stats.path("curatedHits").asLong(), requests);
    }
    count("misses", stats.path("computed").asLong(), requests);
    count("past the cache", stats.path("bypassed").asLong(), requests);
    count("passed through", stats.path("passed").asLong(), requests);
    count("not cached, and only that was asked", stats.path("unsatisfied").asLong(), requests);
    count("failed upstream", stats.path("failed").asLong(), requests);
    count("client gone", stats.path("cancelled").asLong(), requests);
    counts("past the cache because", stats.path("bypassedByReason"));
    counts("candidates rejected by", stats.path("rejectedByStage"));
    counts("trouble of", stats.path("troubleByPart"));
    PrintStream out = terminal.out();
    out.println();
    out.printf(
        Locale.ROOT,
        "saved  %.1f s of waiting, %.4f USD where the price is known%n",
        stats.path("secondsSaved").asDouble(),
        stats.path("dollarsSaved").asDouble());
    shadow(stats.path("shadow"));
    JsonNode risk = stats.path("risk");
    if (!risk.isMissingNode()) {
      out.printf(
          Locale.ROOT,
          "wrong  allowed: %s; judged: %d candidates, of which %d were served and %d of those were"
              + " wrong%n",
          risk.path("bound").asText(),
          risk.path("judged").asLong(),
          risk.path("servedJudged").asLong(),
          risk.path("servedWrong").asLong());
      if (risk.path("judged").asLong() == 0) {
        out.println("       none judged yet; by calibration:");
        estimates(risk);
      } else {
        rates(risk, risk.path("judged").asLong(), "judged");
      }
    }
  }

  /** Prints both rates of wrong answers, or that too few were looked at for a rate. */
  private void rates(JsonNode of, long seen, String how) {
    if (seen < ENOUGH_JUDGED) {
      terminal
          .out()
          .printf(
              Locale.ROOT, "       too few %s: a rate is printed from %d on%n", how, ENOUGH_JUDGED);
      return;
    }
    estimates(of);
  }

  private void estimates(JsonNode of) {
    estimate("per lookup", of.path("wrongPerLookup"));
    estimate("per hit by meaning", of.path("wrongPerHit"));
  }

  private void shadow(JsonNode shadow) {
    if (shadow.isMissingNode()) {
      return;
    }
    PrintStream out = terminal.out();
    long lookups = shadow.path("lookups").asLong();
    out.printf("%nshadow mode: nothing was served; live mode would have had%n");
    count("  exact hits", shadow.path("exactHits").asLong(), lookups);
    count("  semantic hits", shadow.path("semanticHits").asLong(), lookups);
    out.printf(
        Locale.ROOT,
        "  of %d lookups, and saved %.1f s of waiting, %d + %d tokens, %.4f USD where the price is"
            + " known%n",
        lookups,
        shadow.path("secondsSaved").asDouble(),
        shadow.path("inputTokensSaved").asLong(),
        shadow.path("outputTokensSaved").asLong(),
        shadow.path("dollarsSaved").asDouble());
    out.printf(
        "  compared with the fresh answer: %d semantic hits, of which %d were wrong;%n"
            + "  for the judge's own error: %d exact hits, of which %d differed%n",
        shadow.path("compared").asLong(),
        shadow.path("wrong").asLong(),
        shadow.path("exactCompared").asLong(),
        shadow.path("exactWrong").asLong());
    if (shadow.has("wrongPerHit")) {
      rates(shadow, shadow.path("compared").asLong(), "compared");
    }
    out.println();
  }

  private void count(String what, long count, long requests) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%-38s %10d  %5.1f %%%n",
            what,
            count,
            requests == 0 ? 0 : 100.0 * count / requests);
  }

  private void counts(String title, JsonNode counts) {
    if (counts.isEmpty()) {
      return;
    }
    terminal.out().printf("%n%s%n", title);
    counts
        .properties()
        .forEach(
            one -> terminal.out().printf("  %-36s %10d%n", one.getKey(), one.getValue().asLong()));
  }

  private void estimate(String per, JsonNode estimate) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "       estimated %s: %.2f %% (95 %% interval %.2f to %.2f)%n",
            per,
            100 * estimate.path("value").asDouble(),
            100 * estimate.path("low").asDouble(),
            100 * estimate.path("high").asDouble());
  }
}
