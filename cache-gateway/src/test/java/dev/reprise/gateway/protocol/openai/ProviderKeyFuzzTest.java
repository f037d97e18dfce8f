package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.gemini.GeminiProtocol;
import dev.reprise.gateway.protocol.ollama.OllamaCodec;
import dev.reprise.gateway.protocol.ollama.OllamaProtocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@link KeyFuzz} for the protocols of Google and Ollama. The normal forms here may take more for
 * the same than the gateway does, and never less.
 */
class ProviderKeyFuzzTest {
  private static final Identities IDS = new Identities(() -> Instant.EPOCH, new Random(1));

  private static final String[] GEMINI = {
    """
    {"model":"m","contents":[{"role":"user","parts":[{"text":"Why?"}]}]}
    """,
    """
    {"model":"m","systemInstruction":{"role":"system","parts":[{"text":"Be brief."}]},
     "generationConfig":{"temperature":0,"candidateCount":1,"maxOutputTokens":9,"stopSequences":["x"]},
     "contents":[{"parts":[{"text":"K \\u00e9"},{"text":"a","thought":true}]}],
     "safetySettings":[{"category":"c","threshold":"t"}],"cachedContent":"c/1"}
    """,
    """
    {"model":"m","system_instruction":{"parts":[{"text":"Be brief."}]},"generation_config":{"temperature":0},
     "contents":[{"role":"user","parts":[{"text":"See"},
      {"inlineData":{"mimeType":"image/png","data":"SGVsbG8="}},
      {"inline_data":{"mime_type":"image/png","data":"SGVsbG8="}},
      {"fileData":{"mimeType":"image/png","fileUri":"https://x.example/1"}},
      {"file_data":{"file_uri":"https://x.example/1"},"videoMetadata":{"fps":1}}]}]}
    """,
    """
    {"model":"m","contents":[{"role":"user","parts":[{"text":"Weather?"}]},
      {"role":"model","parts":[{"functionCall":{"id":"c1","name":"w","args":{"a":1}}},{"functionCall":{"name":"v","args":{}}}]},
      {"role":"function","parts":[{"functionResponse":{"id":"c1","name":"w","response":{"t":12}}},
        {"functionResponse":{"name":"v","response":{"t":13}}}]}],
     "tools":[{"functionDeclarations":[{"name":"w","parameters":{"type":"OBJECT"}}]},{"function_declarations":[{"name":"v"}]}],
     "toolConfig":{"functionCallingConfig":{"mode":"AUTO"}}}
    """,
  };

  private static final String[] CHAT = {
    """
    {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"}],"stream":false}
    """,
    """
    {"model":"m","messages":[{"role":"user","content":"See","images":["SGVs","SGVt"]}],"format":"","options":{"temperature":0,"seed":7},
     "keep_alive":"5m","think":false}
    """,
    """
    {"model":"m","messages":[{"role":"user","content":"Weather?"},
      {"role":"assistant","content":"","thinking":"hm","tool_calls":[{"function":{"name":"w","arguments":{"a":1}}},
        {"id":"c2","function":{"name":"v","arguments":{}}}]},
      {"role":"tool","tool_name":"w","content":"12"},{"role":"tool","name":"v","tool_call_id":"c2","content":"13"}],
     "tools":[{"type":"function","function":{"name":"w","parameters":{"type":"object"}}}],"format":{"type":"object"}}
    """,
  };

  private static final String[] GENERATE = {
    """
    {"model":"m","prompt":"Why?","system":"","suffix":"","template":"","context":[],"raw":false}
    """,
    """
    {"model":"m","prompt":"K \\u00e9","system":"Be brief.","images":["SGVs"],"options":{"temperature":0,"stop":["x"]},"context":[1,2]}
    """,
    """
    {"model":"m","prompt":"def f(","suffix":"return","raw":true,"format":"json","keep_alive":0,"think":"high"}
    """,
  };

  @Test
  void geminisBodiesThatDifferHaveDifferentKeys() throws Exception {
    KeyFuzz.fuzz(
        "Gemini",
        GEMINI,
        new GeminiProtocol(IDS, GeminiProtocol.Delivery.WHOLE)::map,
        ProviderKeyFuzzTest::gemini,
        3);
  }

  @Test
  void ollamasChatsThatDifferHaveDifferentKeys() throws Exception {
    KeyFuzz.fuzz(
        "/api/chat",
        CHAT,
        new OllamaProtocol(IDS, OllamaCodec.Call.CHAT)::map,
        ProviderKeyFuzzTest::ollama,
        4);
  }

  @Test
  void ollamasPromptsThatDifferHaveDifferentKeys() throws Exception {
    KeyFuzz.fuzz(
        "/api/generate",
        GENERATE,
        new OllamaProtocol(IDS, OllamaCodec.Call.GENERATE)::map,
        ProviderKeyFuzzTest::ollama,
        5);
  }

  // --- Gemini -----------------------------------------------------------------------------------

  private static String gemini(ObjectNode body) {
    ObjectNode same = body.deepCopy();
    rename(same, "generation_config", "generationConfig");
    rename(same, "system_instruction", "systemInstruction");
    inCamelCase(same);
    if (same.path("generationConfig") instanceof ObjectNode config) {
      inCamelCase(config);
      if (config.path("candidateCount").asInt() == 1 && config.path("candidateCount").isInt()) {
        config.remove("candidateCount");
      }
      dropNothing(config);
      dropEmpty(same, "generationConfig");
    }
    dropNothing(same);
    if (same.path("systemInstruction") instanceof ObjectNode system) {
      system.remove("role");
      system.path("parts").forEach(part -> part(part, new HashMap<>()));
    }
    ArrayNode functions = Json.object().arrayNode();
    for (JsonNode tool : same.path("tools")) {
      for (String name : List.of("functionDeclarations", "function_declarations")) {
        tool.path(name).forEach(functions::add);
      }
    }
    same.remove("tools");
    same.set("tools", functions);
    Map<String, Integer> calls = new HashMap<>();
    for (JsonNode content : same.path("contents")) {
      if (content instanceof ObjectNode object) {
        if (object.path("role").asText("user").equals("user")) {
          object.put("role", "user");
        }
        object.path("parts").forEach(part -> part(part, calls));
      }
    }
    return KeyFuzz.write(same);
  }

  /** Drops what protocol buffers take for nothing, and defaults. */
  private static void dropNothing(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode value = object.path(name);
      String text = Json.text(value);
      boolean isDefault =
          switch (name) {
            case "responseMimeType" -> text.equals("\"text/plain\"");
            case "responseModalities" -> text.equals("[\"TEXT\"]");
            case "labels" -> text.equals("{}");
            case "toolConfig" ->
                text.equals("{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}")
                    || text.equals("{\"function_calling_config\":{\"mode\":\"AUTO\"}}");
            default -> false;
          };
      if (value.isNull() || (value.isArray() && value.isEmpty()) || isDefault) {
        object.remove(name);
      }
    }
  }

  /** Google reads names in both cases. */
  private static void inCamelCase(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      String camel =
          Pattern.compile("(?<!^)_([a-z])")
              .matcher(name)
              .replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
      if (!name.equals(camel)) {
        rename(object, name, camel);
      }
    }
  }

  private static void part(JsonNode part, Map<String, Integer> calls) {
    if (!(part instanceof ObjectNode object)) {
      return;
    }
    rename(object, "function_call", "functionCall");
    rename(object, "function_response", "functionResponse");
    rename(object, "inline_data", "inlineData");
    rename(object, "file_data", "fileData");
    for (String name : List.of("inlineData", "fileData")) {
      if (object.path(name) instanceof ObjectNode inner) {
        rename(inner, "mime_type", "mimeType");
        rename(inner, "file_uri", "fileUri");
      }
    }
    for (String name : List.of("functionCall", "functionResponse")) {
      if (object.path(name) instanceof ObjectNode call) {
        number(call, "id", call.path("name").asText(), calls);
      }
    }
  }

  // --- Ollama -----------------------------------------------------------------------------------

  private static String ollama(ObjectNode body) {
    ObjectNode same = body.deepCopy();
    same.remove(List.of("stream", "keep_alive"));
    if (same.path("model").isTextual()) {
      same.put("model", same.path("model").textValue().replaceAll(":latest$", ""));
    }
    same.path("tools").forEach(KeyFuzz::plainTool);
    List<String> nulls = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : same.properties()) {
      if (member.getValue().isNull()) {
        nulls.add(member.getKey());
      }
    }
    same.remove(nulls);
    for (JsonNode tool : same.path("tools")) {
      if (tool instanceof ObjectNode object) {
        object.remove("cache_control");
      }
    }
    if (same.path("options") instanceof ObjectNode options) {
      dropNull(options, "temperature");
      dropEmpty(same, "options");
    }
    for (String name :
        List.of(
            "options",
            "format",
            "suffix",
            "template",
            "context",
            "raw",
            "logprobs",
            "top_logprobs",
            "tools",
            "system",
            "images")) {
      JsonNode value = same.path(name);
      boolean saysNothing =
          value.isNull()
              || (value.isTextual() && value.textValue().isEmpty())
              || (value.isContainerNode() && value.isEmpty())
              || (value.isBoolean() && !value.booleanValue());
      if (saysNothing) {
        same.remove(name);
      }
    }
    Map<String, Integer> calls = new HashMap<>();
    for (JsonNode node : same.path("messages")) {
      if (node instanceof ObjectNode message) {
        message(message, calls);
      }
    }
    return KeyFuzz.write(same);
  }

  private static void message(ObjectNode message, Map<String, Integer> calls) {
    if (!message.has("content")) {
      message.put("content", "");
    }
    for (String name : List.of("tool_calls", "images")) {
      dropNull(message, name);
      dropEmpty(message, name);
    }
    for (JsonNode call : message.path("tool_calls")) {
      if (call instanceof ObjectNode object) {
        number(object, "id", object.path("function").path("name").asText(), calls);
      }
    }
    if (message.path("role").asText().equals("tool")) {
      rename(message, "name", "tool_name");
      if (!message.has("tool_name")) {
        message.put("tool_name", "");
      }
      number(message, "tool_call_id", message.path("tool_name").asText(), calls);
    }
  }

  // --- both -------------------------------------------------------------------------------------

  /** What has no identifier is known by its name. */
  private static void number(
      ObjectNode object, String member, String name, Map<String, Integer> calls) {
    JsonNode id = object.path(member);
    if (id.isMissingNode() || id.isTextual()) {
      String known = id.isTextual() ? "id " + id.textValue() : "name " + name;
      object.put(member, calls.computeIfAbsent(known, unused -> calls.size()));
    }
  }

  private static void rename(ObjectNode object, String from, String to) {
    if (object.has(from) && !object.has(to)) {
      object.set(to, object.remove(from));
    }
  }

  private static void dropNull(ObjectNode object, String name) {
    if (object.path(name).isNull()) {
      object.remove(name);
    }
  }

  private static void dropEmpty(ObjectNode object, String name) {
    JsonNode value = object.path(name);
    if (value.isContainerNode() && value.isEmpty()) {
      object.remove(name);
    }
  }
}
