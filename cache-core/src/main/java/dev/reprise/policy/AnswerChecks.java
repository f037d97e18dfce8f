package dev.reprise.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
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

  /** The tags between which models write their reasoning. */
  private static final List<String> REASONING = List.of("think", "thinking", "reasoning");

  /** The kind of rules whose answers are honest where the request names them: "or say null". */
  private static final String NOTHING = "nothing";

  private final List<AnswerRule> rules;

  AnswerChecks(List<AnswerRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Returns why {@code answer} to {@code request} must not be stored; empty where it may be. */
  Optional<Reason> fault(CacheRequest request, Answer answer) {
    if (ReportedError.isIn(answer.payload())) {
      return incomplete("the provider's answer has an error in it");
    }
    String text = answer.text().strip();
    if (answer.completion() == Completion.TOOL_CALLS || text.isEmpty()) {
      return Optional.empty();
    }
    Optional<RequestedJson> json = RequestedJson.of(request);
    if (json.isPresent()) {
      return json(json.get(), text);
    }
    Optional<ConstrainedText> constrained = ConstrainedText.of(request);
    if (constrained.isPresent()) {
      boolean isOne = !RequestedJson.isSeveral(request.parameters().values());
      return constrained
          .get()
          .fault(text, isOne)
          .map(detail -> new Reason(Reason.Code.INCOMPLETE, detail));
    }
    Optional<String> said = said(text);
    if (said.isEmpty()) {
      return incomplete("the answer ends while the model still reasons");
    }
    return byRules(request, said.get());
  }

  private Optional<Reason> byRules(CacheRequest request, String text) {
    if (text.length() > AnswerRule.LONGEST_TEXT) {
      return Optional.empty();
    }
    String folded = AnswerRule.fold(text);
    return rules.stream()
        .filter(rule -> text.length() <= rule.longest() && rule.isFoundIn(folded))
        .findFirst()
        .filter(rule -> !(rule.kind().equals(NOTHING) && NamedAnswer.isNamed(request, folded)))
        .map(AnswerChecks::reason);
  }

  /**
   * Returns what an answer says behind the reasoning that some models write before it, between
   * tags; empty where the reasoning does not end.
   */
  private static Optional<String> said(String text) {
    for (String tag : REASONING) {
      if (text.startsWith("<" + tag + ">")) {
        String end = "</" + tag + ">";
        int behind = text.indexOf(end);
        return behind < 0
            ? Optional.empty()
            : Optional.of(text.substring(behind + end.length()).strip());
      }
    }
    return Optional.of(text);
  }

  private static Optional<Reason> incomplete(String why) {
    return Optional.of(new Reason(Reason.Code.INCOMPLETE, why));
  }

  private static Reason reason(AnswerRule rule) {
    String why = rule.reason().isEmpty() ? "" : ": " + rule.reason();
    return new Reason(rule.code(), "the answer matches the rule '" + rule.name() + "'" + why);
  }

  private static Optional<Reason> json(RequestedJson requested, String text) {
    Optional<List<JsonNode>> values = values(text);
    boolean isJson =
        values.isPresent()
            && !values.get().isEmpty()
            && (values.get().size() == 1 || !requested.isOne());
    if (!isJson) {
      return incomplete("the answer is not the JSON that '" + requested.parameter() + "' asks for");
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
    // Not by an iterator of values, which takes a list at the top for the values in it.
    try (JsonParser parser = JSON.createParser(text)) {
      while (parser.nextToken() != null) {
        JsonNode value = JSON.readTree(parser);
        values.add(value);
      }
      return Optional.of(values);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
