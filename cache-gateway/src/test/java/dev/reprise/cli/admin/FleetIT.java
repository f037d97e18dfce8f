package dev.reprise.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reprise.cli.io.Terminal;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.ScriptedModelServer;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.CaffeineExactTier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Gateways on one Redis are one fleet: one call, one view, one answer to an administrator. */
class FleetIT {
  private static final String TOKEN = "an admin token of some length";
  private static final byte[] SECRET =
      "a scope secret of some length".getBytes(StandardCharsets.UTF_8);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final RedisProcess redis = RedisProcess.start();
  private final FaultProxy proxy = FaultProxy.start("127.0.0.1", redis.port());
  private final List<Gateway> gateways = new ArrayList<>();
  private ScriptedModelServer upstream;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
  }

  @AfterEach
  void stop() {
    gateways.forEach(Gateway::close);
    upstream.close();
    proxy.close();
    redis.close();
  }

  private Gateway gateway(int port) {
    CacheEngine.Builder engine =
        CacheEngine.builder()
            .exactTiers(
                CaffeineExactTier.builder().build(),
                RedisExactTier.builder("redis://127.0.0.1:" + port)
                    .deadline(Duration.ofSeconds(1))
                    .build());
    Gateway started =
        Gateway.builder(upstream.url(), engine)
            .port(0)
            .adminToken(TOKEN)
            .scopeSecret(SECRET)
            .start();
    gateways.add(started);
    return started;
  }

  private static HttpRequest.Builder to(Gateway gateway, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json");
  }

  private CompletableFuture<HttpResponse<String>> ask(Gateway gateway, String question) {
    String body =
        "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
            + question
            + "\"}]}";
    return client.sendAsync(
        to(gateway, "/v1/chat/completions")
            .header("X-Reprise-Tags", "prices")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> end(CompletableFuture<HttpResponse<String>> asked)
      throws Exception {
    HttpResponse<String> response = asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(200);
    return response;
  }

  private JsonNode stats(Gateway gateway) {
    try {
      HttpResponse<String> response =
          client.send(
              to(gateway, "/admin/stats").header("Authorization", "Bearer " + TOKEN).build(),
              BodyHandlers.ofString());
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String print(Gateway gateway) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    int status =
        new CommandLine(new StatsCommand(terminal))
            .execute("--gateway", gateway.url().toString(), "--admin-token", TOKEN);
    assertThat(status).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyInstanceShowsTheFleetAndOneCallServesAll() throws Exception {
    Gateway one = gateway(redis.port());
    Gateway two = gateway(redis.port());
    Gateway three = gateway(redis.port());
    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      asked.add(ask(gateways.get(i % 3), "slow"));
    }
    String answer = end(asked.get(0)).body().replaceAll("\"(id|created)\":[^,]*,", "");
    for (CompletableFuture<HttpResponse<String>> each : asked) {
      assertThat(end(each).body().replaceAll("\"(id|created)\":[^,]*,", "")).isEqualTo(answer);
    }
    assertThat(upstream.received()).hasSize(1);

    for (Gateway gateway : List.of(one, two, three)) {
      Eventually.that(
          "the sum of all is shown",
          () -> stats(gateway).path("fleet").path("requests").asLong() == 30);
      JsonNode stats = stats(gateway);
      assertThat(stats.path("fleet").path("instances").asInt()).isEqualTo(3);
      assertThat(stats.path("fleet").path("upstreamCalls").asInt()).isEqualTo(1);
      assertThat(stats.path("fleet").path("isWhole").asBoolean()).isTrue();
      assertThat(stats.path("instance").asText()).endsWith(":" + gateway.port());
      assertThat(stats.path("requests").asInt()).as("its own").isEqualTo(10);
      assertThat(stats.path("instances").path(stats.path("instance").asText()).path("requests"))
          .isEqualTo(stats.path("requests"));
    }
    assertThat(print(one))
        .containsPattern("requests +30 ")
        .containsPattern(":" + two.port() + " +10 ")
        .containsPattern(":" + three.port() + " +10 ");

    three.close();
    assertThat(stats(one).path("fleet").path("instances").asInt())
        .as("who stops is gone at once")
        .isEqualTo(2);
  }

  @Test
  void aRemovalThatRedisDoesNotTakeIsAnsweredAsPending() throws Exception {
    Gateway behind = gateway(proxy.port());
    end(ask(behind, "Why?"));
    proxy.cut();
    HttpResponse<String> removal =
        client.send(
            to(behind, "/admin/invalidate")
                .header("Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.ofString("{\"tag\":\"prices\"}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(removal.statusCode()).isEqualTo(202);
    JsonNode said = JSON.readTree(removal.body());
    assertThat(said.path("pending").asBoolean()).isTrue();
    assertThat(said.path("durable").asBoolean(true)).isFalse();
    JsonNode stats = stats(behind);
    assertThat(stats.path("fleet").path("isWhole").asBoolean(true)).isFalse();
    assertThat(stats.path("fleet").path("requests").asInt()).isEqualTo(1);
    proxy.heal();
    Gateway other = gateway(redis.port());
    Eventually.that(
        "it is carried out",
        () ->
            end(ask(other, "Why?"))
                .headers()
                .firstValue("X-Reprise-Cache")
                .orElse("")
                .equals("miss"));
  }
}
