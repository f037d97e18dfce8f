package dev.reprise.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Set;

/*
 * Servers that stand before several providers answer 200 and tell of the error in the body: at its top, or in the choice that failed.
 */
/** Finds the error that a provider reports within an answer. Pure. */
final class ReportedError {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> CHOICES = Set.of("choices", "candidates");

  private ReportedError() {}

  /** Returns whether {@code payload} is a JSON object with an error at its top or in a choice. */
  static boolean isIn(String payload) {
    if (!payload.startsWith("{")
        || !(payload.contains("\"error") || payload.contains("\"base_resp\""))) {
      return false;
    }
    try (JsonParser parser = JSON.createParser(payload)) {
      parser.nextToken();
      return isInObject(parser, true);
    } catch (JsonProcessingException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("a string can be read", e);
    }
  }

  private static boolean isInObject(JsonParser parser, boolean isTop) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("error") && value != JsonToken.VALUE_NULL) {
        return true;
      }
      if (isTop && name.equals("errors") && value == JsonToken.START_ARRAY) {
        if (parser.nextToken() != JsonToken.END_ARRAY) {
          return true;
        }
      } else if (isTop && name.equals("base_resp") && value == JsonToken.START_OBJECT) {
        if (isFailed(parser)) {
          return true;
        }
      } else if (isTop && CHOICES.contains(name) && value == JsonToken.START_ARRAY) {
        if (isInOneOf(parser)) {
          return true;
        }
      } else {
        parser.skipChildren();
      }
    }
    return false;
  }

  private static boolean isInOneOf(JsonParser parser) throws IOException {
    JsonToken element = parser.nextToken();
    while (element != null && element != JsonToken.END_ARRAY) {
      if (element == JsonToken.START_OBJECT && isInObject(parser, false)) {
        return true;
      }
      parser.skipChildren();
      element = parser.nextToken();
    }
    return false;
  }

  /** MiniMax's status, which is 0 where nothing failed. */
  private static boolean isFailed(JsonParser parser) throws IOException {
    boolean isFailed = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isStatus = parser.currentName().equals("status_code");
      JsonToken value = parser.nextToken();
      isFailed |= isStatus && value == JsonToken.VALUE_NUMBER_INT && parser.getLongValue() != 0;
      parser.skipChildren();
    }
    return isFailed;
  }
}
