package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/** Reads what the bodies of several endpoints have in common. Pure. */
final class Bodies {
  /** Helps the provider to cache the prompt, and does not shape the answer: {@value}. */
  static final String PROMPT_CACHE_KEY = "prompt_cache_key";

  /** Helps the provider to cache the prompt, and does not shape the answer: {@value}. */
  static final String PROMPT_CACHE_RETENTION = "prompt_cache_retention";

  private Bodies() {}

  /** Puts every member of {@code body} but {@code less} among the parameters. */
  static void parameters(ObjectNode body, Set<String> less, CacheRequest.Builder request) {
    Json.values(body, less)
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(CallContext.OWN_PREFIX)) {
                throw new UnmappableException(
                    "the body has a member whose name begins with " + CallContext.OWN_PREFIX);
              }
              request.parameter(name, value);
            });
  }

  /** Returns where a content is: at an address, or in a data URL (RFC 2397). */
  static Part.MediaSource located(String url) {
    return url.startsWith("data:") ? inline(url) : new Part.Remote(url);
  }

  /** Hashes the content; the text itself where it is not Base64. */
  static Part.Inline inline(String data) {
    String mediaType = "application/octet-stream";
    String base64 = data;
    int comma = data.indexOf(',');
    if (data.startsWith("data:") && comma > 0) {
      mediaType = data.substring("data:".length(), comma);
      base64 = data.substring(comma + 1);
    }
    try {
      return new Part.Inline(ContentHash.of(Base64.getDecoder().decode(base64)), mediaType);
    } catch (IllegalArgumentException e) {
      return new Part.Inline(
          ContentHash.of(data.getBytes(StandardCharsets.UTF_8)), mediaType + ";not-base64");
    }
  }

  /**
   * Returns {@code node}, which is an object.
   *
   * @throws UnmappableException if it is none; the message begins with {@code what}
   */
  static ObjectNode object(JsonNode node, String what) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new UnmappableException(what + " is not an object");
  }

  /**
   * Returns the text of member {@code name}.
   *
   * @throws UnmappableException if it is missing, blank or no text
   */
  static String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw new UnmappableException("\"" + name + "\" is missing or not a text");
    }
    return value.textValue();
  }
}
