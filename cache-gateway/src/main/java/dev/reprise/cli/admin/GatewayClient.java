package dev.reprise.cli.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Speaks to a running gateway. Safe for use by several threads. */
final class GatewayClient {
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(10);

  /** A model may take long. */
  private static final Duration ANSWER_DEADLINE = Duration.ofMinutes(10);

  private final URI base;
  private final String key;
  private final HttpClient client;

  /**
   * @param base where the gateway is, without a path
   * @param key shown as {@code Authorization: Bearer}; empty for none
   */
  GatewayClient(URI base, String key) {
    this.base = base;
    this.key = key;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_DEADLINE)
            .build();
  }

  /** Returns the JSON that stands at {@code path}. */
  JsonNode get(String path) throws InterruptedException {
    return json(successful(send(request(path).GET(), BodyHandlers.ofString())));
  }

  /** Returns what the gateway says to {@code body}. */
  JsonNode post(String path, JsonNode body) throws InterruptedException {
    return json(successful(ask(path, Map.of(), body)));
  }

  /** Removes what {@code name} names at {@code path}, and returns what the gateway says. */
  JsonNode delete(String path, String name, String value) throws InterruptedException {
    String query = name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    return json(successful(send(request(path + "?" + query).DELETE(), BodyHandlers.ofString())));
  }

  /** Returns what the gateway says to {@code body}, whatever its status. */
  HttpResponse<String> ask(String path, Map<String, String> headers, JsonNode body)
      throws InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    headers.forEach(request::header);
    return send(request, BodyHandlers.ofString());
  }

  /** Returns the bytes that stand at {@code path}, as they come. */
  InputStream stream(String path) throws InterruptedException {
    HttpResponse<InputStream> response = send(request(path).GET(), BodyHandlers.ofInputStream());
    if (response.statusCode() / 100 != 2) {
      try (InputStream body = response.body()) {
        throw refused(
            response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw unreachable(e);
      }
    }
    return response.body();
  }

  /** Returns the words of an error that the gateway gave. */
  static String words(int status, String body) {
    try {
      String message = JsonLines.MAPPER.readTree(body).path("error").path("message").asText();
      if (!message.isEmpty()) {
        return message;
      }
    } catch (JsonProcessingException e) {
      // Not the gateway's own words: the status has to do.
    }
    return "status " + status;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_DEADLINE);
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    return request;
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws InterruptedException {
    try {
      return client.send(request.build(), body);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private InputException unreachable(IOException e) {
    return new InputException(
        e instanceof ConnectException
            ? "no gateway answers at "
                + base
                + "; start one with ./reprise serve, or name another with --gateway"
            : "the gateway at " + base + " does not answer: " + e,
        e);
  }

  private static HttpResponse<String> successful(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw refused(response.statusCode(), response.body());
    }
    return response;
  }

  private static InputException refused(int status, String body) {
    return new InputException("the gateway refuses this: " + words(status, body));
  }

  private JsonNode json(HttpResponse<String> response) {
    try {
      return JsonLines.MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new InputException(base + " does not answer in JSON; is it a gateway of Reprise?", e);
    }
  }
}
