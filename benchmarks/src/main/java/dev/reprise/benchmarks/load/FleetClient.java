package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicLong;

/** Asks one gateway of a fleet, as a client and as its administrator. Safe for several threads. */
final class FleetClient {
  /** The model that is asked for where it does not matter: {@value}. */
  static final String MODEL = "gpt-4o-mini";

  private static final String AUTHORIZATION = "Authorization";
  private static final String KEY = "Bearer sk-ann";

  private final FleetInstances fleet;
  private final String token;
  private final AtomicLong calls = new AtomicLong();

  /**
   * @param token of the administrator
   */
  FleetClient(FleetInstances fleet, String token) {
    this.fleet = fleet;
    this.token = "Bearer " + token;
  }

  /** Returns how many questions were asked. */
  long calls() {
    return calls.get();
  }

  /** Asks a question, whose answer is stored under {@code tag}. */
  HttpResponse<String> ask(int instance, String model, String text, boolean isStreamed, String tag)
      throws IOException, InterruptedException {
    return send(
        instance,
        new Ask(0, Kind.FRESH, "", model, text, isStreamed),
        "Cache-Control",
        "max-age=86400",
        "X-Reprise-Tags",
        tag);
  }

  /** Asks for a cached answer only. */
  HttpResponse<String> askCachedOnly(int instance, String model, String text)
      throws IOException, InterruptedException {
    return send(
        instance,
        new Ask(0, Kind.FRESH, "", model, text, false),
        "Cache-Control",
        "only-if-cached");
  }

  private HttpResponse<String> send(int instance, Ask ask, String... headers)
      throws IOException, InterruptedException {
    calls.incrementAndGet();
    String[] all = new String[headers.length + 2];
    all[0] = AUTHORIZATION;
    all[1] = KEY;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return Http.post(fleet.url(instance) + ask.path(), ask.body(), all);
  }

  /** Returns what the cache says that it did: {@code hit-exact}, {@code hit-semantic}, ... */
  static String cache(HttpResponse<String> reply) {
    return reply.headers().firstValue("X-Reprise-Cache").orElse("");
  }

  /** Returns the entry of a hit. */
  static String entry(HttpResponse<String> reply) {
    return reply.headers().firstValue("X-Reprise-Entry").orElse("");
  }

  /** Returns what the cache would do with a question. */
  String peek(int instance, String model, String text) throws IOException, InterruptedException {
    return cache(askCachedOnly(instance, model, text));
  }

  /**
   * Has everything removed that is stored under {@code tag}; returns the status: 202 is pending.
   */
  int invalidate(int instance, String tag) throws IOException, InterruptedException {
    String body = Http.JSON.createObjectNode().put("tag", tag).toString();
    return Http.post(fleet.url(instance) + "/admin/invalidate", body, AUTHORIZATION, token)
        .statusCode();
  }

  /** Reports a hit as wrong; returns whether the report was acknowledged. */
  boolean report(int instance, String entry) throws IOException, InterruptedException {
    ObjectNode report = Http.JSON.createObjectNode().put("entry", entry).put("feedback", "wrong");
    String reply =
        Http.post(fleet.url(instance) + "/admin/feedback", report.toString(), AUTHORIZATION, token)
            .body();
    return Http.JSON.readTree(reply).path("known").asBoolean();
  }

  /** Returns the statistics that an instance shows. */
  JsonNode stats(int instance) throws IOException, InterruptedException {
    return Http.JSON.readTree(Http.get(fleet.url(instance) + "/admin/stats", AUTHORIZATION, token));
  }
}
