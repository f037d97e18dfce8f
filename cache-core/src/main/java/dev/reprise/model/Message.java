package dev.reprise.model;

import java.util.List;
import java.util.Objects;

/**
 * One message of a conversation.
 *
 * @param role the role of the author
 * @param parts the content, in order
 * @param attributes further members of the provider (a name, thinking, a refusal)
 */
public record Message(Role role, List<Part> parts, JsonObject attributes) {
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(parts, "parts");
    Objects.requireNonNull(attributes, "attributes");
    parts = List.copyOf(parts);
  }

  /** Returns a system message of one text. */
  public static Message system(String text) {
    return of(Role.SYSTEM, text);
  }

  /** Returns a user message of one text. */
  public static Message user(String text) {
    return of(Role.USER, text);
  }

  /** Returns an assistant message of one text. */
  public static Message assistant(String text) {
    return of(Role.ASSISTANT, text);
  }

  /** Returns a message of one text. */
  public static Message of(Role role, String text) {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(text, "text");
    return new Message(role, List.of(new Part.Text(text)), JsonObject.empty());
  }
}
