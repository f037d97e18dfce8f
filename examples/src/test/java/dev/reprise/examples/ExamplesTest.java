package dev.reprise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheStats;
import dev.reprise.langchain4j.ChainOutcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example. */
class ExamplesTest {
  private static final String OFFLINE = "You said: What is the return policy?";
  private static final String COMPLETION =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini",
       "choices":[{"index":0,"finish_reason":"stop",
         "message":{"role":"assistant","content":"Open the settings and choose a new password."}}],
       "usage":{"prompt_tokens":14,"completion_tokens":9,"total_tokens":23}}
      """;

  @Test
  void quickStartAsksTheProviderOnceForThreeQuestions() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    HttpServer provider =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/v1/chat/completions",
        exchange -> {
          calls.incrementAndGet();
          byte[] reply = COMPLETION.getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, reply.length);
          exchange.getResponseBody().write(reply);
          exchange.close();
        });
    provider.start();
    try {
      String url = "http://127.0.0.1:" + provider.getAddress().getPort() + "/v1";

      // Rows are written behind the caller's back, and a lookup has a deadline: on a busy machine
      // the third question may come too soon.
      CacheStats stats;
      int runs = 0;
      do {
        calls.set(0);
        stats = QuickStart.run(url, "sk-example");
      } while (stats.semanticHits() == 0 && ++runs < 5);

      assertThat(stats.exactHits()).isEqualTo(1);
      assertThat(stats.semanticHits()).isEqualTo(1);
      assertThat(calls).hasValue(1);
    } finally {
      provider.stop(0);
    }
  }

  @Test
  void aUseCaseOfOnesOwnHits() {
    assertThat(PolicyExample.run(new OfflineModel().awaited())).isEqualTo("exact hits: 1");
    PolicyExample.main(new String[0]);
  }

  @Test
  void aTagDropsItsAnswers() {
    assertThat(TagsExample.run(new OfflineModel().awaited()))
        .containsExactly("cached: true", "dropped: 1", "cached: false");
    TagsExample.main(new String[0]);
  }

  @Test
  void tenantsOfOneModelNeverMeet() {
    OfflineModel model = new OfflineModel();
    assertThat(TenantsExample.run(model.awaited()))
        .containsExactly(
            "acme: 0 hit(s) until now",
            "acme: 1 hit(s) until now",
            "globex: 1 hit(s) until now",
            "nobody: 1 bypassed");
    assertThat(model.calls()).isEqualTo(3);
    TenantsExample.main(new String[0]);
  }

  @Test
  void hitsAreCountedInMicrometer() {
    assertThat(MetricsExample.run(new OfflineModel().awaited())).isEqualTo(1);
    MetricsExample.main(new String[0]);
  }

  /** The servers are not there: the engine is built all the same, and answers. */
  @Test
  void theEngineOnServersStartsWithoutThem() {
    try (var engine = ServersExample.engine("redis://127.0.0.1:1", "http://127.0.0.1:1")) {
      assertThat(engine.stats().exactHits()).isZero();
    }
  }

  @Test
  void streamingReplaysTheSecondTime() {
    OfflineModel model = new OfflineModel();

    assertThat(StreamingExample.run(model.streamed()))
        .containsSubsequence(
            "piece: You",
            "piece: cache?",
            "end, computed",
            "piece: You",
            "piece: cache?",
            "end, from the cache");
    assertThat(model.calls()).isEqualTo(1);
    StreamingExample.main(new String[0]);
  }

  @Test
  void aHitIsExplainedAndNotRepeatedOnceItWasReported(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("learnt.json");
    assertThat(LearningExample.run(new OfflineModel().awaited(), file))
        .satisfiesExactly(
            explanation -> assertThat(explanation).contains("accepted, cosine", "bound"),
            hit -> assertThat(hit).isEqualTo("cached: true"),
            after -> assertThat(after).isEqualTo("cached after it was reported: false"),
            risk -> assertThat(risk).contains("servedWrong=1"));
    assertThat(file).isNotEmptyFile();
    LearningExample.main(new String[] {file.toString()});
  }

  @Test
  void aRepeatedQuestionNeitherEmbedsNorRetrievesNorAsksTheModel() {
    OfflineModel model = new OfflineModel();
    try (RagChainExample example = new RagChainExample(model.awaited())) {
      example.publish("returns", "1", "Goods can be returned within 14 days.");
      example.publish("shipping", "1", "Shipping takes 3 days.");

      ChainOutcome<String> first = example.ask("How long can I return goods?");
      ChainOutcome<String> second = example.ask("How long can I return goods?");

      assertThat(first.answer()).contains("within 14 days");
      assertThat(first.wasCached()).isFalse();
      assertThat(second.answer()).isEqualTo(first.answer());
      assertThat(second.wasCached()).isTrue();
      assertThat(example.retrievals()).isEqualTo(1);
      assertThat(model.calls()).isEqualTo(1);
    }
  }

  @Test
  void aNewVersionOfTheDocumentDropsTheAnswerAndAnotherDocumentDoesNot() {
    OfflineModel model = new OfflineModel();
    try (RagChainExample example = new RagChainExample(model.awaited())) {
      example.publish("returns", "1", "Goods can be returned within 14 days.");
      example.publish("shipping", "1", "Shipping takes 3 days.");
      example.ask("How long can I return goods?");

      example.publish("shipping", "2", "Shipping takes 2 days.");
      assertThat(example.ask("How long can I return goods?").wasCached()).isTrue();

      example.publish("returns", "2", "Goods can be returned within 30 days.");
      ChainOutcome<String> fresh = example.ask("How long can I return goods?");
      assertThat(fresh.wasCached()).isFalse();
      assertThat(fresh.answer()).contains("within 30 days");
      assertThat(model.calls()).isEqualTo(2);
    }
    RagChainExample.main(new String[0]);
  }

  @Test
  void micronautCachesEveryModelBean() {
    assertThat(MicronautExample.run()).containsExactly(OFFLINE, OFFLINE, "1 hit");
  }

  @Test
  void cdiInjectsTheCachedModel() {
    assertThat(CdiExample.run()).containsExactly(OFFLINE, OFFLINE, "1 hit");
  }
}
