package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of /v1/chat/completions that are sent as a whole. */
class ChatAnswersTest extends GatewayFixture {
  @Test
  void theSecondAnswerIsTheFirstOnesWithAnIdentityOfItsOwn() throws Exception {
    HttpResponse<String> first = chat(question("Why?"));
    HttpResponse<String> second = chat(question("Why?"));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(cache(first)).isEqualTo("miss");
    assertThat(first.headers().firstValue("x-request-id")).hasValue("up-1");
    assertThat(cache(second)).isEqualTo("hit-exact");
    assertThat(upstream.received()).hasSize(1);
    ObjectNode one = (ObjectNode) Json.read(first.body());
    ObjectNode two = (ObjectNode) Json.read(second.body());
    assertThat(two.path("id").asText()).startsWith("chatcmpl-").isNotEqualTo("chatcmpl-up1");
    assertThat(two.path("created").asLong()).isGreaterThan(1_700_000_000);
    assertThat(two.fieldNames()).toIterable().containsExactlyElementsOf(names(one));
    assertThat(lasting(second)).isEqualTo(lasting(first));
    assertThat(second.headers().firstValue("x-reprise-entry"))
        .isEqualTo(first.headers().firstValue("x-reprise-entry"))
        .hasValueSatisfying(entry -> assertThat(entry).hasSize(64));
    assertThat(second.headers().map())
        .containsKeys("x-reprise-tier", "x-reprise-age", "x-reprise-saved-ms");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyShapeOfAnAnswerSurvives(String script) throws Exception {
    HttpResponse<String> first = chat(question(script));
    HttpResponse<String> hit = chat(question(script));

    assertThat(cache(hit)).isEqualTo("hit-exact");
    assertThat(lasting(hit)).isEqualTo(lasting(first));
  }

  @Test
  void whatIsSentReachesTheUpstreamAsItIs() throws Exception {
    String oddly = "{\"unheard_of\" : 1.50," + question("Why?").substring(1);
    chat(oddly);

    assertThat(upstream.received().get(0).body()).isEqualTo(oddly);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"unheard_of\":1",
        "\"n\":2",
        "\"seed\":7",
        "\"user\":\"u\"",
        "\"response_format\":{\"type\":\"json_object\"}",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        "\"tool_choice\":\"required\""
      })
  void anyFieldMoreIsAnotherRequest(String field) throws Exception {
    chat(question("Why?"));
    HttpResponse<String> other = chat("{" + field + "," + question("Why?").substring(1));

    assertThat(cache(other)).isEqualTo("miss");
  }

  @Test
  void howItIsDeliveredIsNoOtherRequest() throws Exception {
    chat(question("Why?"));

    assertThat(
            cache(
                chat(
                    "{\"stream\":false,\"prompt_cache_key\":\"p\","
                        + question("Why?").substring(1))))
        .isEqualTo("hit-exact");
  }

  @Test
  void whatCannotBeMappedGoesPastTheCache() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer =
          chat(
              "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"oracle\",\"content\":\"Why?\"}]}");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(cache(answer)).isEqualTo("bypass");
      assertThat(answer.headers().firstValue("x-reprise-reason").orElseThrow())
          .contains("unmappable");
    }
    assertThat(cache(chat("{\"seed\":1,\"seed\":2," + question("Why?").substring(1))))
        .isEqualTo("bypass");
    assertThat(upstream.received()).hasSize(3);
  }

  @Test
  void anErrorPassesAsItIsAndIsNotStored() throws Exception {
    for (int i = 1; i <= 2; i++) {
      HttpResponse<String> answer = chat(question("error"));
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("retry-after-ms")).hasValue("7");
      assertThat(answer.body()).contains("slow down " + i);
    }
    HttpResponse<String> stream = chat(streamed("error", ""));
    assertThat(stream.statusCode()).isEqualTo(429);
    assertThat(stream.body()).contains("slow down 3");
  }

  @Test
  void whatIsNoCompletionPassesAsItIsAndIsNotStored() throws Exception {
    assertThat(chat(question("odd")).body()).isEqualTo("{\"odd\":1}");
    assertThat(chat(question("odd")).body()).isEqualTo("{\"odd\":2}");
  }

  @Test
  void aRefusalIsNotStored() throws Exception {
    assertThat(chat(question("refuse")).headers().firstValue("x-reprise-reason").orElseThrow())
        .startsWith("refused");
    assertThat(cache(chat(question("refuse")))).isEqualTo("miss");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools", "forced", "forced-text", "forced-function"})
  void toolCallsAreStoredOnlyWhereThatIsWanted(String script) throws Exception {
    try (Gateway plain = Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).start()) {
      send(post(plain, "/chat/completions", streamed(script, "")));
      HttpResponse<String> whole = send(post(plain, "/chat/completions", question(script)));
      assertThat(cache(whole)).isEqualTo("miss");
      assertThat(whole.headers().firstValue("x-reprise-reason").orElseThrow())
          .contains("asks for tools");
    }
  }

  @Test
  void anUpstreamThatIsNotThereIsA502() throws Exception {
    upstream.close();
    HttpResponse<String> answer = chat(question("Why?"));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(code(answer)).isEqualTo("upstream_unreachable");
  }

  @Test
  void aSilentUpstreamIsA504() throws Exception {
    upstream.delays.put("late", Duration.ofSeconds(20));
    try (Gateway impatient =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .upstreamPatience(Duration.ofMillis(200))
            .start()) {
      HttpResponse<String> answer = send(post(impatient, "/chat/completions", question("late")));
      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(code(answer)).isEqualTo("upstream_timeout");
    }
  }
}
