package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Identities;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Bodies of OpenAI's endpoints that an upstream can tell apart have different keys, or no key: see
 * {@link KeyFuzz}.
 */
class KeyFuzzTest {
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

  private static final String[] COMPLETIONS = {
    """
    {"model":"m","prompt":"Why?","max_tokens":9,"temperature":0,"n":1,"best_of":1,"echo":false}
    """,
    """
    {"model":"m","prompt":["Why?"],"suffix":"x","stop":["a","b"],"logprobs":0,"seed":7,"user":"u"}
    """,
    """
    {"model":"m","prompt":["Why?","How?"],"presence_penalty":0,"frequency_penalty":0,"logit_bias":{"50256":-100}}
    """,
    """
    {"model":"m","prompt":[1,2,3],"stream":false,"stream_options":{"include_usage":true},"prompt_cache_key":"k"}
    """,
    """
    {"model":"m","prompt":[[1,2],[3]],"metadata":{"a":"b"},"min_p":0.1,"guided_json":{"type":"object"}}
    """,
  };

  @Test
  void chatBodiesThatDifferHaveDifferentKeys() throws Exception {
    KeyFuzz.fuzz("/v1/chat/completions", CHAT, ChatMapper::map, KeyFuzzTest::normal, 1);
  }

  @Test
  void responsesBodiesThatDifferHaveDifferentKeys() throws Exception {
    KeyFuzz.fuzz("/v1/responses", RESPONSES, ResponsesMapper::map, KeyFuzzTest::normal, 2);
  }

  @Test
  void completionsThatDifferHaveDifferentKeys() throws Exception {
    Identities ids = new Identities(() -> Instant.EPOCH, new Random(1));
    KeyFuzz.fuzz(
        "/v1/completions",
        COMPLETIONS,
        new CompletionsProtocol(ids)::map,
        KeyFuzzTest::normalCompletion,
        6);
  }

  // --- what is the same -------------------------------------------------------------------------

  private static String normalCompletion(ObjectNode body) {
    ObjectNode same = body.deepCopy();
    same.remove(List.of("stream", "stream_options", "prompt_cache_key"));
    KeyFuzz.dropDefaults(same);
    if (same.path("prompt").size() == 1 && same.path("prompt").path(0).isTextual()) {
      same.set("prompt", same.path("prompt").get(0));
    }
    return KeyFuzz.write(same);
  }

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
    same.path("tools").forEach(KeyFuzz::plainTool);
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
    return KeyFuzz.write(same);
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
}
