package dev.reprise.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.Outcome;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one request, noted on its way by whoever knows it, and read when it has ended.
 * Safe for use by several threads.
 */
public final class RequestReport {
  private static final String ATTRIBUTE = RequestReport.class.getName();
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_PROMPT = 200;

  private final String id;
  private final Instant began;
  private final LongSupplier nanoseconds;
  private final long start;
  private final boolean keepsPrompt;
  private volatile String model = "";
  private volatile String prompt = "";
  private volatile @Nullable Outcome outcome;
  private volatile Map<String, String> headers = Map.of();
  private volatile long outcomeAt;

  /**
   * @param id names the request
   * @param began when it came
   * @param nanoseconds what its time is measured by
   * @param keepsPrompt whether the beginning of what was asked is kept
   */
  public RequestReport(String id, Instant began, LongSupplier nanoseconds, boolean keepsPrompt) {
    this.id = id;
    this.began = began;
    this.nanoseconds = nanoseconds;
    this.start = nanoseconds.getAsLong();
    this.keepsPrompt = keepsPrompt;
  }

  /** Returns the report of {@code request}; one that nobody reads where nobody began one. */
  static RequestReport of(Request request) {
    return request.getAttribute(ATTRIBUTE) instanceof RequestReport report
        ? report
        : new RequestReport("", Instant.EPOCH, () -> 0, false);
  }

  /** Makes it the report of {@code request}. */
  public void attach(Request request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Notes what was asked. */
  void asked(ObjectNode body) {
    model = cut(body.path("model").asText(""), LONGEST_NAME);
    if (keepsPrompt) {
      prompt = cut(words(body), LONGEST_PROMPT);
    }
  }

  /**
   * Notes how the cache answered.
   *
   * @param headers the headers that say it; an answer that has begun does not carry them any more
   */
  void ended(Outcome outcome, Map<String, String> headers) {
    this.outcomeAt = elapsed();
    this.headers = Map.copyOf(headers);
    this.outcome = outcome;
  }

  public String id() {
    return id;
  }

  public Instant began() {
    return began;
  }

  /** Returns the model that was asked for, empty where it is not known. */
  public String model() {
    return model;
  }

  /** Returns the beginning of what was asked, empty where it is not kept. */
  public String prompt() {
    return prompt;
  }

  /** Returns how the cache answered; null where it was not asked, or failed to. */
  public @Nullable Outcome outcome() {
    return outcome;
  }

  /** Returns the header of this name that says how the cache answered; null where it does not. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Returns how many nanoseconds after the request the outcome came. */
  public long outcomeAt() {
    return outcomeAt;
  }

  /** Returns how many nanoseconds it has taken until now. */
  public long elapsed() {
    return nanoseconds.getAsLong() - start;
  }

  /** Returns the last thing that was said to the model. */
  private static String words(ObjectNode body) {
    JsonNode said = body.has("messages") ? body.path("messages") : body.path("input");
    if (said.isArray() && !said.isEmpty()) {
      said = said.path(said.size() - 1);
    }
    JsonNode content = said.isObject() ? said.path("content") : said;
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asText("")).append(' ');
    }
    return text.toString().strip();
  }

  private static String cut(String text, int length) {
    String begin = text.length() > length ? text.substring(0, length) + "..." : text;
    return begin.replaceAll("[\\p{Cntrl}\\p{Cs}]", " ");
  }
}
