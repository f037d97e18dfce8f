package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends a gateway what is put together by hand. */
public final class WireClient {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Posts JSON. */
  public HttpResponse<String> post(Gateway to, String path, String body, String... headers)
      throws Exception {
    return client.send(request(to, path, body, headers), BodyHandlers.ofString());
  }

  /** Posts JSON to any address. */
  public HttpResponse<String> postTo(URI address, String body, String... headers) throws Exception {
    return client.send(request(address, body, headers), BodyHandlers.ofString());
  }

  /** Posts JSON and does not wait. */
  public CompletableFuture<HttpResponse<String>> postLater(Gateway to, String path, String body) {
    return client.sendAsync(request(to, path, body), BodyHandlers.ofString());
  }

  public static HttpRequest request(Gateway to, String path, String body, String... headers) {
    return request(URI.create(to.url() + path), body, headers);
  }

  private static HttpRequest request(URI address, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  /** Returns what the cache did. */
  public static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }

  /** Returns why the cache did not. */
  public static String reason(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-reason").orElse("none");
  }

  /** Returns the JSON of each event of a stream. */
  public static List<JsonNode> events(HttpResponse<String> response) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : response.body().split("\n", -1)) {
      if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
        events.add(Json.read(line.substring("data: ".length())));
      }
    }
    return events;
  }

  /** Waits until something is so. */
  public static void await(Eventually.Condition condition) {
    Eventually.that("what the test waits for", condition);
  }
}
