package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.TokenUsage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
    // Two choices.
    assertThat(fault(request, "{\"name\": \"Ann\"}\n{\"name\": \"Bob\"}")).isEmpty();
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
            "{\"choices\":[{\"message\":{\"content\":\"hi\"}}],\"error\":\"timeout\"}")) {
      assertThat(DEFAULTS.fault(plain(), answer(payload)).map(Reason::code))
          .contains(Reason.Code.INCOMPLETE);
    }
    for (String payload :
        List.of(
            "{\"error\":null,\"choices\":[]}",
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
