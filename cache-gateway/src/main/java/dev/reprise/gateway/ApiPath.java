package dev.reprise.gateway;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is asked for by the address of a request.
 *
 * @param kind whose protocol its body follows
 * @param model the model that the address names, empty where it names none
 * @param isUsual whether it is the path by which OpenAI's clients ask
 */
record ApiPath(Kind kind, String model, boolean isUsual) {
  /** Every path of an API begins with one of these. */
  private static final List<String> PREFIXES = List.of("/v1/", "/v1beta/", "/openai/", "/api/");

  /** OpenAI's paths, Azure's and Google's for OpenAI's clients. */
  private static final Pattern OPEN_AI =
      Pattern.compile(
          "(?:/v1|/openai/v1|/openai|/v1beta/openai|/(?:openai|v1)/deployments/(?<model>[^/]+))"
              + "/(?<kind>chat/completions|responses|embeddings|completions)");

  private static final Pattern GEMINI =
      Pattern.compile(
          "/v1(?:beta)?/models/(?<model>[^/:]+):(?<kind>generateContent|streamGenerateContent)");

  /** A protocol. */
  enum Kind {
    CHAT,
    RESPONSES,
    EMBEDDINGS,
    COMPLETIONS,
    MESSAGES,
    GEMINI,
    GEMINI_STREAM,
    OLLAMA
  }

  /** Returns what {@code path} asks for; empty where that is not cached. */
  static Optional<ApiPath> of(String path) {
    if (path.equals("/v1/messages")) {
      return Optional.of(new ApiPath(Kind.MESSAGES, "", true));
    }
    if (path.equals("/api/chat")) {
      return Optional.of(new ApiPath(Kind.OLLAMA, "", true));
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
      boolean isStream = gemini.group("kind").equals("streamGenerateContent");
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

  /** Returns whether {@code path} is one of an API, cached or not. */
  static boolean isOfApi(String path) {
    return PREFIXES.stream().anyMatch(path::startsWith);
  }
}
