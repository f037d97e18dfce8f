package dev.reprise.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts exported entries into a running gateway's cache. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Puts entries that were exported into a running gateway's cache. They expire when they would"
          + " have expired.",
      "Clients find them where the gateway has the same scope secret, groups and upstream."
    })
final class ImportCommand implements Callable<Integer> {
  private static final int BATCH_ENTRIES = 200;
  private static final int BATCH_CHARACTERS = 4 << 20;

  @Parameters(paramLabel = "FILE", description = "What export wrote, plain or gzipped.")
  private Path file = Path.of("");

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  private final Terminal terminal;

  private long stored;
  private long expired;
  private final List<String> refused = new ArrayList<>();

  ImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> lines = TextFile.read(file).lines().toList();
    GatewayClient client = gateway.administrator();
    Batch batch = new Batch();
    try (Progress progress = Progress.on(terminal, "Importing", lines.size())) {
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (!line.isBlank()) {
          if (batch.isFull(line)) {
            send(client, batch);
            batch = new Batch();
          }
          batch.add(i + 1, line);
        }
        progress.step();
      }
      send(client, batch);
    }
    terminal
        .out()
        .println(
            "Stored "
                + stored
                + " entries; passed over "
                + expired
                + " that are expired, and "
                + refused.size()
                + " that cannot be read");
    refused.forEach(terminal.out()::println);
    return refused.isEmpty() ? 0 : Reprise.EXIT_INPUT;
  }

  /** Lines that are sent together. */
  private final class Batch {
    private final ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    private final List<Integer> numbers = new ArrayList<>();
    private int characters;

    private boolean isFull(String next) {
      return !numbers.isEmpty()
          && (numbers.size() == BATCH_ENTRIES || characters + next.length() > BATCH_CHARACTERS);
    }

    private void add(int number, String line) {
      try {
        entries.add(JsonLines.MAPPER.readTree(line));
        numbers.add(number);
        characters += line.length();
      } catch (JsonProcessingException e) {
        refused.add(file + ":" + number + ": not valid JSON: " + e.getOriginalMessage());
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
      int number = batch.numbers.get(one.path("index").asInt());
      refused.add(file + ":" + number + ": " + one.path("why").asText());
    }
  }
}
