package dev.reprise.gateway.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is asked for by the address of a request.
 *
 * @param kind whose protocol its body follows
 * @param model the model that the address names, empty where it names none
 * @param isUsual whether it is the path by which OpenAI's clients ask
 */
public record ApiPath(Kind kind, String model, boolean isUsual) {
  /** Every path of an API begins with one of these. */
  private static final List<String> PREFIXES =
      List.of("/v1/", "/v1beta/", "/v1beta1/", "/openai/", "/api/");

  /** OpenAI's paths, Azure's and Google's for OpenAI's clients. */
  private static final Pattern OPEN_AI =
      Pattern.compile(
          "(?:/v1|/openai/v1|/openai|/v1beta/openai|/(?:openai|v1)/deployments/(?<model>[^/]+))"
              + "/(?<kind>chat/completions|responses|embeddings|completions)");

  private static final String WHOLE = "generateContent";
  private static final String STREAM = "streamGenerateContent";
  private static final String EVENTS = "alt=sse";

  /** Google's paths, those of Vertex included. */
  private static final Pattern GEMINI =
      Pattern.compile(
          "/v1(?:beta1?)?/(?:(?:projects/[^/]+/locations/[^/]+/)?publishers/[^/]+/)?"
              + "models/(?<model>[^/:]+):(?<kind>"
              + WHOLE
              + "|"
              + STREAM
              + ")");

  /** A protocol. */
  public enum Kind {
    CHAT,
    RESPONSES,
    EMBEDDINGS,
    COMPLETIONS,
    MESSAGES,
    GEMINI,
    GEMINI_STREAM,
    OLLAMA,
    OLLAMA_GENERATE
  }

  /** Returns what {@code path} asks for; empty where that is not cached. */
  public static Optional<ApiPath> of(String path) {
    if (path.equals("/v1/messages")) {
      return Optional.of(new ApiPath(Kind.MESSAGES, "", true));
    }
    if (path.equals("/api/chat")) {
      return Optional.of(new ApiPath(Kind.OLLAMA, "", true));
    }
    if (path.equals("/api/generate")) {
      return Optional.of(new ApiPath(Kind.OLLAMA_GENERATE, "", true));
    }
    Matcher openAi = OPEN_AI.matcher(path);
    if (openAi.matches()) {
      String model = openAi.group("model") == null ? "" : openAi.group("model");
      return Optional.of(
          new ApiPath(
              kind(openAi.group("kind")), model, model.isEmpty() && path.startsWith("/v1/")));
    }
    Matcher gemini = GEMINI.matcher(path);
    if (gemini.matches()) {
      boolean isStream = gemini.group("kind").equals(STREAM);
      return Optional.of(
          new ApiPath(isStream ? Kind.GEMINI_STREAM : Kind.GEMINI, gemini.group("model"), false));
    }
    return Optional.empty();
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "chat/completions" -> Kind.CHAT;
      case "responses" -> Kind.RESPONSES;
      case "embeddings" -> Kind.EMBEDDINGS;
      default -> Kind.COMPLETIONS;
    };
  }

  /**
   * Returns {@code path} as it is where the answer is not streamed: the two share their answers.
   */
  public static String whole(String path) {
    return path.replace(":" + STREAM, ":" + WHOLE);
  }

  /** Returns {@code query} of a request for {@code path} without what asks for a stream. */
  public static String wholeQuery(Optional<ApiPath> path, String query) {
    return path.isPresent() && path.get().kind() == Kind.GEMINI_STREAM
        ? Arrays.stream(query.split("&", -1))
            .filter(parameter -> !parameter.equals(EVENTS))
            .collect(Collectors.joining("&"))
        : query;
  }

  /**
   * Returns whether the server behind {@code path} reads JSON of any declared type. Ollama's own
   * examples declare none.
   */
  static boolean readsAnyType(Optional<ApiPath> path) {
    return path.isPresent()
        && (path.get().kind() == Kind.OLLAMA || path.get().kind() == Kind.OLLAMA_GENERATE);
  }

  /** Returns whether {@code query} asks Google for a stream of events, not for one long list. */
  public static boolean asksForEvents(String query) {
    return Arrays.asList(query.split("&", -1)).contains(EVENTS);
  }

  /** Returns whether {@code path} is one of Google's own, which no base of OpenAI's clients has. */
  public static boolean isOfGoogle(String path) {
    return path.startsWith("/v1beta")
        || (path.startsWith("/v1/models/") && path.indexOf(':') > 0)
        || path.startsWith("/v1/projects/")
        || path.startsWith("/v1/publishers/");
  }

  /** Returns whether {@code path} is one of an API, cached or not. */
  public static boolean isOfApi(String path) {
    return PREFIXES.stream().anyMatch(path::startsWith);
  }
}
