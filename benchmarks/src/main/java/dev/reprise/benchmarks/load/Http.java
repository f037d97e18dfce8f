package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Requests that are not measured: health, counts, filling. */
final class Http {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Http() {}

  /** Returns what stands at an address. */
  static String get(String url, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> reply = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (reply.statusCode() != 200) {
      throw new IOException(url + " answers " + reply.statusCode() + ": " + reply.body());
    }
    return reply.body();
  }

  /** Posts a JSON body and returns the reply, whatever its status. */
  static HttpResponse<String> post(String url, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Returns whether an address answers 200 now. */
  static boolean isUp(String url) throws InterruptedException {
    try {
      get(url);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns how many calls came to the upstream, by model. */
  static JsonNode counts(String upstream) throws IOException, InterruptedException {
    return JSON.readTree(get(upstream + LoadModelServer.COUNTS));
  }

  /** Returns how many calls came to the upstream in all. */
  static long calls(String upstream) throws IOException, InterruptedException {
    long sum = 0;
    for (JsonNode count : counts(upstream)) {
      sum += count.asLong();
    }
    return sum;
  }
}
