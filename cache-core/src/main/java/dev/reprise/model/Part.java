package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.List;
import java.util.Objects;

/** One part of a {@link Message}. */
public sealed interface Part {

  /**
   * A text.
   *
   * @param text any text, empty included
   * @param attributes what the provider adds to it (a cache mark, annotations)
   */
  record Text(String text, JsonObject attributes) implements Part {
    public Text {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(attributes, "attributes");
    }

    /** A text without attributes. */
    public Text(String text) {
      this(text, JsonObject.empty());
    }
  }

  /**
   * An image, a sound, a film or a file.
   *
   * @param kind what the provider calls it: "image", "audio", "video", "pdf", "file"
   * @param source where its content is
   * @param attributes what the provider adds to it (the detail level of an image, a file's name)
   */
  record Media(String kind, MediaSource source, JsonObject attributes) implements Part {
    public Media {
      Checks.notBlank("kind of media", kind);
    }
  }

  /** Where the content of a {@link Media} is. */
  sealed interface MediaSource {}

  /**
   * A content that travels with the request.
   *
   * @param hash its hash, which represents it in the key
   * @param mediaType its type (RFC 6838); "application/octet-stream" if unknown
   */
  record Inline(ContentHash hash, String mediaType) implements MediaSource {}

  /**
   * Content that the provider fetches. The key has its address only. If the content behind the
   * address can change, use a document version or a short time to live.
   *
   * @param uri the address, compared exactly
   */
  record Remote(String uri) implements MediaSource {}

  /**
   * A model's request to call a tool.
   *
   * @param id the provider's identifier of the call. Identifiers are random, so a key has their
   *     order instead
   * @param name the tool's name
   * @param arguments the arguments, as the model wrote them
   */
  record ToolCall(String id, String name, String arguments) implements Part {}

  /**
   * The result of a tool.
   *
   * @param callId the identifier of the call
   * @param name the tool's name; empty if the provider does not repeat it
   * @param content the result, without nested tool results
   * @param attributes further members of the provider (that it is an error)
   */
  record ToolResult(String callId, String name, List<Part> content, JsonObject attributes)
      implements Part {
    public ToolResult {
      content = List.copyOf(content);
      if (content.stream().anyMatch(ToolResult.class::isInstance)) {
        throw new IllegalArgumentException("a tool result has a tool result in its content");
      }
    }
  }

  /**
   * A part of an unknown kind. All of it is in the key. None of it is compared by meaning.
   *
   * @param type the provider's name of the kind
   * @param content the whole part
   */
  record Opaque(String type, JsonObject content) implements Part {
    public Opaque {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(content, "content");
      Checks.notBlank("type of part", type);
    }
  }
}
