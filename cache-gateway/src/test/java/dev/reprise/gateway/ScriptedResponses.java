package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a model's server answers to {@code POST /v1/responses}: "tools" and "custom" a call, "json"
 * an object, "think" reasoning, "probabilities" what it says, "refuse" a refusal, "long" what was
 * cut off, "search" a search of the web; anything else an answer with the number of the call.
 */
final class ScriptedResponses {
  private ScriptedResponses() {}

  /** Returns what the last message of {@code body} asks. */
  static String asked(JsonNode body) {
    JsonNode input = body.path("input");
    if (input.isTextual()) {
      return input.textValue();
    }
    JsonNode content = input.path(input.size() - 1).path("content");
    return content.isTextual() ? content.textValue() : content.path(0).path("text").asText("");
  }

  /** Returns the whole response. */
  static ObjectNode whole(JsonNode body, String script, int number) {
    String status = script.equals("long") ? "incomplete" : "completed";
    String details = script.equals("long") ? "{\"reason\":\"max_output_tokens\"}" : "null";
    String text =
        "{\"id\":\"resp_up"
            + number
            + "\",\"object\":\"response\",\"created_at\":1700000000,\"status\":\""
            + status
            + "\",\"background\":false,\"completed_at\":1700000001,\"error\":null,\"incomplete_details\":"
            + details
            + ",\"instructions\":"
            + body.path("instructions")
            + ",\"max_output_tokens\":null,\"model\":\"scripted-1\",\"output\":["
            + output(script, number)
            + "],\"parallel_tool_calls\":true,\"previous_response_id\":null,\"prompt_cache_key\":"
            + body.path("prompt_cache_key")
            + ",\"reasoning\":{\"effort\":null,\"summary\":null},\"service_tier\":\"default\",\"store\":"
            + body.path("store").asBoolean(true)
            + ",\"temperature\":0.0,\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"},"
            + "\"tool_choice\":\"auto\",\"tools\":[],\"top_logprobs\":0,\"top_p\":1.0,\"truncation\":\"disabled\","
            + "\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":4,"
            + "\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":13},\"user\":null,\"metadata\":{}}";
    try {
      // What the body does not have is null in the answer.
      return (ObjectNode) Json.read(text.replace(":,", ":null,"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String output(String script, int number) {
    return switch (script) {
      case "tools" ->
          "{\"id\":\"fc_1\",\"type\":\"function_call\",\"status\":\"completed\",\"arguments\":\"{\\\"city\\\": \\\"Paris, France\\\"}\",\"call_id\":\"call_1\",\"name\":\"weather\"}";
      case "custom" ->
          "{\"id\":\"ctc_1\",\"type\":\"custom_tool_call\",\"status\":\"completed\",\"call_id\":\"call_1\",\"input\":\"two plus two\",\"name\":\"reckon\"}";
      case "json" -> message("{\\\"city\\\":\\\"Paris\\\",\\\"people\\\":2}", "[]");
      case "think" ->
          "{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Two and two\"},{\"type\":\"summary_text\",\"text\":\"are four\"}],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"It is so.\"}],\"encrypted_content\":\"gAAA\"},"
              + message("Four.", "[]");
      case "probabilities" ->
          message(
              "Answer number " + number + ".",
              "[{\"token\":\"Answer number "
                  + number
                  + "\",\"bytes\":[65],\"logprob\":-0.10,\"top_logprobs\":[]},{\"token\":\".\",\"bytes\":[46],\"logprob\":-0.2,\"top_logprobs\":[]}]");
      case "refuse" ->
          "{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"I will not\"}]}";
      case "search" ->
          "{\"id\":\"ws_1\",\"type\":\"web_search_call\",\"status\":\"completed\",\"action\":{\"type\":\"search\",\"query\":\"q\"}},"
              + message("Found number " + number, "[]");
      default -> message("Answer number " + number + ".", "[]");
    };
  }

  private static String message(String text, String logprobs) {
    return "{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"annotations\":[{\"type\":\"url_citation\",\"start_index\":0,\"end_index\":1,\"title\":\"t\",\"url\":\"https://example.com\"}],\"logprobs\":"
        + logprobs
        + ",\"text\":\""
        + text
        + "\"}]}";
  }
}
