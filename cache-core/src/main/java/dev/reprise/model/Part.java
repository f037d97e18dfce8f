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
   * @param hash its hash, which stands for it in the key
   * @param mediaType its type (RFC 6838), "application/octet-stream" where it is not known
   */
  record Inline(ContentHash hash, String mediaType) implements MediaSource {}

  /**
   * A content that the provider fetches. The key knows its address only: where the content behind
   * the address can change, use a document version or a short time to live.
   *
   * @param uri the address, compared exactly
   */
  record Remote(String uri) implements MediaSource {}

  /**
   * A model's wish to have a tool called.
   *
   * @param id the provider's identifier of the call. Identifiers are random; in a key they are
   *     replaced by their order, so that what is kept is which result belongs to which call
   * @param name the tool's name
   * @param arguments the arguments, as the model wrote them
   */
  record ToolCall(String id, String name, String arguments) implements Part {}

  /**
   * What a tool answered.
   *
   * @param callId the identifier of the call that it answers
   * @param name the tool's name, empty where the provider does not repeat it
   * @param content the result; it has no tool results of its own
   * @param attributes what the provider adds to it (that it is an error)
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
   * A part that has no class of its own here; all of it is in the key, none of it is compared by
   * meaning.
   *
   * @param type what the provider calls it
   * @param content all of it
   */
  record Opaque(String type, JsonObject content) implements Part {
    public Opaque {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(content, "content");
      Checks.notBlank("type of part", type);
    }
  }
}
