package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.ApiException;

/** Reads the texts of a request's body. What is no text is a 400 that names the member. */
final class BodyTexts {
  private BodyTexts() {}

  /** Returns a text that must be there and not be blank. */
  static String required(ObjectNode body, String name) {
    JsonNode value = body.path(name);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw notAText(name);
    }
    return value.textValue();
  }

  /** Returns a text, or an empty one where it is not there. */
  static String optional(ObjectNode body, String name) {
    JsonNode value = body.path(name);
    if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
      throw notAText(name);
    }
    return value.asText("");
  }

  private static ApiException notAText(String name) {
    return ApiError.invalid(name + " must be a text");
  }
}
