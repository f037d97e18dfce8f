package dev.reprise.gateway.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which members of a body and which headers of a request do not divide answers. Immutable.
 *
 * @param members paths of members of a body, as {@code user} or {@code metadata.trace_id}
 * @param headers names of headers in lower case; {@code *} at the end stands for any characters
 */
public record Neutral(List<String> members, List<String> headers) {
  /** Nothing but what is built in. */
  static final Neutral BUILT_IN = new Neutral(List.of(), List.of());

  /** What is asked. */
  private static final Set<String> ESSENTIAL =
      Set.of(
          "model",
          "messages",
          "input",
          "instructions",
          "prompt",
          "system",
          "contents",
          "systemInstruction",
          "tools");

  /** What an answer of a model has, and says nothing where it is empty. */
  private static final List<String> EMPTY_LISTS = List.of("annotations", "logprobs", "citations");

  public Neutral {
    for (String member : members) {
      Checks.notBlank("neutral member", member);
      if (ESSENTIAL.contains(member.split("\\.", 2)[0])) {
        throw new IllegalArgumentException(
            "member \"" + member + "\" is what is asked; it cannot be neutral");
      }
    }
    members = List.copyOf(members);
    List<String> names = new ArrayList<>();
    for (String header : headers) {
      String name = Checks.notBlank("neutral header", header).toLowerCase(Locale.ROOT).strip();
      if (name.equals("*") || Credentials.isOne(name) || IdentityHeaders.have(name)) {
        throw new IllegalArgumentException(
            "header \"" + header + "\" tells who asks; it cannot be neutral");
      }
      names.add(name);
    }
    headers = List.copyOf(names);
  }

  /** Returns whether the header {@code name}, in lower case, does not divide answers. */
  public boolean hasHeader(String name) {
    if (IdentityHeaders.have(name)) {
      return false;
    }
    return NeutralHeaders.have(name) || headers.stream().anyMatch(header -> fits(header, name));
  }

  private static boolean fits(String header, String name) {
    return header.endsWith("*")
        ? name.startsWith(header.substring(0, header.length() - 1))
        : name.equals(header);
  }

  /** Returns {@code body} without its neutral members; itself where it has none. */
  @SuppressWarnings("ReferenceEquality") // the same object was not copied yet
  public ObjectNode without(ObjectNode body) {
    ObjectNode less = body;
    for (String member : members) {
      String[] path = member.split("\\.", -1);
      if (has(less, path)) {
        less = less == body ? body.deepCopy() : less;
        remove(less, path);
      }
    }
    return less;
  }

  private static boolean has(JsonNode node, String[] path) {
    JsonNode at = node;
    for (String name : path) {
      at = at.path(name);
    }
    return !at.isMissingNode();
  }

  /** An object that is left with nothing is taken away, too. */
  private static void remove(ObjectNode node, String[] path) {
    List<ObjectNode> way = new ArrayList<>(List.of(node));
    for (int i = 0; i < path.length - 1; i++) {
      way.add((ObjectNode) way.get(i).get(path[i]));
    }
    way.get(path.length - 1).remove(path[path.length - 1]);
    for (int i = path.length - 1; i > 0 && way.get(i).isEmpty(); i--) {
      way.get(i - 1).remove(path[i - 1]);
    }
  }

  /** Returns the text of {@code content} where it is one plain part; else {@code content}. */
  public static JsonNode plain(JsonNode content, String type) {
    return content instanceof ArrayNode list && list.size() == 1 && isPlain(list.get(0), type)
        ? list.get(0).get("text")
        : content;
  }

  private static boolean isPlain(JsonNode part, String type) {
    int members = part.size();
    for (String list : EMPTY_LISTS) {
      JsonNode value = part.path(list);
      if (value.isNull() || (value.isArray() && value.isEmpty())) {
        members--;
      }
    }
    // The mark of the provider's own cache, which the Responses API does not have.
    members -= type.equals("text") && part.has("cache_control") ? 1 : 0;
    return members == 2
        && part.path("type").asText("").equals(type)
        && part.path("text").isTextual();
  }
}
