package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.TokenUsage;
import dev.reprise.model.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerChecksTest {
  private static final AnswerChecks DEFAULTS = new AnswerChecks(AnswerRule.defaults());
  private static final Map<String, Object> PERSON =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("name", Map.of("type", "string"), "age", Map.of("type", "integer")),
          "required",
          List.of("name", "age"),
          "additionalProperties",
          false);

  private static CacheRequest request(String parameter, Object value) {
    return CacheRequest.builder(Scope.of("acme"))
        .user("Who is it?")
        .temperature(0)
        .parameter(parameter, value)
        .build();
  }

  private static CacheRequest plain() {
    return CacheRequest.builder(Scope.of("acme")).user("Who is it?").temperature(0).build();
  }

  private static String fault(CacheRequest request, String text) {
    return DEFAULTS.fault(request, Answer.ofText(text)).map(Reason::detail).orElse("");
  }

  private static List<String> list(String name) throws IOException {
    try (InputStream in = AnswerChecksTest.class.getResourceAsStream("answers/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  private static double refused(String name) throws IOException {
    List<String> all = list(name);
    return (double) all.stream().filter(text -> !fault(plain(), text).isEmpty()).count()
        / all.size();
  }

  // --- words ------------------------------------------------------------------------------------

  /*
   * Measured before the rules were mended on them: 110 of 112 useless ones and 18 of 155 honest ones recognised (first lists), 44 of 48
   * and 5 of 80 (second lists).
   */
  @Test
  void refusalsAndErrorsAreNotStoredAndHonestAnswersAre() throws IOException {
    assertThat(refused("useless.txt")).isGreaterThanOrEqualTo(0.98);
    assertThat(refused("honest.txt")).isLessThanOrEqualTo(0.02);
    assertThat(refused("useless2.txt")).isGreaterThanOrEqualTo(0.98);
    assertThat(refused("honest2.txt")).isLessThanOrEqualTo(0.02);
  }

  @Test
  void theReasonNamesTheRuleAndNotTheText() {
    Reason reason =
        DEFAULTS.fault(plain(), Answer.ofText("I'm sorry, but I can't help.")).orElseThrow();
    assertThat(reason)
        .isEqualTo(
            new Reason(
                Reason.Code.REFUSED,
                "the answer matches the rule 'refusal.en': the answer refuses in plain words"));
    assertThat(DEFAULTS.fault(plain(), Answer.ofText("Error: timeout")).orElseThrow().code())
        .isEqualTo(Reason.Code.INCOMPLETE);
  }

  @Test
  void whatAModelReasonsIsNotItsAnswer() {
    for (String tag : List.of("think", "thinking", "reasoning")) {
      String reasons = "<" + tag + ">They ask who it is. " + "Hm. ".repeat(300) + "</" + tag + ">";
      assertThat(fault(plain(), reasons + "\n\nI'm sorry, but I can't help with that."))
          .contains("refuses");
      assertThat(fault(plain(), reasons + "\n\nIt is Ann.")).isEmpty();
      assertThat(fault(plain(), "<" + tag + ">They ask who it is. Hm."))
          .isEqualTo("the answer ends while the model still reasons");
    }
    assertThat(fault(plain(), "`<think>` is a tag, and </think> its end.")).isEmpty();
    assertThat(fault(plain(), "<thinker> is no tag of HTML.")).isEmpty();
  }

  private static String fault(String question, String answer) {
    return fault(
        CacheRequest.builder(Scope.of("acme")).user(question).temperature(0).build(), answer);
  }

  @Test
  void anAnswerThatTheRequestNamesIsHonest() {
    assertThat(fault("Return a JSON array of all people in this text.", "[]")).isEmpty();
    assertThat(fault("Extract the date as JSON: ...", "{}")).isEmpty();
    assertThat(fault("Extract the date as JSON: ...", "null")).isEmpty();
    assertThat(fault("Which tool fits? Answer none if there is no match.", "None.")).isEmpty();
    assertThat(fault("Give the VAT number, or N/A.", "N/A")).isEmpty();
    assertThat(fault("Say [] if nothing was found.", "[]")).isEmpty();
    assertThat(fault("How many are left?", "0")).isEmpty();
    for (String nothing : List.of("[]", "{}", "null", "None", "N/A", "...", "")) {
      assertThat(fault("Who is it, a nonentity?", nothing).isEmpty()).isEqualTo(nothing.isEmpty());
    }
    // That it is named makes no refusal an answer.
    assertThat(fault("What does \"I don't know\" mean?", "I don't know.")).contains("refuses");
    assertThat(fault("What is a bad gateway?", "Bad gateway")).contains("error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Therac-25 gave six patients overdoses because of a race condition in its software.",
        "I cannot tell a lie is attributed to George Washington, in a story by Mason Weems.",
        "Unable is the opposite of able, from the Latin habilis.",
        "Sorry seems to be the hardest word is a song by Elton John.",
        "Error 404 means that the server does not find what was asked for.",
        "I am unable means that somebody lacks the ability to do something.",
        "Denial of service is an attack that makes a server unavailable.",
        "I'm sorry is shorter than I apologise, and less formal.",
        "No.",
        "42",
        "Nil is zero in the scores of football.",
        "Null Island lies at 0 degrees north and 0 degrees east.",
        "true",
        "/dev/null",
        "An exception is an event that interrupts the normal flow of a program."
      })
  void aShortHonestAnswerIsStored(String answer) {
    assertThat(fault(plain(), answer)).isEmpty();
  }

  @Test
  void whatAServerIsMadeToSayIsHonest() {
    assertThat(fault(request("guided_choice", List.of("null", "none")), "none")).isEmpty();
    assertThat(fault(request("guided_choice", List.of("a", "b")), "c"))
        .isEqualTo("the answer is none of the choices of 'guided_choice'");
    assertThat(
            fault(request("structured_outputs", Map.of("choice", List.of("I cannot"))), "I cannot"))
        .isEmpty();
    assertThat(fault(request("guided_regex", "(null|\\d+)"), "null")).isEmpty();
    assertThat(fault(request("response_format", Map.of("type", "grammar", "grammar", "g")), "[]"))
        .isEmpty();
    assertThat(fault(request("guided_json", PERSON), "{\"name\":\"Ann\",\"age\":1}")).isEmpty();
    for (Map.Entry<String, Object> schema :
        Map.<String, Object>of(
                "guided_json",
                PERSON,
                "structured_outputs",
                Map.of("json", PERSON),
                "json_schema",
                PERSON,
                "grammar",
                Map.of("type", "json", "value", PERSON))
            .entrySet()) {
      assertThat(fault(request(schema.getKey(), schema.getValue()), "{\"name\":1}"))
          .as(schema.getKey())
          .contains("does not satisfy the schema");
      assertThat(fault(request(schema.getKey(), schema.getValue()), "Sure! Here it is"))
          .as(schema.getKey())
          .contains("is not the JSON");
    }
    String text = "{\"type\":\"array\"}";
    assertThat(fault(request("guided_json", text), "[]")).isEmpty();
    assertThat(fault(request("guided_json", text), "{}")).contains("does not satisfy");
    assertThat(fault(request("structured_outputs", Map.of("json_object", true)), "[]")).isEmpty();
  }

  @Test
  void aLongAnswerIsNotAskedAbout() {
    String text = "I'm sorry, but I can't say it shorter. " + "It is a long story. ".repeat(40);
    assertThat(fault(plain(), text)).isEmpty();
  }

  @Test
  void rulesAreSwitchedOffAndExtended() {
    CachePolicy policy =
        CachePolicy.builder()
            .withoutAnswerRules("refusal.en")
            .alsoAnswerRules(List.of(AnswerRule.of("ask-a-human", 100, "\\bask (?:a|your) agent")))
            .build();
    Answer refusal = Answer.ofText("I'm sorry, but I can't help with that.");
    assertThat(policy.admit(plain(), refusal, Instant.EPOCH)).isInstanceOf(Admission.Store.class);
    assertThat(policy.admit(plain(), Answer.ofText("Please ask your agent."), Instant.EPOCH))
        .isEqualTo(
            new Admission.Skip(
                new Reason(Reason.Code.RULE, "the answer matches the rule 'ask-a-human'")));
    assertThat(CachePolicy.defaults().admit(plain(), refusal, Instant.EPOCH))
        .isInstanceOf(Admission.Skip.class);
    assertThatThrownBy(() -> CachePolicy.builder().withoutAnswerRules("refusals"))
        .hasMessage(
            "there is no answer rule 'refusals'; there are [error, error-text, nothing,"
                + " refusal, refusal-short], each in its languages, for example refusal.en");
  }

  @Test
  void aTextMadeToBeSlowIsNot() {
    long began = System.nanoTime();
    for (String piece :
        List.of(
            "sorry, ", "i'm sorry but ", "error ", "as an ai, ", "a", " ", "i can't ", "try ")) {
      fault(plain(), piece.repeat(1 + 400 / piece.length()).substring(0, 400));
      fault(plain(), piece.repeat(1 + 2_000 / piece.length()).substring(0, 2_000));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  // --- JSON -------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"response_format", "output_format"})
  void whatIsNotJsonIsNotStoredWhereJsonWasAskedFor(String parameter) {
    CacheRequest request = request(parameter, Map.of("type", "json_object"));
    for (String text :
        List.of(
            "Sure! Here is the JSON: {\"name\": ",
            "{\"name\": \"Ann\"",
            "```json\n{\"name\": \"Ann\"}\n```",
            "I'm sorry, but I can't help with that.")) {
      assertThat(fault(request, text))
          .isEqualTo("the answer is not the JSON that '" + parameter + "' asks for");
    }
    assertThat(fault(request, "{\"name\": \"Ann\"}")).isEmpty();
    assertThat(fault(request, " {} \n")).isEmpty();
    for (String text :
        List.of("\"Ann\"", "7", "{\"name\":\"Ann\"}{\"name\":\"Bob\"}", "{} Hope this helps!")) {
      assertThat(fault(request, text)).as(text).isNotEmpty();
    }
    // Two choices.
    CacheRequest two =
        CacheRequest.builder(Scope.of("acme"))
            .user("Who is it?")
            .parameter(parameter, Map.of("type", "json_object"))
            .parameter("n", 2)
            .build();
    assertThat(fault(two, "{\"name\": \"Ann\"}\n{\"name\": \"Bob\"}")).isEmpty();
    assertThat(fault(two, "{\"name\": \"Ann\"}\n{\"name\": ")).isNotEmpty();
  }

  @Test
  void aListIsOneValue() {
    Map<String, Object> names = Map.of("type", "array", "items", Map.of("type", "string"));
    assertThat(fault(request("format", names), "[\"Ann\",\"Bob\"]")).isEmpty();
    assertThat(fault(request("format", names), "[1]")).isNotEmpty();
    assertThat(fault(request("format", names), "\"Ann\"")).isNotEmpty();
  }

  @Test
  void googlesSchemasAreReadToo() {
    Map<String, Object> person =
        Map.of(
            "type",
            "OBJECT",
            "properties",
            Map.of(
                "type", Map.of("type", "STRING", "nullable", true),
                "ages",
                    Map.of("type", "ARRAY", "items", Map.of("type", "INTEGER"), "minItems", "1"),
                "any", Map.of("any_of", List.of(Map.of("type", "STRING")))),
            "required",
            List.of("type"),
            "propertyOrdering",
            List.of("type", "ages"));
    for (Map<String, Object> config :
        List.<Map<String, Object>>of(
            Map.of("responseMimeType", "application/json", "responseSchema", person),
            Map.of("response_mime_type", "application/json", "response_schema", person))) {
      CacheRequest request = request("generationConfig", config);
      for (String text :
          List.of(
              "{\"type\":\"a\"}", "{\"type\":null,\"ages\":[]}", "{\"type\":\"\",\"any\":\"a\"}")) {
        assertThat(fault(request, text)).as(text).isEmpty();
      }
      for (String text :
          List.of(
              "[]",
              "{}",
              "{\"type\":1}",
              "{\"type\":\"a\",\"ages\":[\"1\"]}",
              "{\"type\":\"\",\"any\":1}")) {
        assertThat(fault(request, text)).as(text).isNotEmpty();
      }
    }
  }

  // --- a forced function ------------------------------------------------------------------------

  /** A request that has function "save" and makes a choice, in each provider's words. */
  private static List<CacheRequest> forced() {
    JsonObject openAi =
        JsonObject.of("type", "function")
            .with("function", Map.of("name", "save", "parameters", PERSON));
    JsonObject flat = JsonObject.of("type", "function").with("parameters", PERSON);
    JsonObject anthropic = JsonObject.of("input_schema", PERSON);
    Map<String, Object> one = Map.of("type", "function", "function", Map.of("name", "save"));
    List<CacheRequest> requests = new ArrayList<>();
    for (Object choice :
        List.of(
            "required",
            one,
            Map.of(
                "type",
                "allowed_tools",
                "allowed_tools",
                Map.of("mode", "required", "tools", List.of(one))))) {
      requests.add(withTool(openAi, "tool_choice", choice));
    }
    requests.add(withTool(flat, "tool_choice", Map.of("type", "function", "name", "save")));
    requests.add(withTool(anthropic, "tool_choice", Map.of("type", "tool", "name", "save")));
    requests.add(withTool(anthropic, "tool_choice", Map.of("type", "any")));
    for (String parameters : List.of("parameters", "parametersJsonSchema")) {
      requests.add(
          withTool(
              JsonObject.of(parameters, PERSON),
              "toolConfig",
              Map.of("functionCallingConfig", Map.of("mode", "ANY"))));
    }
    requests.add(
        withTool(
            JsonObject.of("parameters", PERSON),
            "toolConfig",
            Map.of(
                "function_calling_config",
                Map.of("mode", "ANY", "allowed_function_names", List.of("save")))));
    requests.add(
        CacheRequest.builder(Scope.of("acme"))
            .user("Who is it?")
            .parameter("functions", List.of(Map.of("name", "save", "parameters", PERSON)))
            .parameter("function_call", Map.of("name", "save"))
            .build());
    return requests;
  }

  private static CacheRequest withTool(JsonObject definition, String parameter, Object value) {
    return CacheRequest.builder(Scope.of("acme"))
        .user("Who is it?")
        .tool(new Tool("save", definition))
        .parameter(parameter, value)
        .build();
  }

  @Test
  void theArgumentsOfAForcedFunctionAreTheJsonThatIsAskedFor() {
    for (CacheRequest request : forced()) {
      assertThat(fault(request, "{\"name\":\"Ann\",\"age\":30}")).as(request.toString()).isEmpty();
      for (String text : List.of("{\"name\":\"Ann\"}", "{\"name\":\"An", "Ann, 30", "{}")) {
        assertThat(fault(request, text)).as(text).isNotEmpty();
      }
    }
  }

  @Test
  void aFunctionThatIsNotForcedIsNoWishForJson() {
    JsonObject definition = JsonObject.of("input_schema", PERSON);
    for (CacheRequest request :
        List.of(
            withTool(definition, "tool_choice", "auto"),
            withTool(definition, "tool_choice", "none"),
            withTool(definition, "tool_choice", 7),
            withTool(definition, "tool_choice", Map.of("type", "function")),
            withTool(JsonObject.of("type", "custom"), "tool_choice", Map.of("type", "custom")),
            withTool(JsonObject.of("type", "custom"), "tool_choice", "required"),
            withTool(
                definition,
                "toolConfig",
                Map.of("functionCallingConfig", Map.of("mode", "AUTO"))))) {
      assertThat(fault(request, "It is Ann.")).isEmpty();
    }
  }

  @Test
  void everyPlaceOfASchemaIsKnown() {
    Map<String, Object> openAi = new LinkedHashMap<>();
    openAi.put("type", "json_schema");
    openAi.put("json_schema", Map.of("name", "person", "schema", PERSON));
    Map<String, Object> flat = Map.of("type", "json_schema", "schema", PERSON);
    for (CacheRequest request :
        List.of(
            request("response_format", openAi),
            request("response_format", Map.of("type", "json_object", "schema", PERSON)),
            request("text", Map.of("format", flat)),
            request("output_format", flat),
            request("output_config", Map.of("format", flat)),
            request("format", PERSON))) {
      assertThat(fault(request, "{\"name\":\"Ann\",\"age\":30}")).isEmpty();
      assertThat(fault(request, "{\"name\":\"Ann\"}")).contains("does not satisfy the schema");
      assertThat(fault(request, "{\"name\":\"Ann\",\"age\":\"thirty\"}"))
          .contains("does not satisfy the schema")
          .doesNotContain("thirty");
      assertThat(fault(request, "{\"name\":\"Ann\",\"age\":30,\"more\":1}")).isNotEmpty();
      assertThat(fault(request, "Ann, 30")).contains("is not the JSON");
    }
    assertThat(fault(request("format", "json"), "Ann")).isNotEmpty();
    assertThat(fault(request("response_format", Map.of("type", "text")), "Ann")).isEmpty();
  }

  @Test
  void aSchemaThatCannotBeUsedChecksOnlyThatItIsJson() {
    for (Object schema :
        List.of(
            Map.of("$ref", "http://127.0.0.1:1/schema.json"),
            Map.of("$ref", "#"),
            Map.of("$ref", "#/$defs/missing"),
            Map.of("type", "OBJECT"),
            Map.of("type", 7),
            "no schema",
            List.of(1L))) {
      CacheRequest request =
          request("response_format", Map.of("type", "json_schema", "schema", schema));
      assertThat(fault(request, "no JSON")).isNotEmpty();
      // It must not throw, and must not open a connection.
      DEFAULTS.fault(request, Answer.ofText("{}"));
    }
  }

  @Test
  void aCallersRegularExpressionIsNotRun() {
    Map<String, Object> schema =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of(
                "a", Map.of("type", "string", "pattern", "(x+x+)+y"),
                "pattern", Map.of("type", "string")),
            "additionalProperties",
            false);
    CacheRequest request =
        request("response_format", Map.of("type", "json_schema", "schema", schema));
    assertThat(fault(request, "{\"a\":\"" + "x".repeat(5_000) + "\",\"pattern\":\"p\"}")).isEmpty();
    assertThat(fault(request, "{\"pattern\":1}")).isNotEmpty();
  }

  @Test
  void toolCallsAreNotAskedForJson() {
    Answer calls = new Answer("", "{}", Completion.TOOL_CALLS, new TokenUsage.Unknown(), Set.of());
    assertThat(DEFAULTS.fault(request("response_format", Map.of("type", "json_object")), calls))
        .isEmpty();
  }

  // --- errors -----------------------------------------------------------------------------------

  @Test
  void aPayloadWithATopLevelErrorIsNotStored() {
    for (String payload :
        List.of(
            "{\"error\":{\"message\":\"overloaded\"},\"choices\":[]}",
            "{\"choices\":[{\"message\":{\"content\":\"hi\"}}],\"error\":\"timeout\"}",
            "{\"choices\":[{\"message\":{}},{\"message\":{},\"error\":{\"code\":502}}]}",
            "{\"success\":false,\"errors\":[{\"code\":7000}],\"choices\":[]}",
            "{\"base_resp\":{\"x\":[1],\"status_code\":1002},\"choices\":[{}]}")) {
      assertThat(DEFAULTS.fault(plain(), answer(payload)).map(Reason::code))
          .contains(Reason.Code.INCOMPLETE);
    }
    for (String payload :
        List.of(
            "{\"error\":null,\"choices\":[]}",
            "{\"choices\":[{\"message\":{\"errors\":[1]},\"error\":null}],\"errors\":[]}",
            "{\"base_resp\":{\"status_code\":0},\"choices\":[{\"base_resp\":{\"status_code\":7}}]}",
            "{\"base_resp\":7,\"choices\":[1,[{\"error\":1}]],\"errors\":7}",
            "{\"choices\":[{\"message\":{\"error\":\"none\",\"content\":\"\\\"error\\\"\"}}]}",
            "{\"error\"",
            "the \"error\" of the day")) {
      assertThat(DEFAULTS.fault(plain(), answer(payload))).isEmpty();
    }
  }

  private static Answer answer(String payload) {
    return new Answer("hi", payload, Completion.COMPLETE, new TokenUsage.Unknown(), Set.of());
  }
}
