package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Scope;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/** The provider's own class, in both versions of Spring AI, against a scripted server. */
class OpenAiProviderTest {
  private static final Scope SCOPE = Scope.of("shop");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PACKAGE = "org.springframework.ai.openai.";

  private final CacheEngine engine = CacheEngine.builder().build();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile String content = "A cache is a store.";
  private volatile String annotations = "";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
    engine.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    bodies.add(body);
    boolean isStream = body.replace(" ", "").contains("\"stream\":true");
    String reply = isStream ? events() : whole();
    exchange
        .getResponseHeaders()
        .set("Content-Type", isStream ? "text/event-stream" : "application/json");
    byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String whole() {
    return """
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini-2026",
         "system_fingerprint":"fp_1",
         "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null%s},
                     "logprobs":null,"finish_reason":"stop"}],
         "usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}}
        """
        .formatted(content.replace("\"", "\\\""), annotations);
  }

  private static String events() {
    String event =
        """
        data: {"id":"chatcmpl-2","object":"chat.completion.chunk","created":1700000000,\
        "model":"gpt-4o-mini-2026","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

        """;
    return event.formatted("{\"role\":\"assistant\",\"content\":\"A cache \"}", "null")
        + event.formatted("{\"content\":\"is a store.\"}", "null")
        + event.formatted("{}", "\"stop\"")
        + "data: [DONE]\n\n";
  }

  // --- the provider's classes, which differ from version to version -----------------------------

  private static Object call(Object target, String name, Object... arguments) throws Exception {
    for (Method method : target.getClass().getMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == arguments.length
          && fits(method, arguments)) {
        method.setAccessible(true);
        return method.invoke(target, arguments);
      }
    }
    throw new NoSuchMethodException(name);
  }

  private static boolean fits(Method method, Object... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (!method.getParameterTypes()[i].isInstance(arguments[i])) {
        return false;
      }
    }
    return true;
  }

  private static Object builder(String type) throws Exception {
    return Class.forName(PACKAGE + type).getMethod("builder").invoke(null);
  }

  private ChatOptions options(Map<String, Object> values) throws Exception {
    Object builder = builder("OpenAiChatOptions");
    for (Map.Entry<String, Object> value : values.entrySet()) {
      call(builder, value.getKey(), value.getValue());
    }
    if (!SpringAi.mergesDefaults()) {
      call(builder, "baseUrl", address() + "/v1");
      call(builder, "apiKey", "key");
    }
    return (ChatOptions) call(builder, "build");
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private ChatModel model(Map<String, Object> defaults) throws Exception {
    Object builder = builder("OpenAiChatModel");
    if (SpringAi.mergesDefaults()) {
      Object api = Class.forName(PACKAGE + "api.OpenAiApi").getMethod("builder").invoke(null);
      call(api, "baseUrl", address());
      call(api, "apiKey", "key");
      call(builder, "openAiApi", call(api, "build"));
      call(builder, "defaultOptions", options(defaults));
    } else {
      call(builder, "options", options(defaults));
    }
    return (ChatModel) call(builder, "build");
  }

  private CachingChatModel cached(Map<String, Object> defaults) throws Exception {
    return CachingChatModel.builder(model(defaults), engine, SCOPE).build();
  }

  // --- tests ------------------------------------------------------------------------------------

  @Test
  void theSecondEqualQuestionHitsWithTheSameResponse() throws Exception {
    CachingChatModel cached = cached(Map.of("model", "gpt-4o-mini", "seed", 7));
    Prompt question = new Prompt("What is a cache?");

    ChatOutcome miss = cached.answer(question);
    ChatOutcome hit = cached.answer(question);

    assertThat(bodies).hasSize(1);
    assertThat(bodies.get(0).replace(" ", ""))
        .contains("\"temperature\":0")
        .contains("\"seed\":7")
        .contains("\"model\":\"gpt-4o-mini\"");
    assertThat(hit.wasCached()).isTrue();
    assertThat(hit.response().getResults()).isEqualTo(miss.response().getResults());
    assertThat(hit.response().getMetadata().getId()).isEqualTo("chatcmpl-1");
    assertThat(hit.response().getMetadata().getModel()).isEqualTo("gpt-4o-mini-2026");
    assertThat(hit.response().getMetadata().getUsage().getClass())
        .isEqualTo(miss.response().getMetadata().getUsage().getClass());
    assertThat(hit.response().getMetadata().getUsage().getTotalTokens()).isEqualTo(14);
    for (Map.Entry<String, Object> entry : miss.response().getMetadata().entrySet()) {
      assertThat(hit.response().getMetadata().<Object>get(entry.getKey()))
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
    }
  }

  @Test
  void citationsAreStoredAndServed() throws Exception {
    annotations =
        """
        ,"annotations":[{"type":"url_citation","url_citation":{"start_index":2,"end_index":7,
         "title":"Caches","url":"https://example.com/caches"}}]""";
    CachingChatModel cached = cached(Map.of("model", "gpt-4o-mini"));

    ChatOutcome miss = cached.answer(new Prompt("What is a cache?"));
    ChatOutcome hit = cached.answer(new Prompt("What is a cache?"));

    assertThat(hit.wasCached()).isTrue();
    assertThat(hit.response().getResults()).isEqualTo(miss.response().getResults());
    assertThat(hit.response().getResult().getOutput().getMetadata().get("annotations").toString())
        .contains("https://example.com/caches");
  }

  @Test
  void optionsOfThePromptAreInTheKey() throws Exception {
    CachingChatModel cached = cached(Map.of("model", "gpt-4o-mini"));
    for (int seed = 1; seed <= 2; seed++) {
      Prompt prompt =
          new Prompt("What is a cache?", options(Map.of("model", "gpt-4o-mini", "seed", seed)));
      assertThat(cached.answer(prompt).wasCached()).isFalse();
      assertThat(cached.answer(prompt).wasCached()).isTrue();
    }
    assertThat(bodies).hasSize(2);
  }

  @Test
  void streamsAreStoredAndReplayed() throws Exception {
    CachingChatModel cached = cached(Map.of("model", "gpt-4o-mini"));
    Prompt question = new Prompt("What is a cache?");

    List<ChatResponse> miss = cached.stream(question).collectList().block(PATIENCE);
    List<ChatResponse> hit = cached.stream(question).collectList().block(PATIENCE);

    assertThat(Texts.of(miss)).isEqualTo("A cache is a store.");
    assertThat(Texts.of(hit)).isEqualTo("A cache is a store.");
    assertThat(bodies).hasSize(1);
    assertThat(hit.get(hit.size() - 1).getResult().getMetadata().getFinishReason())
        .isEqualTo("STOP");
    assertThat(cached.answer(question).wasCached()).isTrue();
  }

  record City(String name, int people) {}

  @Test
  void aClientsEntitiesHit() throws Exception {
    content = "{\"name\":\"Oslo\",\"people\":7}";
    ChatClient client = ChatClient.builder(cached(Map.of("model", "gpt-4o-mini"))).build();

    City first = client.prompt().user("Which city?").call().entity(City.class);
    City second = client.prompt().user("Which city?").call().entity(City.class);

    assertThat(second).isEqualTo(new City("Oslo", 7)).isEqualTo(first);
    assertThat(bodies).hasSize(1);
  }

  @Test
  void aTemperatureOfTheModelBypassesAndSaysSo() throws Exception {
    CachingChatModel cached = cached(Map.of("model", "gpt-4o-mini", "temperature", 0.7));

    ChatOutcome outcome = cached.answer(new Prompt("What is a cache?"));

    assertThat(outcome.outcome()).isInstanceOf(Outcome.Bypassed.class);
    assertThat(bodies.get(0).replace(" ", "")).contains("\"temperature\":0.7");
  }
}
