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
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Bodies that an upstream can tell apart have different keys, or no key. Random bodies are changed
 * at random; the test's own normal form tells which of them are the same. {@code -Dreprise.fuzz=N}
 * sets how many there are.
 */
class KeyFuzzTest {
  private static final int COUNT = Integer.getInteger("reprise.fuzz", 20_000);

  private static final CallContext CONTEXT =
      new CallContext(
          Scope.of("s"),
          "http://up/v1",
          "",
          "",
          Map.of(),
          UseCase.QUESTION,
          CacheControl.DEFAULT,
          List.of());

  private static final String[] CHAT = {
    """
    {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"}]}
    """,
    """
    {"model":"m","temperature":0,"n":1,"top_p":1,"stop":"x","logit_bias":{},"response_format":{"type":"text"},
     "messages":[{"role":"user","content":[{"type":"text","text":"Why?"}]}],"user":"u","seed":7}
    """,
    """
    {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"See"},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,SGVsbG8=","detail":"low"}},
      {"type":"image_url","image_url":{"url":"https://x.example/a.png"}},
      {"type":"input_audio","input_audio":{"data":"SGVsbG8=","format":"wav"}},
      {"type":"file","file":{"file_data":"data:text/plain,SGVsbG8=","filename":"a.txt"}}]}]}
    """,
    """
    {"model":"m","messages":[{"role":"user","content":"Weather?"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"w","arguments":"{}"}},
        {"id":"c2","type":"function","function":{"name":"w","arguments":"{\\"a\\":1}"}}]},
      {"role":"tool","tool_call_id":"c1","content":"12"},{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"13"}]}],
     "tools":[{"type":"function","function":{"name":"w","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}],
     "tool_choice":"auto"}
    """,
    """
    {"model":"m","messages":[{"role":"assistant","content":[],"tool_calls":[{"type":"tool_call","x":1}]},
      {"role":"user","content":"K \\u00e9","name":"n"}],
     "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}}
    """,
  };

  private static final String[] RESPONSES = {
    """
    {"model":"m","input":"Why?","instructions":"Be brief.","text":{"format":{"type":"text"}},"include":[]}
    """,
    """
    {"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"See"},
      {"type":"input_image","image_url":"data:image/png;base64,SGVsbG8=","detail":"low"},
      {"type":"input_file","filename":"a","file_data":"data:text/plain,SGVsbG8="},
      {"type":"input_audio","input_audio":{"data":"SGVsbG8=","format":"wav"}}]}],"top_p":1,"store":false}
    """,
    """
    {"model":"m","input":[{"type":"message","role":"user","content":"Weather?"},
      {"type":"function_call","call_id":"c1","id":"fc_1","name":"w","arguments":"{}","status":"completed"},
      {"type":"function_call_output","call_id":"c1","output":"12"},
      {"type":"message","role":"assistant","id":"msg_1","content":[{"type":"output_text","text":"12","annotations":[]}]},
      {"type":"reasoning","id":"rs_1","summary":[]},{"role":"user","content":"And now?"}],
     "tools":[{"type":"function","name":"w","parameters":{"type":"object"}}]}
    """,
  };

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

  @Test
  void chatBodiesThatDifferHaveDifferentKeys() throws Exception {
    fuzz(CHAT, ChatMapper::map, KeyFuzzTest::normal, 1);
  }

  @Test
  void responsesBodiesThatDifferHaveDifferentKeys() throws Exception {
    fuzz(RESPONSES, ResponsesMapper::map, KeyFuzzTest::normal, 2);
  }

  /**
   * Changes bodies at random, and compares their keys.
   *
   * @param normal returns what is the same for bodies that an upstream cannot tell apart
   */
  static void fuzz(
      String[] bodies,
      BiFunction<ObjectNode, CallContext, CacheRequest> mapper,
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
      String key = key(body, mapper);
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
  }

  private static String digest(String text) {
    return Integer.toHexString(text.hashCode()) + text.length();
  }

  private static String key(
      ObjectNode body, BiFunction<ObjectNode, CallContext, CacheRequest> mapper) {
    try {
      return Canonicalizer.exactKey(mapper.apply(body, CONTEXT)).hex();
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

  // --- what is the same -------------------------------------------------------------------------

  /** Returns {@code body} without what docs/KEY.md and docs/GATEWAY.md call neutral. */
  private static String normal(ObjectNode body) {
    ObjectNode same = body.deepCopy();
    same.remove(List.of("stream", "stream_options", "prompt_cache_key", "prompt_cache_retention"));
    if (same.has("messages")) {
      same.remove("cache_control");
      same.path("tools").forEach(KeyFuzzTest::unmark);
    }
    if (Set.of("\"auto\"", "{\"type\":\"auto\"}").contains(Json.text(same.path("tool_choice")))) {
      same.remove("tool_choice");
    }
    for (String name : List.of("n", "top_p")) {
      if (same.path(name).isNumber() && same.path(name).asDouble() == 1) {
        same.remove(name);
      }
    }
    if (Json.text(same.path("response_format")).equals("{\"type\":\"text\"}")) {
      same.remove("response_format");
    }
    if (Set.of("{}", "{\"format\":{\"type\":\"text\"}}").contains(Json.text(same.path("text")))) {
      same.remove("text");
    }
    for (String name :
        List.of(
            "logit_bias", "include", "tools", "stop", "functions", "metadata", "stop_sequences")) {
      if (same.path(name).isContainerNode() && same.path(name).isEmpty()) {
        same.remove(name);
      }
    }
    if (same.path("logprobs").isBoolean() && !same.path("logprobs").booleanValue()) {
      same.remove("logprobs");
    }
    if (same.path("service_tier").asText("").equals("auto")) {
      same.remove("service_tier");
    }
    if (same.path("stop").isTextual()) {
      String only = same.path("stop").textValue();
      same.putArray("stop").add(only);
    }
    List<String> absent = new ArrayList<>();
    same.properties()
        .forEach(
            member -> {
              if (member.getValue().isNull()) {
                absent.add(member.getKey());
              }
            });
    absent.forEach(same::remove);
    if (same.path("store").isBoolean() && same.path("store").booleanValue() == same.has("input")) {
      same.remove("store");
    }
    boolean hasTools = !same.path("tools").isEmpty() || !same.path("functions").isEmpty();
    if (!hasTools && same.path("tool_choice").asText("").equals("none")) {
      same.remove("tool_choice");
    }
    if (same.path("reasoning").isObject() && same.path("reasoning").isEmpty()) {
      same.remove("reasoning");
    }
    if (Json.text(same.path("thinking")).equals("{\"type\":\"disabled\"}")) {
      same.remove("thinking");
    }
    same.path("tools").forEach(KeyFuzzTest::plainTool);
    if (same.path("input").isTextual()) {
      String only = same.path("input").textValue();
      same.putArray("input").addObject().put("role", "user").put("content", only);
    }
    Map<String, Integer> calls = new HashMap<>();
    for (String list : List.of("messages", "input")) {
      for (JsonNode message : same.path(list)) {
        if (message instanceof ObjectNode object) {
          normal(object, list.equals("input"), calls);
        }
      }
    }
    return write(same);
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

  /** "auto" is how closely a picture is looked at. */
  private static void plainPicture(JsonNode part) {
    for (JsonNode at : List.of(part, part.path("image_url"))) {
      if (at instanceof ObjectNode object && object.path("detail").asText("").equals("auto")) {
        object.remove("detail");
      }
    }
  }

  private static void unmark(JsonNode marked) {
    if (marked instanceof ObjectNode object) {
      object.remove("cache_control");
    }
  }

  private static void normal(ObjectNode message, boolean isItem, Map<String, Integer> calls) {
    if (!isItem) {
      unmark(message);
      message.path("content").forEach(KeyFuzzTest::unmark);
      for (String name : List.of("name", "refusal", "audio", "function_call", "annotations")) {
        JsonNode value = message.path(name);
        if (value.isNull() || (value.isArray() && value.isEmpty())) {
          message.remove(name);
        }
      }
    }
    message.path("content").forEach(KeyFuzzTest::plainPicture);
    if (message.path("content").isNull() && !isItem) {
      message.remove("content");
    }
    if (message.path("tool_calls").isNull()
        || (message.path("tool_calls").isArray() && message.path("tool_calls").isEmpty())) {
      message.remove("tool_calls");
    }
    if (isItem) {
      if (message.path("type").asText("").equals("message")) {
        message.remove("type");
      }
      boolean isReasoning = message.path("type").asText("").equals("reasoning");
      if (!isReasoning) {
        message.remove("id");
      }
      if (message.path("status").asText("").equals("completed")) {
        message.remove("status");
      }
    }
    for (JsonNode part : message.path("content")) {
      if (isItem && part instanceof ObjectNode object) {
        for (String name : List.of("annotations", "logprobs")) {
          JsonNode list = object.path(name);
          if (object.path("text").isTextual()
              && (list.isNull() || (list.isArray() && list.isEmpty()))) {
            object.remove(name);
          }
        }
      }
    }
    JsonNode content = message.path("content");
    if (content.isArray()
        && content.size() == 1
        && content.get(0) instanceof ObjectNode only
        && only.path("text").isTextual()) {
      for (String name : List.of("annotations", "logprobs", "citations")) {
        JsonNode list = only.path(name);
        boolean isNothing = list.isNull() || (list.isArray() && list.isEmpty());
        if (isNothing && only.size() == 3) {
          only.remove(name);
        }
      }
    }
    boolean isAssistant = message.path("role").asText("").equals("assistant");
    String type = isItem ? isAssistant ? "output_text" : "input_text" : "text";
    if (content.isArray()
        && content.size() == 1
        && content.get(0).size() == 2
        && content.get(0).path("type").asText("").equals(type)
        && content.get(0).path("text").isTextual()) {
      message.set("content", content.get(0).get("text"));
    }
    for (JsonNode call : message.path("tool_calls")) {
      if (call instanceof ObjectNode object && object.path("id").isTextual()) {
        object.put("id", number(calls, object.path("id").textValue()));
      }
    }
    for (String name : List.of("tool_call_id", "call_id")) {
      if (message.path(name).isTextual()) {
        message.put(name, number(calls, message.path(name).textValue()));
      }
    }
  }

  private static int number(Map<String, Integer> calls, String id) {
    return calls.computeIfAbsent(id, unused -> calls.size());
  }

  /** Writes a tree with sorted members and numbers by their value. */
  static String write(JsonNode node) {
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
