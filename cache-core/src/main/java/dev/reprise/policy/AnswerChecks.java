package dev.reprise.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/*
 * Nothing here is on the way of a hit: an answer is checked once, before it is stored.
 */
/** Decides by an answer's text whether it is worth storing. */
final class AnswerChecks {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<AnswerRule> rules;

  AnswerChecks(List<AnswerRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Returns why {@code answer} to {@code request} must not be stored; empty where it may be. */
  Optional<Reason> fault(CacheRequest request, Answer answer) {
    if (hasError(answer.payload())) {
      return Optional.of(
          new Reason(Reason.Code.INCOMPLETE, "the provider's answer has a top-level error"));
    }
    String text = answer.text().strip();
    if (answer.completion() == Completion.TOOL_CALLS || text.isEmpty()) {
      return Optional.empty();
    }
    Optional<RequestedJson> json = RequestedJson.of(request);
    if (json.isPresent()) {
      return json(json.get(), text);
    }
    if (text.length() > AnswerRule.LONGEST_TEXT) {
      return Optional.empty();
    }
    String folded = AnswerRule.fold(text);
    return rules.stream()
        .filter(rule -> text.length() <= rule.longest() && rule.isFoundIn(folded))
        .findFirst()
        .map(AnswerChecks::reason);
  }

  private static Reason reason(AnswerRule rule) {
    String why = rule.reason().isEmpty() ? "" : ": " + rule.reason();
    return new Reason(rule.code(), "the answer matches the rule '" + rule.name() + "'" + why);
  }

  private static Optional<Reason> json(RequestedJson requested, String text) {
    Optional<List<JsonNode>> values = values(text);
    if (values.isEmpty() || values.get().isEmpty()) {
      return Optional.of(
          new Reason(
              Reason.Code.INCOMPLETE,
              "the answer is not the JSON that '" + requested.parameter() + "' asks for"));
    }
    for (JsonNode value : values.get()) {
      Optional<String> fault = requested.fault(value);
      if (fault.isPresent()) {
        return fault.map(detail -> new Reason(Reason.Code.INCOMPLETE, detail));
      }
    }
    return Optional.empty();
  }

  /** Returns the JSON values that {@code text} is; several choices have one each. */
  private static Optional<List<JsonNode>> values(String text) {
    List<JsonNode> values = new ArrayList<>();
    try (MappingIterator<JsonNode> iterator =
        JSON.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (iterator.hasNextValue()) {
        values.add(iterator.nextValue());
      }
      return Optional.of(values);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns whether {@code payload} is a JSON object that has an error at its top. */
  private static boolean hasError(String payload) {
    if (!payload.startsWith("{") || !payload.contains("\"error\"")) {
      return false;
    }
    try (JsonParser parser = JSON.createParser(payload)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isError = parser.currentName().equals("error");
        JsonToken value = parser.nextToken();
        if (isError && value != JsonToken.VALUE_NULL) {
          return true;
        }
        parser.skipChildren();
      }
      return false;
    } catch (JsonProcessingException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("a string can be read", e);
    }
  }
}
