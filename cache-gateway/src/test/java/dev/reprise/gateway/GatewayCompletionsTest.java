package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.ScriptedProvider.Asked;
import dev.reprise.gateway.ScriptedProvider.Scripted;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.openai.ChatProtocol;
import dev.reprise.gateway.protocol.openai.CompletionsProtocol;
import dev.reprise.gateway.protocol.openai.OpenAiStreams;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.model.CacheControl;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Plan;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The legacy completions on the wire. */
class GatewayCompletionsTest {
  private static final String PATH = "/completions";
  private static final String HEAD =
      "{\"id\":\"cmpl-up\",\"object\":\"text_completion\",\"created\":1700000000,\"model\":\"m-1\",";
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13}";

  private static ScriptedProvider provider;
  private static Gateway gateway;
  private static int number;

  private final WireClient client = new WireClient();

  @BeforeAll
  static void start() throws IOException {
    provider = new ScriptedProvider(GatewayCompletionsTest::answer);
    gateway = Gateway.builder(provider.url(), CacheEngine.builder()).port(0).start();
  }

  @BeforeEach
  void begin() {
    number++;
    provider.asked().clear();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    provider.close();
  }

  private static Scripted answer(Asked asked) {
    JsonNode body = asked.json();
    String end = body.path("model").asText().equals("cut") ? "\"length\"" : "\"stop\"";
    boolean hasLogprobs = body.hasNonNull("logprobs");
    if (!body.path("stream").asBoolean()) {
      String logprobs = hasLogprobs ? logprobs("\"Once upon\",\" a time.\"", "-0.10,-0.2") : "null";
      return new Scripted(
          200,
          "application/json",
          HEAD + "\"choices\":[" + choice("Once upon a time.", logprobs, end) + "]," + USAGE + "}");
    }
    boolean isUsageWanted = body.path("stream_options").path("include_usage").asBoolean();
    String more = isUsageWanted ? ",\"usage\":null}" : "}";
    String first = hasLogprobs ? logprobs("\"Once upon\"", "-0.10") : "null";
    String second = hasLogprobs ? logprobs("\" a time.\"", "-0.2") : "null";
    String events =
        "data: "
            + HEAD
            + "\"choices\":["
            + choice("Once upon", first, "null")
            + "]"
            + more
            + "\n\n"
            + "data: "
            + HEAD
            + "\"choices\":["
            + choice(" a time.", second, end)
            + "]"
            + more
            + "\n\n"
            + (isUsageWanted ? "data: " + HEAD + "\"choices\":[]," + USAGE + "}\n\n" : "")
            + "data: [DONE]\n\n";
    return new Scripted(200, "text/event-stream", events);
  }

  private static String logprobs(String tokens, String values) {
    return "{\"tokens\":[" + tokens + "],\"token_logprobs\":[" + values + "]}";
  }

  private static String choice(String text, String logprobs, String end) {
    return "{\"text\":\""
        + text
        + "\",\"index\":0,\"logprobs\":"
        + logprobs
        + ",\"finish_reason\":"
        + end
        + "}";
  }

  @ParameterizedTest
  @CsvSource({
    "false,false,false",
    "true,false,false",
    "false,true,false",
    "true,true,false",
    "true,false,true",
    "false,true,true"
  })
  void theSecondIsTheFirstStreamedOrNot(boolean first, boolean second, boolean hasLogprobs)
      throws Exception {
    ObjectNode body = body("m");
    if (hasLogprobs) {
      body.put("logprobs", 1);
    }
    HttpResponse<String> one = ask(body.put("stream", first));
    HttpResponse<String> two = ask(body.put("stream", second));

    assertThat(cache(one)).isEqualTo("miss");
    assertThat(cache(two)).isEqualTo("hit-exact");
    assertThat(choices(two, second)).isEqualTo(choices(one, first));
    assertThat(two.body()).contains("\"object\":\"text_completion\"");
  }

  @Test
  void usageIsShownInAStreamToThoseWhoAsk() throws Exception {
    ObjectNode body = body("m").put("stream", true);
    assertThat(ask(body).body()).doesNotContain("usage");
    body.putObject("stream_options").put("include_usage", true);
    HttpResponse<String> hit = ask(body);

    assertThat(cache(hit)).isEqualTo("hit-exact");
    assertThat(hit.body()).contains("\"usage\":null").contains(USAGE);
  }

  @Test
  void anUnsetTemperatureIsZero() throws Exception {
    HttpResponse<String> answer = ask(body("m"));

    assertThat(answer.headers().firstValue("x-reprise-temperature")).hasValue("set-to-0");
    assertThat(provider.asked().get(0).json().path("temperature")).hasToString("0");
    assertThat(cache(ask(body("m").put("temperature", 0)))).isEqualTo("hit-exact");
    assertThat(cache(ask(body("m").put("temperature", 1)))).isEqualTo("bypass");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"suffix\":\"end\"",
        "\"echo\":true",
        "\"best_of\":2",
        "\"prompt\":[\"Why?\"]",
        "\"prompt\":[1,2]",
        "\"prompt\":[[1,2]]",
        "\"max_tokens\":9"
      })
  void anyFieldMoreIsAnotherRequest(String field) throws Exception {
    ask(body("m"));
    ObjectNode more = body("m");
    more.setAll((ObjectNode) Json.read("{" + field + ",\"user\":\"" + number + "\"}"));

    assertThat(cache(ask(more))).isEqualTo("miss");
    assertThat(cache(ask(more))).isEqualTo("hit-exact");
  }

  @Test
  void whatIsCutIsNotStored() throws Exception {
    for (boolean isStream : List.of(false, true, false)) {
      assertThat(cache(ask(body("cut").put("stream", isStream)))).isEqualTo("miss");
    }
  }

  @Test
  void itIsNeverServedByMeaning() {
    CallContext context =
        new CallContext(
            Scope.of("s"), "", "", "", Map.of(), UseCase.QUESTION, CacheControl.DEFAULT, List.of());
    GatewayPolicy policy = GatewayPolicy.of(CachePolicy.builder().build());
    CompletionsProtocol legacy =
        new CompletionsProtocol(new Identities(() -> Instant.EPOCH, new Random(1)));

    assertThat(policy.plan(legacy.map(body("m"), context))).isInstanceOf(Plan.ExactOnly.class);
    assertThat(
            policy.plan(
                new ChatProtocol(new Identities(() -> Instant.EPOCH, new Random(1)))
                    .map(
                        Json.readObject(
                                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}")
                            .orElseThrow(),
                        context)))
        .isInstanceOf(Plan.ExactThenSemantic.class);
  }

  private static ObjectNode body(String model) {
    return Json.object().put("model", model).put("prompt", "Once " + number);
  }

  private HttpResponse<String> ask(ObjectNode body) throws Exception {
    return client.post(gateway, PATH, Json.text(body));
  }

  /** Returns the choices, of a stream put together. */
  private static JsonNode choices(HttpResponse<String> response, boolean isStream)
      throws IOException {
    if (!isStream) {
      return Json.read(response.body()).path("choices");
    }
    Protocol.Collector collector = OpenAiStreams.ofText();
    for (JsonNode event : WireClient.events(response)) {
      collector.take(EventReader.Event.of("", Json.text(event)));
    }
    return OpenAiStreams.text(collector).path("choices");
  }
}
