package dev.reprise.match;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reprise.model.Scope;

/**
 * What the answer to one question says that an acronym stands for.
 *
 * @param question a hash of the question
 * @param isGivenByQuestion whether the long form's words stood in the question
 */
record LearnedMeaning(
    Scope scope, String shortForm, String longForm, int question, boolean isGivenByQuestion) {
  private static final int FORMAT = 1;
  private static final int MOST_CHARACTERS = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns it as JSON. */
  String write() {
    return JSON.createObjectNode()
        .put("format", FORMAT)
        .put("scope", scope.name())
        .put("short", shortForm)
        .put("long", longForm)
        .put("question", question)
        .put("given", isGivenByQuestion)
        .toString();
  }

  /**
   * Returns what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static LearnedMeaning read(String written) {
    try {
      JsonNode json = JSON.readTree(written);
      LearnedMeaning read =
          new LearnedMeaning(
              Scope.of(json.path("scope").asText()),
              json.path("short").asText(),
              json.path("long").asText(),
              json.path("question").asInt(),
              // Earlier versions did not write it.
              json.path("given").asBoolean(true));
      if (json.path("format").asInt() != FORMAT
          || !isSound(read.shortForm)
          || !isSound(read.longForm)) {
        throw new IllegalArgumentException("a definition has another format");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a definition is no JSON", e);
    }
  }

  private static boolean isSound(String form) {
    return !form.isBlank() && form.length() <= MOST_CHARACTERS;
  }
}
