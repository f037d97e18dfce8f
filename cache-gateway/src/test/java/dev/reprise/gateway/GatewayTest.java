package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
import dev.reprise.redis.RedisExactTier;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire. */
class GatewayTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedUpstream();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .maximumBodyBytes(100_000)
            .bodyDeadline(Duration.ofMillis(300))
            .upstreamPatience(Duration.ofSeconds(5))
            .group("team", List.of("sk-one", "sk-two"))
            .chatPolicy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  // --- not streamed -----------------------------------------------------------------------------

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

  /** The scripts of every shape that an answer has. */
  static Stream<String> shapes() {
    return Stream.of(
        "Why?",
        "tools",
        "forced",
        "forced-text",
        "forced-function",
        "extra",
        "json",
        "think",
        "probabilities",
        "several");
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
        "\"tool_choice\":\"none\""
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

  // --- streams ----------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("shapes")
  void whatWasStreamedServesOneThatIsNotAndTheOtherWayRound(String script) throws Exception {
    HttpResponse<String> streamed = chat(streamed(script, ""));
    HttpResponse<String> whole = chat(question(script));
    HttpResponse<String> again =
        chat(streamed(script, "\"stream_options\":{\"include_usage\":true},"));

    assertThat(cache(streamed)).isEqualTo("miss");
    assertThat(cache(whole)).isEqualTo("hit-exact");
    assertThat(cache(again)).isEqualTo("hit-exact");
    assertThat(upstream.received()).hasSize(1);
    JsonNode kept = Json.read(whole.body());
    assertThat(kept.path("usage").path("total_tokens").asInt()).isEqualTo(13);
    assertThat(kept.path("model").asText()).isEqualTo("scripted-1");
    assertThat(collected(streamed)).isEqualTo(kept.path("choices"));
    assertThat(collected(again)).isEqualTo(kept.path("choices"));
  }

  @Test
  void whatAServerAddsToAChoiceIsInTheLastChunkOfItsReplay() throws Exception {
    JsonNode choices = Json.read(chat(question("extra")).body()).path("choices");
    HttpResponse<String> replay = chat(streamed("extra", ""));

    assertThat(cache(replay)).isEqualTo("hit-exact");
    assertThat(collected(replay)).isEqualTo(choices);
    List<JsonNode> chunks = chunks(replay);
    for (String name : List.of("stop_reason", "matched_stop", "content_filter_results")) {
      assertThat(chunks.get(chunks.size() - 1).path("choices").path(0).get(name))
          .isEqualTo(choices.path(0).get(name));
      assertThat(chunks.get(0).path("choices").path(0).has(name)).isFalse();
    }
  }

  @Test
  void whatAServerAddsToEachChunkOfAChoiceIsNotPutTogetherAsTexts() throws Exception {
    ChunkCollector collector = new ChunkCollector();
    String safe = "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}";
    for (String more : List.of(safe, safe, "{}")) {
      collector.take(
          EventReader.Event.of(
              "",
              "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null,\"native_finish_reason\":\"STOP\",\"content_filter_results\":"
                  + more
                  + "}]}"));
    }
    JsonNode choice = ChatCodec.read(collector.answer().orElseThrow()).path("choices").path(0);

    assertThat(choice.path("message").path("content").asText()).isEqualTo("aaa");
    assertThat(choice.path("native_finish_reason").asText()).isEqualTo("STOP");
    assertThat(choice.path("content_filter_results")).isEqualTo(Json.read(safe));
  }

  @Test
  void onlyWhoAsksForUsageSeesIt() throws Exception {
    HttpResponse<String> without = chat(streamed("Why?", ""));
    HttpResponse<String> with =
        chat(streamed("Why not?", "\"stream_options\":{\"include_usage\":true},"));
    HttpResponse<String> hitWithout = chat(streamed("Why not?", ""));
    HttpResponse<String> hitWith =
        chat(streamed("Why?", "\"stream_options\":{\"include_usage\":true},"));

    assertThat(without.body()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    assertThat(hitWithout.body()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    for (HttpResponse<String> response : List.of(with, hitWith)) {
      List<JsonNode> chunks = chunks(response);
      JsonNode last = chunks.get(chunks.size() - 1);
      assertThat(last.path("usage").path("total_tokens").asInt()).isEqualTo(13);
      assertThat(last.path("choices")).isEmpty();
      assertThat(chunks.get(0).get("usage").isNull()).isTrue();
    }
    assertThat(cache(hitWith)).isEqualTo("hit-exact");
    assertThat(hitWith.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
  }

  @Test
  void anUpstreamThatKnowsNoStreamOptionsIsAskedWithoutThem() throws Exception {
    HttpResponse<String> streamed = chat(streamed("old", ""));
    HttpResponse<String> whole = chat(question("old"));
    HttpResponse<String> asked =
        chat(streamed("old one", "\"stream_options\":{\"include_usage\":true},"));

    assertThat(streamed.statusCode()).isEqualTo(200);
    assertThat(streamed.body()).contains("Answer").endsWith("data: [DONE]\n\n");
    assertThat(upstream.received().get(0).json().has("stream_options")).isTrue();
    assertThat(upstream.received().get(1).body()).isEqualTo(streamed("old", ""));
    assertThat(cache(whole)).isEqualTo("hit-exact");
    assertThat(asked.statusCode()).as("the client's own wish").isEqualTo(400);
    assertThat(upstream.received()).hasSize(3);
  }

  @Test
  void aStreamThatGoesPastTheCacheSaysSo() throws Exception {
    HttpResponse<String> creative = chat(streamed("Why?", ""), "X-Reprise-Use-Case", "creative");
    HttpResponse<String> warm =
        chat(streamed("Why?", "").replace("\"temperature\":0", "\"temperature\":1"));

    for (HttpResponse<String> response : List.of(creative, warm)) {
      assertThat(cache(response)).isEqualTo("bypass");
      assertThat(response.body()).endsWith("data: [DONE]\n\n");
    }
    assertThat(creative.headers().firstValue("x-reprise-reason").orElseThrow())
        .startsWith("creative; ");
  }

  @Test
  void chunksComeAsTheyAreMade() throws Exception {
    HttpResponse<InputStream> response =
        client.send(
            post(gateway, "/chat/completions", streamed("slow", "")), BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      byte[] some = in.readNBytes(10);
      assertThat(new String(some, StandardCharsets.UTF_8)).isEqualTo("data: {\"id");
      upstream.release();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).endsWith("[DONE]\n\n");
    }
  }

  @Test
  void whoHangsUpInMidStreamStopsTheUpstreamAndNothingIsStored() throws Exception {
    HttpResponse<InputStream> response =
        client.send(
            post(gateway, "/chat/completions", streamed("endless", "")),
            BodyHandlers.ofInputStream());
    response.body().readNBytes(10);
    response.body().close();

    assertThat(upstream.brokenOff.await(10, TimeUnit.SECONDS)).isTrue();
    await(() -> gateway.stats().cancelled() == 1);
    assertThat(gateway.stats().stored()).isZero();
    assertThat(cache(chat(question("endless")))).isEqualTo("miss");
  }

  @Test
  void whoLeadsAStreamAndDoesNotReadHoldsUpNobodyWhoFollows() throws Exception {
    try (Socket leader = new Socket()) {
      leader.setReceiveBufferSize(4096);
      leader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
      String body = streamed("flood", "");
      leader
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Content-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      await(() -> upstream.received().size() == 1);
      CompletableFuture<HttpResponse<String>> follower =
          client.sendAsync(post(gateway, "/chat/completions", body), BodyHandlers.ofString());
      Thread.sleep(300);
      upstream.release();

      assertThat(follower.get(20, TimeUnit.SECONDS).body()).endsWith("data: [DONE]\n\n");
      assertThat(upstream.received()).hasSize(1);
    }
  }

  @Test
  void aSilentUpstreamIsWaitedForLongerThanAClientMayBeIdle() throws Exception {
    upstream.delays.put("late", Duration.ofMillis(1500));
    try (Gateway hasty =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .idleTimeout(Duration.ofMillis(300))
            .start()) {
      assertThat(send(post(hasty, "/chat/completions", question("late"))).statusCode())
          .isEqualTo(200);
      assertThat(send(post(hasty, "/chat/completions", streamed("late again", ""))).body())
          .endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void aStreamThatBreaksOffIsBrokenOffAndNotStored() throws Exception {
    assertThatThrownBy(() -> chat(streamed("cut", ""))).isInstanceOf(IOException.class);
    await(() -> gateway.stats().failed() == 1);

    assertThat(cache(chat(question("cut")))).isEqualTo("miss");
  }

  @Test
  void aStreamThatEndsTooSoonIsNotStored() throws Exception {
    assertThat(chat(streamed("short", "")).body()).doesNotContain("[DONE]");

    assertThat(cache(chat(question("short")))).isEqualTo("miss");
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "fault"})
  void halfAStreamIsNoAnswerToWhoWaitsForTheWhole(String script) throws Exception {
    List<String> troubles = new CopyOnWriteArrayList<>();
    CacheEngine.Builder engine =
        CacheEngine.builder()
            .listener(
                event -> {
                  if (event instanceof CacheEvent.Trouble trouble) {
                    troubles.add(trouble.part());
                  }
                });
    try (Gateway heard = Gateway.builder(upstream.url(), engine).port(0).start()) {
      CompletableFuture<HttpResponse<String>> leader =
          client.sendAsync(
              post(heard, "/chat/completions", streamed(script, "")), BodyHandlers.ofString());
      await(() -> upstream.received().size() == 1);
      CompletableFuture<HttpResponse<String>> whole =
          client.sendAsync(
              post(heard, "/chat/completions", question(script)), BodyHandlers.ofString());
      // So that both are aboard.
      Thread.sleep(300);
      upstream.release();

      assertThat(leader.get(20, TimeUnit.SECONDS).body())
          .contains(script.equals("fault") ? "out of order" : "Answer")
          .doesNotContain("[DONE]");
      HttpResponse<String> answer = whole.get(20, TimeUnit.SECONDS);
      assertThat(cache(answer)).isEqualTo("miss");
      assertThat(answer.body()).contains("Answer number 2.");
      assertThat(upstream.received()).hasSize(2);
      assertThat(troubles).isEmpty();
    }
  }

  @Test
  void aHundredEqualClientsMakeOneCall() throws Exception {
    upstream.delays.put("crowd", Duration.ofMillis(500));
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String body = i % 2 == 0 ? question("crowd") : streamed("crowd", "");
      all.add(client.sendAsync(post(gateway, "/chat/completions", body), BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> one : all) {
      HttpResponse<String> response = one.get(30, TimeUnit.SECONDS);
      assertThat(response.statusCode()).isEqualTo(200);
      JsonNode message =
          response.body().startsWith("data:")
              ? collected(response).path(0).path("message")
              : Json.read(response.body()).path("choices").path(0).path("message");
      assertThat(message.path("content").asText()).isEqualTo("Answer number 1.");
    }
    assertThat(upstream.received()).hasSize(1);
  }

  // --- scopes -----------------------------------------------------------------------------------

  @Test
  void anotherKeyDoesNotGetTheAnswer() throws Exception {
    chat(question("Why?"), "Authorization", "Bearer sk-alice");

    assertThat(cache(chat(question("Why?"), "Authorization", "Bearer sk-bob"))).isEqualTo("miss");
    assertThat(cache(chat(question("Why?"), "api-key", "sk-carol"))).isEqualTo("miss");
    assertThat(cache(chat(question("Why?")))).isEqualTo("miss");
    assertThat(cache(chat(question("Why?"), "Authorization", "Bearer sk-alice")))
        .isEqualTo("hit-exact");
    assertThat(upstream.received().get(0).headers().get("Authorization"))
        .containsExactly("Bearer sk-alice");
  }

  @Test
  void keysOfAGroupShareAndAScopeIsWithinTheGroup() throws Exception {
    chat(question("Why?"), "Authorization", "Bearer sk-one");

    assertThat(cache(chat(question("Why?"), "Authorization", "Bearer sk-two")))
        .isEqualTo("hit-exact");
    chat(question("Why?"), "Authorization", "Bearer sk-one", "X-Reprise-Scope", "x");
    assertThat(
            cache(chat(question("Why?"), "Authorization", "Bearer sk-bob", "X-Reprise-Scope", "x")))
        .isEqualTo("miss");
    assertThat(
            cache(chat(question("Why?"), "Authorization", "Bearer sk-two", "X-Reprise-Scope", "x")))
        .isEqualTo("hit-exact");
  }

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void whatIsWrongWithOneKeyOfAGroupIsNotWrongWithAnother(boolean isLeader, boolean isFollower)
      throws Exception {
    upstream.delays.put("members", Duration.ofMillis(1500));
    CompletableFuture<HttpResponse<String>> revoked = asMember(isLeader, "Bearer sk-one");
    await(() -> upstream.received().size() == 1);
    CompletableFuture<HttpResponse<String>> same = asMember(isFollower, "Bearer sk-one");
    CompletableFuture<HttpResponse<String>> good = asMember(isFollower, "Bearer sk-two");

    assertThat(revoked.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
    assertThat(same.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
    assertThat(good.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(upstream.received().stream().map(r -> r.headers().get("Authorization").get(0)))
        .containsExactly("Bearer sk-one", "Bearer sk-two");
  }

  private CompletableFuture<HttpResponse<String>> asMember(boolean isStreamed, String key) {
    String body = isStreamed ? streamed("members", "") : question("members");
    return client.sendAsync(
        post(gateway, "/chat/completions", body, "Authorization", key), BodyHandlers.ofString());
  }

  @Test
  void theUpstreamIsShownTheGatewaysKeyOnlyWhereTheClientShowsNone() throws Exception {
    try (Gateway own =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .upstreamKey("sk-own")
            .start()) {
      send(post(own, "/chat/completions", question("Why?")));
      send(post(own, "/chat/completions", question("Why?"), "Authorization", "Bearer sk-mine"));
      send(HttpRequest.newBuilder(URI.create(own.url() + "/models")).build());
    }
    assertThat(upstream.received().stream().map(r -> r.headers().get("Authorization").get(0)))
        .containsExactly("Bearer sk-own", "Bearer sk-mine", "Bearer sk-own");
  }

  // --- control ----------------------------------------------------------------------------------

  @Test
  void onlyIfCachedIsA504WithoutAnEntry() throws Exception {
    for (String body : List.of(question("Why?"), streamed("Why?", ""))) {
      HttpResponse<String> response = chat(body, "Cache-Control", "only-if-cached");
      assertThat(response.statusCode()).isEqualTo(504);
      assertThat(code(response)).isEqualTo("not_cached");
    }
    chat(question("Why?"));
    assertThat(cache(chat(question("Why?"), "Cache-Control", "only-if-cached")))
        .isEqualTo("hit-exact");
    assertThat(upstream.received()).hasSize(1);
  }

  @Test
  void noCacheAsksAnewNoStoreKeepsNothingAndMaxAgeIsKept() throws Exception {
    chat(question("Why?"), "Cache-Control", "no-store");
    assertThat(cache(chat(question("Why?")))).isEqualTo("miss");
    assertThat(cache(chat(question("Why?"), "Cache-Control", "no-cache"))).isEqualTo("miss");
    assertThat(cache(chat(question("Why?"), "Cache-Control", "max-age=100")))
        .isEqualTo("hit-exact");
    assertThat(cache(chat(question("Why?"), "Cache-Control", "no-cache, no-store")))
        .isEqualTo("bypass");
    assertThat(upstream.received().get(0).headers()).doesNotContainKey("Cache-control");
  }

  @Test
  void useCaseTimeToLiveTagsAndDocumentsAreHeard() throws Exception {
    assertThat(cache(chat(question("Why?"), "X-Reprise-Use-Case", "creative"))).isEqualTo("bypass");
    String[] summary = {
      "X-Reprise-Use-Case", "document-summary", "X-Reprise-Documents", "a=1, b=2",
      "X-Reprise-TTL", "60", "X-Reprise-Tags", "red, green"
    };
    assertThat(cache(chat(question("Why?"), summary))).isEqualTo("miss");
    assertThat(cache(chat(question("Why?"), summary))).isEqualTo("hit-exact");
    summary[3] = "a=1, b=3";
    assertThat(cache(chat(question("Why?"), summary))).isEqualTo("miss");
    assertThat(upstream.received().get(0).headers().keySet())
        .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("x-reprise"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Reprise-TTL|soon", "X-Reprise-TTL|0", "X-Reprise-Documents|a"})
  void aHeaderThatCannotBeUnderstoodIsA400(String header) throws Exception {
    String[] parts = header.split("\\|");
    HttpResponse<String> response = chat(question("Why?"), parts);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(code(response)).isEqualTo("invalid_header");
    assertThat(upstream.received()).isEmpty();
  }

  // --- limits and bad input ---------------------------------------------------------------------

  @Test
  void brokenJsonIsA400AndAnotherTypeA415() throws Exception {
    assertThat(chat("{\"model\":").statusCode()).isEqualTo(400);
    assertThat(chat("[]").statusCode()).isEqualTo(400);
    assertThat(chat("").statusCode()).isEqualTo(400);
    HttpResponse<String> typed =
        send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(question("Why?")))
                .build());
    assertThat(typed.statusCode()).isEqualTo(415);
    assertThat(code(typed)).isEqualTo("unsupported_media_type");
    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void aBodyThatIsTooLargeIsA413WithAndWithoutItsLength() throws Exception {
    byte[] large = question("a".repeat(200_000)).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    String withLength = raw(head + "Content-Length: 200000\r\n\r\n");
    assertThat(withLength).startsWith("HTTP/1.1 413").contains("request_too_large");
    String chunk = Integer.toHexString(large.length) + "\r\n";
    String chunked =
        raw(
            head
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunk
                + new String(large, StandardCharsets.UTF_8)
                + "\r\n0\r\n\r\n");
    assertThat(chunked).startsWith("HTTP/1.1 413").contains("request_too_large");
  }

  @Test
  void aBodyThatDoesNotComeIsA408() throws Exception {
    assertThat(
            raw(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{"))
        .startsWith("HTTP/1.1 408")
        .contains("request_timeout");
  }

  @Test
  void headersThatAreTooLargeAreA431AndNonsenseIsA400() throws Exception {
    assertThat(
            raw(
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Bomb: "
                    + "b".repeat(60_000)
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("\"error\":{");
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400").contains("\"error\":{");
  }

  @Test
  void aDeadTierChangesNoStatus() throws Exception {
    try (Gateway lame =
        Gateway.builder(
                upstream.url(),
                CacheEngine.builder()
                    .exactTier(RedisExactTier.builder("redis://127.0.0.1:1").build()))
            .port(0)
            .start()) {
      for (String body : List.of(question("Why?"), question("Why?"), streamed("Why?", ""))) {
        HttpResponse<String> answer = send(post(lame, "/chat/completions", body));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(cache(answer)).isEqualTo("miss");
      }
      assertThat(
              send(post(lame, "/embeddings", "{\"model\":\"e\",\"input\":[\"a\",\"b\"]}"))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void moreThanLoopbackNeedsAnAdminToken() {
    GatewayBuilder open = Gateway.builder(upstream.url(), CacheEngine.builder()).host("0.0.0.0");

    assertThatThrownBy(open::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("admin token");
  }

  @Test
  void itTellsWhetherItIsWell() throws Exception {
    for (String path : List.of("/livez", "/readyz")) {
      assertThat(send(HttpRequest.newBuilder(gateway.url().resolve(path)).build()).statusCode())
          .isEqualTo(200);
    }
    assertThat(send(HttpRequest.newBuilder(gateway.url().resolve("/")).build()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void closingWaitsForWhatIsUnderWay() throws Exception {
    upstream.delays.put("late", Duration.ofMillis(2500));
    CompletableFuture<HttpResponse<String>> late =
        client.sendAsync(
            post(gateway, "/chat/completions", question("late")), BodyHandlers.ofString());
    await(() -> !upstream.received().isEmpty());
    gateway.close();

    assertThat(late.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(gateway.stats().stored()).isEqualTo(1);
  }

  // --- everything else --------------------------------------------------------------------------

  @Test
  void everyOtherPathAndMethodPassesUntouched() throws Exception {
    HttpResponse<String> put =
        send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/files/a%20b?x=1&y=%2F"))
                .header("X-Own", "mine")
                .method("PATCH", BodyPublishers.ofString("any bytes"))
                .build());

    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(put.headers().firstValue("content-type")).hasValue("application/x-echo");
    assertThat(put.headers().firstValue("x-echo")).hasValue("PATCH");
    assertThat(put.body()).isEqualTo("/v1/files/a%20b?x=1&y=%2F|any bytes");
    assertThat(upstream.received().get(0).headers().get("X-own")).containsExactly("mine");
    assertThat(send(HttpRequest.newBuilder(URI.create(gateway.url() + "/models")).build()).body())
        .isEqualTo("/v1/models|");
    send(HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions")).DELETE().build());
    assertThat(upstream.received().get(2).method()).isEqualTo("DELETE");
  }

  // --- embeddings -------------------------------------------------------------------------------

  @Test
  void onlyMissingInputsAreAskedForAndTheirOrderIsKept() throws Exception {
    embed("[\"a\",\"bb\"]");
    HttpResponse<String> mixed = embed("[\"ccc\",\"a\",\"dddd\",\"bb\",\"ccc\"]");
    HttpResponse<String> single = embed("\"ccc\"");

    assertThat(upstream.received()).hasSize(2);
    assertThat(upstream.received().get(1).json().path("input"))
        .isEqualTo(Json.read("[\"ccc\",\"dddd\"]"));
    JsonNode data = Json.read(mixed.body()).path("data");
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      assertThat(data.get(i).path("index").asInt()).isEqualTo(i);
      lengths.add(data.get(i).path("embedding").get(0).asInt());
    }
    assertThat(lengths).containsExactly(3, 1, 4, 2, 3);
    assertThat(Json.read(mixed.body()).path("usage").path("total_tokens").asInt()).isEqualTo(2);
    assertThat(cache(mixed)).isEqualTo("miss");
    assertThat(cache(single)).isEqualTo("hit-exact");
    assertThat(Json.read(single.body()).path("model").asText()).isEqualTo("embed-1");
  }

  // --- tools ------------------------------------------------------------------------------------

  private static String question(String text) {
    return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private static String streamed(String text, String fields) {
    return "{\"stream\":true," + fields + question(text).substring(1);
  }

  private HttpResponse<String> chat(String body, String... headers) throws Exception {
    return send(post(gateway, "/chat/completions", body, headers));
  }

  private HttpResponse<String> embed(String input) throws Exception {
    return send(post(gateway, "/embeddings", "{\"model\":\"e\",\"input\":" + input + "}"));
  }

  private static HttpRequest post(Gateway to, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.url() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }

  private static String code(HttpResponse<String> response) throws IOException {
    JsonNode error = Json.read(response.body()).path("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    return error.path("code").asText();
  }

  /** Returns what of an answer is not of one call. */
  private static JsonNode lasting(HttpResponse<String> response) throws IOException {
    ObjectNode answer = (ObjectNode) Json.read(response.body());
    answer.remove(List.of("id", "created"));
    return answer;
  }

  private static List<String> names(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<JsonNode> chunks(HttpResponse<String> response) throws IOException {
    List<JsonNode> chunks = new ArrayList<>();
    for (String event : response.body().split("\n\n", -1)) {
      if (!event.isEmpty() && !event.equals("data: [DONE]")) {
        chunks.add(Json.read(event.substring("data: ".length())));
      }
    }
    return chunks;
  }

  /** Puts a stream's chunks together to the choices of a whole answer. */
  private static JsonNode collected(HttpResponse<String> response) throws IOException {
    ChunkCollector collector = new ChunkCollector();
    for (JsonNode chunk : chunks(response)) {
      collector.take(EventReader.Event.of("", Json.text(chunk)));
    }
    return ChatCodec.read(collector.answer().orElseThrow()).path("choices");
  }

  /** Sends bytes and returns all that comes back before the connection ends or is silent. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(3000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[4096];
      try {
        for (int read = socket.getInputStream().read(buffer);
            read >= 0;
            read = socket.getInputStream().read(buffer)) {
          answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // The server is silent, or gone; what came is what is looked at.
        answer.append("");
      }
      return answer.toString();
    }
  }

  private static void await(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for too long").isLessThan(deadline);
      Thread.sleep(10);
    }
  }
}
