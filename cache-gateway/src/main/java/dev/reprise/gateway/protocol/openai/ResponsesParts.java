package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Maps the contents of a response's input. Pure. */
final class ResponsesParts {
  private static final String TYPE = "type";
  private static final String TEXT = "text";
  private static final String OUTPUT_TEXT = "output_text";

  /** How closely a picture is looked at; "auto" is the default. */
  private static final String DETAIL = "detail";

  private ResponsesParts() {}

  /**
   * Returns the parts of {@code content}, which {@code role} says.
   *
   * @throws UnmappableException if it is neither a text nor a list of parts
   */
  static List<Part> of(JsonNode content, Role role) {
    if (content.isTextual()) {
      return List.of(new Part.Text(content.textValue()));
    }
    if (!content.isArray()) {
      throw new UnmappableException("a content is neither a text nor a list");
    }
    List<Part> parts = new ArrayList<>();
    for (JsonNode part : content) {
      parts.add(part(Bodies.object(part, "a part of a content"), role));
    }
    return parts;
  }

  private static Part part(ObjectNode part, Role role) {
    String type = Bodies.text(part, TYPE);
    return switch (type) {
      case "input_text", OUTPUT_TEXT -> text(part, type, role);
      case "input_image" -> media(part, "image", "image_url");
      case "input_file" ->
          part.path("file_data").isTextual()
              ? media(part, "file", "file_data")
              : media(part, "file", "file_url");
      case "input_audio" -> audio(part);
      default -> opaque(part);
    };
  }

  /** Who speaks tells whether a text was put in or came out; only what is unusual is said. */
  private static Part text(ObjectNode part, String type, Role role) {
    JsonNode text = part.path(TEXT);
    if (!text.isTextual()) {
      return opaque(part);
    }
    Set<String> less = new HashSet<>(Set.of(TEXT));
    if (type.equals(OUTPUT_TEXT) == (role == Role.ASSISTANT)) {
      less.add(TYPE);
    }
    for (String list : List.of("annotations", "logprobs")) {
      if (part.path(list).isNull() || (part.path(list).isArray() && part.path(list).isEmpty())) {
        less.add(list);
      }
    }
    return new Part.Text(text.textValue(), Json.values(part, less));
  }

  /** Maps a part whose content is at an address, in a data URL or in Base64. */
  private static Part media(ObjectNode part, String kind, String name) {
    JsonNode content = part.path(name);
    if (!content.isTextual()) {
      return opaque(part);
    }
    Part.MediaSource source =
        name.equals("file_data")
            ? Bodies.inline(content.textValue())
            : Bodies.located(content.textValue());
    Set<String> less =
        part.path(DETAIL).asText("").equals("auto") ? Set.of(name, DETAIL) : Set.of(name);
    return new Part.Media(kind, source, Json.values(part, less));
  }

  private static Part audio(ObjectNode part) {
    JsonNode inner = part.path("input_audio");
    JsonNode data = inner.path("data");
    if (!data.isTextual()) {
      return opaque(part);
    }
    JsonObject attributes =
        Json.values(part, Set.of())
            .with("input_audio", Json.values(inner, Set.of("data")).values());
    return new Part.Media("audio", Bodies.inline(data.textValue()), attributes);
  }

  private static Part opaque(ObjectNode part) {
    return new Part.Opaque(Bodies.text(part, TYPE), Json.values(part, Set.of()));
  }
}
