package dev.reprise.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An import that is interrupted goes on where it was. */
class BulkImportTest {
  private static final int LINES = 3_000;

  @TempDir private Path folder;
  private HttpServer server;
  private final List<Integer> received = new ArrayList<>();
  private int refusesFrom = Integer.MAX_VALUE;
  private String output = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/admin/import", this::take);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private synchronized void take(HttpExchange exchange) throws IOException {
    JsonNode entries = JsonLines.MAPPER.readTree(exchange.getRequestBody()).path("entries");
    boolean isRefused = received.size() >= refusesFrom;
    if (!isRefused) {
      entries.forEach(entry -> received.add(entry.path("n").asInt()));
    }
    byte[] answer =
        ("{\"stored\":" + entries.size() + ",\"expired\":0,\"refused\":[]}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(isRefused ? 503 : 200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private int run(Path file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    int status =
        new CommandLine(new ImportCommand(terminal))
            .setExecutionExceptionHandler(
                (failure, self, parsed) -> {
                  throw failure;
                })
            .setExitCodeExceptionMapper(failure -> ExitStatus.INPUT)
            .execute(
                "--bulk",
                "--gateway",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "--admin-token",
                "a token",
                file.toString());
    output = out.toString(StandardCharsets.UTF_8);
    return status;
  }

  private Path file(int lines) throws IOException {
    return Files.write(
        folder.resolve("entries.jsonl"),
        IntStream.range(0, lines).mapToObj(n -> "{\"n\":" + n + "}").toList());
  }

  @Test
  void itGoesOnWhereItWasInterrupted() throws IOException {
    Path file = file(LINES);
    Path mark = folder.resolve("entries.jsonl.imported");
    refusesFrom = 1_400;
    assertThat(run(file)).isNotZero();
    assertThat(received).hasSize(1_400);
    assertThat(mark).content().startsWith("1400 lines of ");

    refusesFrom = Integer.MAX_VALUE;
    assertThat(run(file)).isZero();

    assertThat(output).contains("Went on after line 1400").contains("Stored 1600 entries");
    assertThat(received).isEqualTo(IntStream.range(0, LINES).boxed().toList());
    assertThat(mark).doesNotExist();
  }

  @Test
  void aMarkOfAnotherFileIsRefused() throws IOException {
    Path file = file(10);
    Files.writeString(folder.resolve("entries.jsonl.imported"), "5 lines of 7 bytes\n");
    assertThatThrownBy(() -> ImportMark.beside(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("belongs to another version")
        .hasMessageContaining("delete it");
    assertThat(run(file)).isNotZero();
    assertThat(received).isEmpty();
  }
}
