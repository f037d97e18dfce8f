package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request because of its temperature. */
class GatewayTemperatureTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway = Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  /** Both endpoints, streamed and not. */
  static Stream<Arguments> ways() {
    return Stream.of("chat/completions", "responses")
        .flatMap(path -> Stream.of(Arguments.of(path, false), Arguments.of(path, true)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void anUnsetOneIsAskedAtZeroAndCached(String path, boolean stream) throws Exception {
    ObjectNode body = body(path, "m", stream);
    HttpResponse<String> first = ask(path, body);
    HttpResponse<String> second = ask(path, body);
    HttpResponse<String> atZero = ask(path, body.deepCopy().put("temperature", 0));
    HttpResponse<String> atNull = ask(path, body.deepCopy().putNull("temperature"));

    assertThat(cache(first)).isEqualTo("miss");
    assertThat(temperature(first)).isEqualTo("set-to-0");
    assertThat(cache(second)).isEqualTo("hit-exact");
    assertThat(temperature(second)).isEqualTo("set-to-0");
    assertThat(cache(atZero)).as("the upstream is asked the same").isEqualTo("hit-exact");
    assertThat(temperature(atZero)).isEqualTo("none");
    assertThat(cache(atNull)).isEqualTo("hit-exact");
    assertThat(upstream.received()).hasSize(1);
    assertThat(upstream.received().get(0).json().path("temperature").isNumber()).isTrue();
    assertThat(upstream.received().get(0).json().path("temperature").asDouble()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-5-mini", "o3", "o4-mini", "openai/gpt-5.1"})
  void aModelThatTakesNoneIsAskedAsItIsAndCached(String model) throws Exception {
    ObjectNode body = body("chat/completions", model, false);
    HttpResponse<String> first = ask("chat/completions", body);
    HttpResponse<String> second = ask("chat/completions", body);

    assertThat(cache(first)).isEqualTo("miss");
    assertThat(temperature(first)).isEqualTo("none");
    assertThat(cache(second)).isEqualTo("hit-exact");
    assertThat(upstream.received().get(0).body()).isEqualTo(Json.text(body));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aRefusalIsLearnedWithOneCallMore(String path, boolean stream) throws Exception {
    ObjectNode body = body(path, "no-temperature", stream);
    HttpResponse<String> first = ask(path, body);
    HttpResponse<String> second = ask(path, body);
    HttpResponse<String> other = ask(path, ask(body(path, "no-temperature", stream), path, "Who?"));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(cache(first)).isEqualTo("miss");
    assertThat(temperature(first)).isEqualTo("none");
    assertThat(cache(second)).isEqualTo("hit-exact");
    assertThat(cache(other)).isEqualTo("miss");
    assertThat(upstream.received().stream().map(r -> r.json().has("temperature")))
        .containsExactly(true, false, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"m", "gpt-5-mini", "no-temperature"})
  void aMissNamesTheEntryThatAHitIsServedFrom(String model) throws Exception {
    ObjectNode body = body("chat/completions", model, false);
    HttpResponse<String> miss = ask("chat/completions", body);
    HttpResponse<String> hit = ask("chat/completions", body);

    assertThat(cache(hit)).isEqualTo("hit-exact");
    assertThat(miss.headers().firstValue("x-reprise-entry"))
        .isPresent()
        .isEqualTo(hit.headers().firstValue("x-reprise-entry"));
  }

  @ParameterizedTest
  @CsvSource({"m,set-to-0", "no-temperature,none"})
  void whoJoinsAStreamIsToldOfTheTemperatureToo(String model, String expected) throws Exception {
    ObjectNode body = ask(body("chat/completions", model, true), "chat/completions", "slow");
    HttpResponse<InputStream> leader = begin(body);
    HttpResponse<InputStream> follower = begin(body);
    upstream.release();

    assertThat(temperature(leader)).isEqualTo(expected);
    assertThat(temperature(follower)).isEqualTo(expected);
    assertThat(new String(follower.body().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(new String(leader.body().readAllBytes(), StandardCharsets.UTF_8));
    assertThat(upstream.received()).hasSize(model.equals("m") ? 1 : 2);
  }

  /** Asks for a stream, and returns once its head has come. */
  private HttpResponse<InputStream> begin(ObjectNode body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)))
            .build(),
        BodyHandlers.ofInputStream());
  }

  @Test
  void anExplicitOneThatIsRefusedIsTheClientsToSee() throws Exception {
    ObjectNode body = body("chat/completions", "no-temperature", false).put("temperature", 0);

    assertThat(ask("chat/completions", body).statusCode()).isEqualTo(400);
    assertThat(upstream.received()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aHigherOneGoesPastTheCacheInTheGatewaysWords(String path, boolean stream) throws Exception {
    ObjectNode body = body(path, "m", stream).put("temperature", 0.7);
    ask(path, body);
    HttpResponse<String> second = ask(path, body);

    assertThat(cache(second)).isEqualTo("bypass");
    assertThat(reason(second))
        .startsWith("not-deterministic; temperature is 0.7")
        .contains("--max-temperature")
        .doesNotContain("()", "maximumTemperature");
  }

  @ParameterizedTest
  @CsvSource({"zero,miss,set-to-0", "as-is,miss,none", "bypass,bypass,none"})
  void aRequestMayChoose(String choice, String outcome, String temperature) throws Exception {
    HttpResponse<String> answer =
        ask(
            "chat/completions",
            body("chat/completions", "m", false),
            "X-Reprise-When-Temperature-Is-Unset",
            choice);

    assertThat(cache(answer)).isEqualTo(outcome);
    assertThat(temperature(answer)).isEqualTo(temperature);
    if (outcome.equals("bypass")) {
      assertThat(reason(answer)).contains("--when-temperature-is-unset");
    }
  }

  @Test
  void anotherChoiceIsA400() throws Exception {
    HttpResponse<String> answer =
        ask(
            "chat/completions",
            body("chat/completions", "m", false),
            "X-Reprise-When-Temperature-Is-Unset",
            "maybe");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("zero, as-is or bypass");
  }

  @Test
  void asItIsAndZeroAreTwoEntries() throws Exception {
    ObjectNode body = body("chat/completions", "m", false);
    String[] asIs = {"X-Reprise-When-Temperature-Is-Unset", "as-is"};
    ask("chat/completions", body);

    assertThat(cache(ask("chat/completions", body, asIs))).isEqualTo("miss");
    assertThat(cache(ask("chat/completions", body, asIs))).isEqualTo("hit-exact");
    assertThat(upstream.received().get(1).json().has("temperature")).isFalse();
  }

  @Test
  void thePolicyChoosesByModelAndUseCase() throws Exception {
    CachePolicy policy =
        CachePolicy.builder()
            .whenTemperatureIsUnset("warm-*", UnsetTemperature.AS_IS)
            .whenTemperatureIsUnset(new UseCase("faq"), UnsetTemperature.BYPASS)
            .build();
    try (Gateway other =
        Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).chatPolicy(policy).start()) {
      String path = "chat/completions";
      assertThat(temperature(send(other, path, body(path, "warm-1", false)))).isEqualTo("none");
      assertThat(temperature(send(other, path, body(path, "m", false)))).isEqualTo("set-to-0");
      assertThat(cache(send(other, path, body(path, "m", false), "X-Reprise-Use-Case", "faq")))
          .isEqualTo("bypass");
    }
  }

  @Test
  void restOfTheBodyIsSentAsItCame() throws Exception {
    ObjectNode body = body("chat/completions", "m", false);
    body.put("seed", 12345678901234567L);
    body.putObject("unheard_of").put("a", 1.5).putNull("b");
    ask("chat/completions", body);

    JsonNode sent = upstream.received().get(0).json();
    assertThat(((ObjectNode) sent).remove("temperature").asInt()).isZero();
    assertThat(Json.text(sent)).isEqualTo(Json.text(body));
  }

  private static ObjectNode body(String path, String model, boolean stream) {
    ObjectNode body = Json.object().put("model", model);
    if (stream) {
      body.put("stream", true);
    }
    return ask(body, path, "Why?");
  }

  private static ObjectNode ask(ObjectNode body, String path, String question) {
    if (path.equals("responses")) {
      body.put("input", question);
    } else {
      body.putArray("messages").addObject().put("role", "user").put("content", question);
    }
    return body;
  }

  private HttpResponse<String> ask(String path, ObjectNode body, String... headers)
      throws Exception {
    return send(gateway, path, body, headers);
  }

  private HttpResponse<String> send(Gateway to, String path, ObjectNode body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.url() + "/" + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }

  private static String temperature(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-temperature").orElse("none");
  }

  private static String reason(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-reason").orElse("none");
  }
}
