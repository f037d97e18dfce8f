package dev.reprise.gateway.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.key.internal.UncanonicalException;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes random bodies at random, and holds that those which an upstream can tell apart have
 * different keys, or no key. A normal form, which each test has of its own, tells which of them are
 * the same. {@code -Dreprise.fuzz=N} sets how many there are.
 */
public final class KeyFuzz {
  private static final int COUNT = Integer.getInteger("reprise.fuzz", 20_000);

  /** The context of every body. */
  public static final CallContext CONTEXT =
      new CallContext(
          Scope.of("s"),
          "http://up/v1",
          "",
          "",
          Map.of(),
          UseCase.QUESTION,
          CacheControl.DEFAULT,
          List.of());

  private static final String[] NAMES = {
    "a",
    "a.b",
    "image_url.detail",
    "detail",
    "name",
    "tool_calls",
    "content",
    "@content",
    "@path",
    "text",
    "type",
    "url",
    "metadata",
    "user",
    "cache_control",
    "input_audio.format",
    "function",
    "id",
    "index",
    "temperature",
    "seed",
    "tool_choice"
  };

  private static final String[] LETTERS = {
    "a", "A", "\u00e9", "e\u0301", "\u212a", "K", " ", "\n", "\u200b", "\uf900", "\u8c48", "\"",
    "\\", ",", ";", "1", "\ufb01"
  };

  private KeyFuzz() {}

  /**
   * Changes bodies at random, and compares their keys.
   *
   * @param what is named in the count that is printed
   * @param normal returns what is the same for bodies that an upstream cannot tell apart
   */
  public static void fuzz(
      String what,
      String[] bodies,
      BiFunction<ObjectNode, CallContext, CacheRequest> mapper,
      Function<ObjectNode, String> normal,
      long seed)
      throws IOException {
    fuzzKeys(
        what,
        bodies,
        body -> Canonicalizer.exactKey(mapper.apply(body, CONTEXT)).hex(),
        normal,
        seed);
  }

  /**
   * Changes bodies at random, and compares their keys.
   *
   * @param keys returns the key of a body in hexadecimal digits, or throws that it has none
   */
  public static void fuzzKeys(
      String what,
      String[] bodies,
      Function<ObjectNode, String> keys,
      Function<ObjectNode, String> normal,
      long seed)
      throws IOException {
    Random random = new Random(seed);
    Map<Long, String> known = new HashMap<>();
    int mapped = 0;
    for (int i = 0; i < COUNT; i++) {
      ObjectNode body = (ObjectNode) Json.read(bodies[random.nextInt(bodies.length)]);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        changeSomewhere(body, random);
      }
      String key = key(body, keys);
      if (key == null) {
        continue;
      }
      mapped++;
      String form = COUNT > 50_000 ? digest(normal.apply(body)) : normal.apply(body);
      String before = known.putIfAbsent(Long.parseUnsignedLong(key.substring(0, 16), 16), form);
      assertThat(before == null || before.equals(form))
          .as("another body, %s, has the key of %s", before, Json.text(body))
          .isTrue();
    }
    // Most changes are still a request: else the test would look at nothing.
    assertThat(mapped).isGreaterThan(COUNT / 3);
    assertThat(known).hasSizeGreaterThan(COUNT / 6);
    System.out.printf(
        "%s: %d changed bodies, %d with a key, %d keys, 0 shared by bodies that differ%n",
        what, COUNT, mapped, known.size());
  }

  private static String digest(String text) {
    return Integer.toHexString(text.hashCode()) + text.length();
  }

  private static @Nullable String key(ObjectNode body, Function<ObjectNode, String> keys) {
    try {
      return keys.apply(body);
    } catch (UnmappableException | UncanonicalException e) {
      return null;
    }
  }

  // --- changes ----------------------------------------------------------------------------------

  private static void changeSomewhere(ObjectNode body, Random random) {
    List<JsonNode> nodes = new ArrayList<>();
    collect(body, nodes);
    JsonNode node = nodes.get(random.nextInt(nodes.size()));
    if (node instanceof ObjectNode object) {
      change(object, random);
    } else {
      change((ArrayNode) node, random);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.isContainerNode()) {
      into.add(node);
      node.forEach(inner -> collect(inner, into));
    }
  }

  private static void change(ObjectNode object, Random random) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    String name = names.isEmpty() ? "" : names.get(random.nextInt(names.size()));
    switch (names.isEmpty() ? 0 : random.nextInt(8)) {
      case 0 -> object.set(NAMES[random.nextInt(NAMES.length)], value(random));
      case 1 -> object.remove(name);
      case 2 -> {
        JsonNode moved = object.remove(name);
        object.set(NAMES[random.nextInt(NAMES.length)], moved);
      }
      case 3 -> {
        if (object.get(name) instanceof ObjectNode inner && !inner.isEmpty()) {
          String first = inner.fieldNames().next();
          object.set(name + "." + first, inner.remove(first));
        }
      }
      case 4 -> object.set(name, Json.object().arrayNode().add(object.get(name)));
      case 5 -> object.set(name, value(random));
      default -> object.set(name, other(object.get(name), random));
    }
  }

  private static void change(ArrayNode array, Random random) {
    if (array.isEmpty()) {
      array.add(value(random));
      return;
    }
    int at = random.nextInt(array.size());
    switch (random.nextInt(5)) {
      case 0 -> array.insert(at, array.get(at).deepCopy());
      case 1 -> array.remove(at);
      case 2 -> array.add(array.remove(at));
      case 3 -> array.insert(at, value(random));
      default -> array.set(at, other(array.get(at), random));
    }
  }

  private static JsonNode value(Random random) {
    ObjectNode holder = Json.object();
    switch (random.nextInt(9)) {
      case 0 -> holder.putNull("v");
      case 1 -> holder.put("v", random.nextInt(3));
      case 2 -> holder.put("v", random.nextInt(3) / 2.0);
      case 3 -> holder.put("v", random.nextBoolean());
      case 4 -> holder.putObject("v");
      case 5 -> holder.putArray("v");
      case 6 -> holder.putObject("v").put(NAMES[random.nextInt(NAMES.length)], 1);
      default -> holder.put("v", LETTERS[random.nextInt(LETTERS.length)]);
    }
    return holder.get("v");
  }

  private static JsonNode other(JsonNode node, Random random) {
    ObjectNode holder = Json.object();
    if (node.isTextual()) {
      String text = node.textValue();
      int at = random.nextInt(text.length() + 1);
      String letter = LETTERS[random.nextInt(LETTERS.length)];
      holder.put(
          "v",
          switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + letter + text.substring(at);
            case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1));
            case 2 -> text.replace("K", "\u212a").replace("\u00e9", "e\u0301");
            default -> text.endsWith("=") ? text.substring(0, text.length() - 1) : text + letter;
          });
      return holder.get("v");
    }
    return node.isNumber()
        ? holder.put("v", node.asInt() + 1).get("v")
        : node.isBoolean() ? holder.put("v", !node.booleanValue()).get("v") : value(random);
  }

  /** Drops members of a body that say what holds without them, and those that are null. */
  public static void dropDefaults(ObjectNode body) {
    boolean hasTools = !body.path("tools").isEmpty() || !body.path("functions").isEmpty();
    List<String> defaults = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      JsonNode value = member.getValue();
      String text = Json.text(value);
      boolean isDefault =
          switch (member.getKey()) {
            case "n", "top_p", "best_of" -> value.isNumber() && value.asDouble() == 1;
            case "presence_penalty", "frequency_penalty", "top_logprobs" ->
                value.isNumber() && value.asDouble() == 0;
            case "logprobs", "echo", "background" -> text.equals("false");
            case "tool_choice", "function_call" ->
                text.equals("\"auto\"")
                    || text.equals("{\"type\":\"auto\"}")
                    || (!hasTools && text.equals("\"none\""));
            case "parallel_tool_calls" -> text.equals("true") || (!hasTools && value.isBoolean());
            case "thinking" -> text.equals("{\"type\":\"disabled\"}");
            case "store" -> text.equals("false");
            case "truncation" -> text.equals("\"disabled\"");
            case "encoding_format" -> text.equals("\"float\"");
            case "service_tier" -> text.equals("\"auto\"");
            case "metadata", "logit_bias", "reasoning" -> text.equals("{}");
            case "stop", "functions", "stop_sequences", "mcp_servers", "include" ->
                text.equals("[]");
            case "response_format" -> text.equals("{\"type\":\"text\"}");
            case "text" -> text.equals("{}") || text.equals("{\"format\":{\"type\":\"text\"}}");
            default -> false;
          };
      if (isDefault || value.isNull()) {
        defaults.add(member.getKey());
      }
    }
    body.remove(defaults);
    if (body.path("stop").isTextual()) {
      String only = body.path("stop").textValue();
      body.putArray("stop").add(only);
    }
  }

  /** A function is not strict, and has no description, unless it says so. */
  static void plainTool(JsonNode tool) {
    if (tool.path("function") instanceof ObjectNode function) {
      for (String name : List.of("description", "parameters", "strict")) {
        JsonNode value = function.path(name);
        if (value.isNull() || (value.isBoolean() && !value.booleanValue())) {
          function.remove(name);
        }
      }
    }
  }

  /** Writes a tree with sorted members and numbers by their value. */
  public static String write(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, String> members = new TreeMap<>();
      node.properties().forEach(m -> members.put(m.getKey(), write(m.getValue())));
      return members.toString();
    }
    if (node.isArray()) {
      List<String> elements = new ArrayList<>();
      node.forEach(element -> elements.add(write(element)));
      return elements.toString();
    }
    return node.isNumber()
        ? node.decimalValue().stripTrailingZeros().toPlainString()
        : Json.text(node);
  }
}
