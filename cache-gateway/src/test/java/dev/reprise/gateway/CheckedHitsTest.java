package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.gateway.ScriptedProvider.Scripted;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.testing.OnePlaceEmbedder;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A hit is served with its own answer, however early the answer of its check is there: the listener
 * here is so slow that the check is over before the hit is sent.
 */
class CheckedHitsTest {
  private static final int PATIENCE_SECONDS = 20;

  private final Semaphore checked = new Semaphore(0);
  private final List<String> judged = new CopyOnWriteArrayList<>();
  private final WireClient client = new WireClient();

  /** Hits of requests for a cached answer only are not checked: no call may be made for them. */
  private volatile boolean isSlow;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "/chat/completions|{'model':'m','temperature':0,'messages':[{'role':'user','content':'How"
            + " do I pay? N'}]}",
        "/responses|{'model':'m','temperature':0,'store':false,'input':'How do I pay? N'}"
      })
  void theCachedAnswerIsSent(String path, String template) throws Exception {
    try (ScriptedModelServer upstream = new ScriptedModelServer();
        Gateway gateway = Gateway.builder(upstream.url(), engine()).port(0).start()) {
      String body = template.replace('\'', '"');
      HttpResponse<String> first = client.post(gateway, path, body.replace("N", "0"));
      assertThat(first.body()).contains("number 1");
      WireClient.await(
          () -> {
            try {
              HttpResponse<String> hit =
                  client.post(
                      gateway, path, body.replace("N", "warm"), "Cache-Control", "only-if-cached");
              return WireClient.cache(hit).equals("hit-semantic");
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      isSlow = true;
      for (int i = 1; i <= 3; i++) {
        HttpResponse<String> hit =
            client.post(gateway, path, body.replace("N", "" + i), "X-Correlation-Id", "t" + i);
        assertThat(WireClient.cache(hit)).isEqualTo("hit-semantic");
        assertThat(hit.body()).contains("number 1.");
      }
      assertThat(judged).hasSize(3).doesNotContain("Answer number 1.");
      // Each check was made with the headers of its own request.
      assertThat(
              upstream
                  .received()
                  .subList(upstream.received().size() - 3, upstream.received().size()))
          .extracting(call -> call.headers().get("X-correlation-id"))
          .containsExactly(List.of("t1"), List.of("t2"), List.of("t3"));
    }
  }

  /** The other providers' protocols: path, path of a stream, and body. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "/v1/chat/completions|/v1/chat/completions|{'model':'m','temperature':0,'stream':S,"
            + "'messages':[{'role':'user','content':'How do I pay? N'}]}",
        "/v1/messages|/v1/messages|{'model':'m','max_tokens':100,'temperature':0,'stream':S,"
            + "'messages':[{'role':'user','content':'How do I pay? N'}]}",
        "/v1beta/models/m:generateContent|/v1beta/models/m:streamGenerateContent?alt=sse|"
            + "{'generationConfig':{'temperature':0},"
            + "'contents':[{'role':'user','parts':[{'text':'How do I pay? N'}]}]}",
        "/api/chat|/api/chat|{'model':'m','stream':S,'options':{'temperature':0},"
            + "'messages':[{'role':'user','content':'How do I pay? N'}]}",
        "/api/generate|/api/generate|{'model':'m','stream':S,'options':{'temperature':0},"
            + "'prompt':'How do I pay? N'}"
      })
  void theCachedAnswerIsSentInEveryProtocolStreamedOrNot(
      String path, String streamPath, String template) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (ScriptedProvider upstream =
            new ScriptedProvider(asked -> numbered(asked.target(), calls.incrementAndGet()));
        Gateway gateway = Gateway.builder(upstream.url(), engine()).port(0).start()) {
      String body = template.replace('\'', '"').replace("S,", "false,");
      assertThat(send(gateway, path, body.replace("N", "0")).body()).contains("Answer-1.");
      WireClient.await(
          () -> {
            try {
              HttpResponse<String> hit =
                  send(gateway, path, body.replace("N", "warm"), "Cache-Control", "only-if-cached");
              return WireClient.cache(hit).equals("hit-semantic");
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      isSlow = true;
      for (int i = 1; i <= 3; i++) {
        HttpResponse<String> hit = send(gateway, path, body.replace("N", "" + i));
        assertThat(WireClient.cache(hit)).isEqualTo("hit-semantic");
        assertThat(hit.body()).contains("Answer-1.");
      }
      assertThat(judged).containsExactly("Answer-2.", "Answer-3.", "Answer-4.");
      // A stream is never checked.
      isSlow = false;
      String streamed = template.replace('\'', '"').replace("S,", "true,").replace("N", "stream");
      HttpResponse<String> hit = send(gateway, streamPath, streamed);
      assertThat(WireClient.cache(hit)).isEqualTo("hit-semantic");
      assertThat(hit.body()).contains("Answer-1.");
      assertThat(calls).hasValue(4);
    }
  }

  private HttpResponse<String> send(Gateway to, String path, String body, String... headers)
      throws Exception {
    return client.postTo(URI.create("http://127.0.0.1:" + to.port() + path), body, headers);
  }

  /** Returns a provider's whole reply with the number of its call. */
  private static Scripted numbered(String target, int call) {
    String text = "\"Answer-" + call + ".\"";
    String end = "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":9,\"eval_count\":4}";
    String head = "{\"model\":\"m\",\"created_at\":\"2026-11-30T02:00:00.1Z\",";
    return new Scripted(
        200,
        "application/json",
        switch (target.replaceAll(".*[/:]", "")) {
          case "messages" ->
              "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":"
                  + "[{\"type\":\"text\",\"text\":"
                  + text
                  + "}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                  + "\"usage\":{\"input_tokens\":9,\"output_tokens\":4}}";
          case "generateContent" ->
              "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":"
                  + text
                  + "}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":"
                  + "{\"promptTokenCount\":9,\"candidatesTokenCount\":4,\"totalTokenCount\":13},"
                  + "\"modelVersion\":\"m-001\",\"responseId\":\"r-1\"}";
          case "chat" ->
              head + "\"message\":{\"role\":\"assistant\",\"content\":" + text + "}," + end;
          case "generate" -> head + "\"response\":" + text + "," + end;
          case "completions" ->
              "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
                  + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                  + text
                  + "},\"finish_reason\":\"stop\"}],"
                  + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13}}";
          default -> throw new AssertionError("no script for " + target);
        });
  }

  private CacheEngine.Builder engine() {
    Embedder embedder = new OnePlaceEmbedder();
    return CacheEngine.builder()
        .semanticTier(HnswSemanticTier.builder(embedder.dimension()).build(), embedder)
        .matcher(Matcher.threshold(0.9))
        .learning(
            Learning.by(
                    (fresh, cached) -> {
                      judged.add(fresh.answer());
                      checked.release();
                      return Judgement.SAME;
                    })
                .withChecked(1))
        .listener(this::waitForCheck);
  }

  private void waitForCheck(CacheEvent event) {
    if (isSlow
        && event instanceof CacheEvent.Finished finished
        && finished.outcome() instanceof Outcome.SemanticHit) {
      try {
        if (!checked.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("the hit was not checked");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
