package dev.reprise.gateway.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.protocol.openai.KeyFuzz;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@link KeyFuzz} for Anthropic's messages. */
class MessagesKeyFuzzTest {
  private static final String[] MESSAGES = {
    """
    {"model":"m","max_tokens":9,"temperature":0,"system":"Be brief.","messages":[{"role":"user","content":"Why?"}]}
    """,
    """
    {"model":"m","max_tokens":9,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],
     "messages":[{"role":"user","content":[{"type":"text","text":"K \\u00e9"}]}],"stop_sequences":["x"],"top_k":3,
     "metadata":{"user_id":"u"},"thinking":{"type":"disabled"},"service_tier":"auto"}
    """,
    """
    {"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"See","citations":[]},
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"SGVsbG8="}},
      {"type":"image","source":{"type":"url","url":"https://x.example/1"}},
      {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"SGVsbG8="},"title":"t",
       "citations":{"enabled":true},"cache_control":{"type":"ephemeral"}},
      {"type":"document","source":{"type":"text","media_type":"text/plain","data":"a"}}]}],"thinking":{"type":"enabled","budget_tokens":7}}
    """,
    """
    {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Weather?"},
      {"role":"assistant","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"t1","name":"w","input":{"a":1}},
        {"type":"tool_use","id":"t2","name":"v","input":{}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"12"},
        {"type":"tool_result","tool_use_id":"t2","is_error":false,"content":[{"type":"text","text":"13"},
          {"type":"image","source":{"type":"base64","media_type":"image/png","data":"SGVs"}}]}]}],
     "tools":[{"name":"w","input_schema":{"type":"object"}},{"type":"custom","name":"v","input_schema":{},"cache_control":{"type":"ephemeral"}}],
     "tool_choice":{"type":"auto"}}
    """,
    """
    {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Why?"},
      {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"So."}]},
      {"role":"user","content":[{"type":"text","text":"And?"},{"type":"search_result","source":"s","title":"t","content":[]}]}],
     "tool_choice":{"type":"tool","name":"w","disable_parallel_tool_use":true},
     "tools":[{"type":"bash_20250124","name":"bash"}]}
    """,
  };

  @Test
  void messagesThatDifferHaveDifferentKeys() throws Exception {
    KeyFuzz.fuzz("/v1/messages", MESSAGES, MessagesMapper::map, MessagesKeyFuzzTest::normal, 7);
  }

  private static String normal(ObjectNode body) {
    ObjectNode same = body.deepCopy();
    same.remove(List.of("stream", "cache_control"));
    KeyFuzz.dropDefaults(same);
    for (JsonNode tool : same.path("tools")) {
      if (tool instanceof ObjectNode object) {
        object.remove("cache_control");
        // Anthropic documents both as what a tool without a type is.
        if (object.path("type").isNull() || object.path("type").asText("").equals("custom")) {
          object.remove("type");
        }
      }
    }
    if (same.path("tools").isArray() && same.path("tools").isEmpty()) {
      same.remove("tools");
    }
    Map<String, Integer> calls = new HashMap<>();
    content(same, "system", calls);
    for (JsonNode message : same.path("messages")) {
      if (message instanceof ObjectNode object) {
        content(object, "content", calls);
      }
    }
    return KeyFuzz.write(same);
  }

  private static void content(ObjectNode holder, String name, Map<String, Integer> calls) {
    JsonNode content = holder.path(name);
    for (JsonNode each : content) {
      if (!(each instanceof ObjectNode block)) {
        continue;
      }
      block.remove("cache_control");
      for (String id : List.of("id", "tool_use_id")) {
        if (block.path(id).isTextual()) {
          block.put(id, calls.computeIfAbsent(block.path(id).textValue(), unused -> calls.size()));
        }
      }
      if (block.path("type").asText("").equals("tool_result")) {
        JsonNode error = block.path("is_error");
        if (error.isNull() || (error.isBoolean() && !error.booleanValue())) {
          block.remove("is_error");
        }
        content(block, "content", calls);
      }
    }
    if (content.isArray() && content.size() == 1 && content.get(0) instanceof ObjectNode only) {
      ObjectNode bare = only.deepCopy();
      for (String list : List.of("annotations", "logprobs", "citations")) {
        JsonNode value = bare.path(list);
        if (value.isNull() || (value.isArray() && value.isEmpty())) {
          bare.remove(list);
        }
      }
      if (bare.size() == 2
          && bare.path("type").asText("").equals("text")
          && bare.path("text").isTextual()) {
        holder.set(name, bare.get("text"));
      }
    }
  }
}
