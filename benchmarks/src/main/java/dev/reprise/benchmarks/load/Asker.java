package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Sends requests and checks each answer: is it whole, and the answer to what was asked? */
final class Asker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int HANG_UP_AFTER_MILLISECONDS = 30;
  private static final String DONE = "[DONE]";
  private static final String DATA = "data: ";

  /** Where requests go, one after the other: to one gateway, or around a fleet. */
  interface Targets {
    /** Returns where the next request goes, or the next attempt at one. */
    URI next();

    /** Returns how often a request is tried whose connection is refused or lost. */
    int attempts();

    /** Returns those of one gateway. */
    static Targets one(URI gateway) {
      return new Targets() {
        @Override
        public URI next() {
          return gateway;
        }

        @Override
        public int attempts() {
          return 1;
        }
      };
    }
  }

  private final Targets targets;
  private final Ledger ledger;
  private final Mix mix;
  private final HttpClient client;
  private final ExecutorService threads;
  private volatile long begin = Long.MAX_VALUE;

  /**
   * @param gateway its address, without a path
   * @param mix knows which questions are the same
   */
  Asker(URI gateway, Ledger ledger, Mix mix) {
    this(Targets.one(gateway), ledger, mix);
  }

  /**
   * @param targets where requests go
   * @param mix knows which questions are the same
   */
  Asker(Targets targets, Ledger ledger, Mix mix) {
    this.targets = targets;
    this.ledger = ledger;
    this.mix = mix;
    this.threads = Executors.newCachedThreadPool();
    this.client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads).build();
  }

  /** Begins the timed part of the run now. */
  void begin() {
    begin = System.nanoTime();
  }

  /** Returns the second of the timed part; negative before it. */
  double second() {
    return begin == Long.MAX_VALUE ? -1 : (System.nanoTime() - begin) / 1e9;
  }

  /**
   * Sends a request.
   *
   * @param due when it was to be sent, in {@link System#nanoTime}
   * @return what the cache says that it did, once it has ended; it never fails
   */
  CompletableFuture<String> send(Ask ask, long due) {
    ledger.asked();
    CompletableFuture<String> end =
        ask.kind() == Kind.HANG_UP
            ? CompletableFuture.supplyAsync(() -> hangUp(ask), threads)
            : attempt(ask, targets.attempts())
                .handleAsync((reply, failure) -> judge(ask, reply, failure), threads);
    return end.thenApply(
        what -> {
          ledger.ended(ask.kind(), what, second(), (System.nanoTime() - due) / 1e6);
          return what;
        });
  }

  /** Sends it, and again to the next target where the connection is refused or lost. */
  private CompletableFuture<HttpResponse<String>> attempt(Ask ask, int attempts) {
    return client
        .sendAsync(request(ask), HttpResponse.BodyHandlers.ofString())
        .exceptionallyCompose(
            failure ->
                attempts <= 1
                    ? CompletableFuture.failedFuture(failure)
                    : attempt(ask, attempts - 1));
  }

  private HttpRequest request(Ask ask) {
    return HttpRequest.newBuilder(targets.next().resolve(ask.path()))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + ask.key())
        .POST(HttpRequest.BodyPublishers.ofString(ask.body()))
        .build();
  }

  // --- judging ----------------------------------------------------------------------------------

  private String judge(Ask ask, HttpResponse<String> reply, @Nullable Throwable failure) {
    if (failure != null) {
      ledger.failed(ask + ": " + failure);
      return "failed";
    }
    int expected =
        switch (ask.model()) {
          case LoadModelServer.FAILS_500 -> 500;
          case LoadModelServer.FAILS_429 -> 429;
          default -> 200;
        };
    if (reply.statusCode() != expected
        || (expected != 200 && !reply.body().contains("the script says so"))) {
      ledger.failed(ask + ": status " + reply.statusCode() + ", " + reply.body());
      return "failed";
    }
    if (expected != 200) {
      return "status " + expected;
    }
    String end = reply.headers().firstValue("X-Reprise-Cache").orElse("no header");
    try {
      if (ask.kind() == Kind.EMBEDDING) {
        judgeEmbedding(ask, Http.JSON.readTree(reply.body()));
      } else {
        judgeText(ask, end, ask.isStreamed() ? streamed(reply.body()) : whole(reply.body()));
      }
    } catch (IOException e) {
      ledger.failed(ask + ": " + e.getMessage() + ": " + reply.body());
      return "failed";
    }
    return end;
  }

  private void judgeEmbedding(Ask ask, JsonNode body) {
    JsonNode vector = body.path("data").path(0).path("embedding");
    double[] expected = LoadModelServer.vector(ask.text());
    boolean isRight = vector.size() == expected.length;
    for (int i = 0; isRight && i < expected.length; i++) {
      isRight = Math.abs(vector.path(i).asDouble() - expected[i]) < 1e-6;
    }
    if (!isRight) {
      ledger.mixedUp(ask + ": another text's embedding");
    }
  }

  private void judgeText(Ask ask, String end, String text) throws IOException {
    int close = text.indexOf(']');
    String[] parts = text.substring(0, Math.max(0, close)).split("\\|", 3);
    if (!text.startsWith("[") || parts.length != 3) {
      throw new IOException("not an answer of the upstream's");
    }
    if (text.length() < close + 100) {
      throw new IOException("half an answer");
    }
    String key = parts[0].substring(1);
    String question = parts[2];
    if (!key.equals(ask.key()) || !parts[1].equals(ask.model())) {
      ledger.mixedUp(ask + ": the answer of " + key + " and " + parts[1]);
    } else if (!question.equals(ask.text())) {
      if (!end.equals("hit-semantic")) {
        ledger.mixedUp(ask + ": " + end + ", the answer to '" + question + "'");
      } else if (!mix.isSameQuestion(ask.text(), question)) {
        ledger.misjudged(ask + ": by meaning, the answer to '" + question + "'");
      }
    }
  }

  private static String whole(String body) throws IOException {
    return Http.JSON
        .readTree(body)
        .path("choices")
        .path(0)
        .path("message")
        .path("content")
        .asText();
  }

  private static String streamed(String body) throws IOException {
    StringBuilder text = new StringBuilder();
    boolean isDone = false;
    for (String line : body.split("\n", -1)) {
      if (line.startsWith(DATA)) {
        String data = line.substring(DATA.length()).strip();
        if (data.equals(DONE)) {
          isDone = true;
        } else {
          JsonNode chunk = Http.JSON.readTree(data);
          text.append(chunk.path("choices").path(0).path("delta").path("content").asText(""));
        }
      }
    }
    if (!isDone) {
      throw new IOException("a stream without " + DONE);
    }
    return text.toString();
  }

  // --- hanging up -------------------------------------------------------------------------------

  /**
   * Sends a request and hangs up: in mid-stream, or while it waits for its answer. Goes to the next
   * target where the connection is refused or lost before that.
   */
  private String hangUp(Ask ask) {
    IOException last = new IOException("no target");
    for (int attempt = 0; attempt < targets.attempts(); attempt++) {
      try {
        hangUp(ask, targets.next());
        return "hung up";
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "hung up";
      } catch (IOException e) {
        last = e;
      }
    }
    ledger.failed(ask + ": before it hung up: " + last);
    return "failed";
  }

  private static void hangUp(Ask ask, URI gateway) throws IOException, InterruptedException {
    byte[] body = ask.body().getBytes(StandardCharsets.UTF_8);
    String head =
        "POST "
            + ask.path()
            + " HTTP/1.1\r\nHost: "
            + gateway.getAuthority()
            + "\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + ask.key()
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.flush();
      if (ask.isStreamed()) {
        awaitData(socket.getInputStream());
      } else {
        Thread.sleep(HANG_UP_AFTER_MILLISECONDS);
      }
    }
  }

  private static void awaitData(InputStream in) throws IOException {
    StringBuilder read = new StringBuilder();
    byte[] buffer = new byte[4_096];
    while (read.indexOf(DATA) < 0) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new IOException("the stream ended before it began: " + read);
      }
      read.append(new String(buffer, 0, count, StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
