package dev.reprise.springai;

import dev.reprise.model.JsonObject;
import dev.reprise.model.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * ChatClient.entity() appends the instructions of an output converter to the user's text. They are part of the key, and must be equal, but
 * they are no part of the question: two questions with the same long instructions look alike to an embedding.
 */
/**
 * Tells a user's question from the format instructions that Spring AI's converters append to it.
 */
final class FormatInstructions {
  /**
   * How the instructions of BeanOutputConverter, MapOutputConverter and ListOutputConverter begin.
   */
  private static final List<String> BEGINNINGS =
      List.of(
          "Your response should be in JSON format.",
          "Respond with only a list of comma-separated values");

  private FormatInstructions() {}

  /** Returns the parts of a user's text; together they are the text. */
  static List<Part> split(@Nullable String text) {
    List<Part> parts = new ArrayList<>();
    if (text == null) {
      return parts;
    }
    int cut = beginning(text);
    if (cut < 0) {
      parts.add(new Part.Text(text));
      return parts;
    }
    parts.add(new Part.Text(text.substring(0, cut)));
    parts.add(new Part.Opaque("format_instructions", JsonObject.of("text", text.substring(cut))));
    return parts;
  }

  /** Returns where the line end before the instructions is, or -1. */
  private static int beginning(String text) {
    int cut = -1;
    for (String beginning : BEGINNINGS) {
      int at = text.indexOf('\n' + beginning);
      if (at >= 0 && (cut < 0 || at < cut)) {
        cut = at > 0 && text.charAt(at - 1) == '\r' ? at - 1 : at;
      }
    }
    return cut > 0 && !text.substring(0, cut).isBlank() ? cut : -1;
  }
}
