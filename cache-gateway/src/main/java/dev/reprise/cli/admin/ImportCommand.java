package dev.reprise.cli.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Progress;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.io.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts exported entries into a running gateway's cache. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Imports exported entries into a running gateway's cache. They keep their expiry.",
      "Clients find them if the gateway has the same scope secret, groups and upstream. Entries of"
          + " a gateway with another scope secret are rejected, except those of groups."
    })
public final class ImportCommand implements Callable<Integer> {
  private static final int BATCH_ENTRIES = 200;
  private static final int BATCH_CHARACTERS = 4 << 20;
  private static final int SHOWN_REFUSALS = 1_000;

  @Parameters(paramLabel = "FILE", description = "What export wrote, plain or gzipped.")
  private Path file = Path.of("");

  @Option(
      names = "--bulk",
      description =
          "For a large file: writes the progress to FILE.imported, so that the same command"
              + " continues after an interruption.")
  private boolean isBulk;

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  private final Terminal terminal;

  private long stored;
  private long expired;
  private long refusals;
  private final List<String> refused = new ArrayList<>();

  public ImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<ImportMark> mark = isBulk ? Optional.of(ImportMark.beside(file)) : Optional.empty();
    long skipped = mark.map(ImportMark::lines).orElse(0L);
    GatewayClient client = gateway.administrator();
    int total = (int) Math.min(Integer.MAX_VALUE, count() - skipped);
    try (Progress progress = Progress.on(terminal, "Importing", total);
        BufferedReader lines = TextFile.open(file)) {
      Batch batch = new Batch();
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (number <= skipped) {
          continue;
        }
        if (!line.isBlank()) {
          if (batch.isFull(line)) {
            send(client, batch);
            long done = number - 1;
            mark.ifPresent(one -> one.move(done));
            batch = new Batch();
          }
          batch.add(number, line);
        }
        progress.step();
      }
      send(client, batch);
    } catch (IOException e) {
      throw TextFile.unreadable(file, e);
    }
    mark.ifPresent(ImportMark::remove);
    report(skipped);
    return refusals == 0 ? 0 : ExitStatus.INPUT;
  }

  private long count() {
    try (BufferedReader lines = TextFile.open(file)) {
      long count = 0;
      while (lines.readLine() != null) {
        count++;
      }
      return count;
    } catch (IOException e) {
      throw TextFile.unreadable(file, e);
    }
  }

  private void report(long skipped) {
    if (skipped > 0) {
      terminal.out().println("Went on after line " + skipped + ", where it was interrupted");
    }
    terminal
        .out()
        .println(
            "Stored "
                + stored
                + " entries; passed over "
                + expired
                + " that are expired, and "
                + refusals
                + " that cannot be used");
    refused.forEach(terminal.out()::println);
    if (refusals > refused.size()) {
      terminal.out().println("... and " + (refusals - refused.size()) + " more");
    }
  }

  private void refuse(long number, String why) {
    refusals++;
    if (refused.size() < SHOWN_REFUSALS) {
      refused.add(file + ":" + number + ": " + why);
    }
  }

  /** Lines that are sent together. */
  private final class Batch {
    private final ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    private final List<Long> numbers = new ArrayList<>();
    private int characters;

    private boolean isFull(String next) {
      return !numbers.isEmpty()
          && (numbers.size() == BATCH_ENTRIES || characters + next.length() > BATCH_CHARACTERS);
    }

    private void add(long number, String line) {
      try {
        entries.add(JsonLines.MAPPER.readTree(line));
        numbers.add(number);
        characters += line.length();
      } catch (JsonProcessingException e) {
        refuse(number, "not valid JSON: " + e.getOriginalMessage());
      }
    }
  }

  private void send(GatewayClient client, Batch batch) throws InterruptedException {
    if (batch.numbers.isEmpty()) {
      return;
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("entries", batch.entries);
    JsonNode answer = client.post("/admin/import", body);
    stored += answer.path("stored").asLong();
    expired += answer.path("expired").asLong();
    for (JsonNode one : answer.path("refused")) {
      refuse(batch.numbers.get(one.path("index").asInt()), one.path("why").asText());
    }
  }
}
