package dev.reprise.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reprise.model.Answer;
import java.util.List;
import java.util.regex.Pattern;

/** Says in words why an answer that ended in another way, or has no text, is not stored. */
final class AnswerEnding {
  private static final JsonMapper JSON = new JsonMapper();

  /** Where providers say how an answer ended. */
  private static final List<String> REASONS =
      List.of("finish_reason", "stop_reason", "finishReason", "done_reason", "status");

  /** What an answer may have in place of text. */
  private static final List<String> MEDIA =
      List.of("audio", "images", "image", "video", "inlineData", "inline_data");

  /** What may be shown of a value that a server chose. */
  private static final Pattern SHOWN = Pattern.compile("[\\w. :/-]{1,40}");

  private AnswerEnding() {}

  /** Returns why an answer without a known ending is not stored. */
  static String unknown(Answer answer) {
    JsonNode payload = read(answer);
    for (String name : REASONS) {
      for (JsonNode value : payload.findValues(name)) {
        if (value.isTextual() && !value.textValue().equals("stop")) {
          boolean isShown = SHOWN.matcher(value.textValue()).matches();
          return "the answer did not end by completing: its "
              + name
              + (isShown ? " is \"" + value.textValue() + "\"" : " is not known");
        }
      }
    }
    return "the answer did not end by completing";
  }

  /** Returns why an answer without text is not stored. */
  static String empty(Answer answer) {
    JsonNode payload = read(answer);
    for (String name : MEDIA) {
      JsonNode value = payload.findValue(name);
      if (value != null && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
        return "the answer has no text but audio, pictures or video, which are not cached";
      }
    }
    return "the answer has no text";
  }

  private static JsonNode read(Answer answer) {
    try {
      return JSON.readTree(answer.payload());
    } catch (JsonProcessingException e) {
      // The payload is opaque here; most integrations write JSON.
      return JSON.missingNode();
    }
  }
}
