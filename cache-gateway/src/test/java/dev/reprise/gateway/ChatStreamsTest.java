package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.openai.OpenAiStreams;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of /v1/chat/completions that are streamed, and who shares them. */
class ChatStreamsTest extends GatewayFixture {
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
    Protocol.Collector collector = OpenAiStreams.ofChat();
    String safe = "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}";
    for (String more : List.of(safe, safe, "{}")) {
      collector.take(
          EventReader.Event.of(
              "",
              "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null,\"native_finish_reason\":\"STOP\",\"content_filter_results\":"
                  + more
                  + "}]}"));
    }
    JsonNode choice = OpenAiStreams.chat(collector).path("choices").path(0);

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
    WireClient.await(() -> gateway.stats().cancelled() == 1);
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
      WireClient.await(() -> upstream.received().size() == 1);
      CompletableFuture<HttpResponse<String>> follower =
          client.sendAsync(post(gateway, "/chat/completions", body), BodyHandlers.ofString());
      WireClient.await(() -> gateway.stats().waiting() == 1);
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
    WireClient.await(() -> gateway.stats().failed() == 1);

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
      WireClient.await(() -> upstream.received().size() == 1);
      CompletableFuture<HttpResponse<String>> whole =
          client.sendAsync(
              post(heard, "/chat/completions", question(script)), BodyHandlers.ofString());
      WireClient.await(() -> heard.stats().waiting() == 1);
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
}
