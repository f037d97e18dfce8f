package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.Matcher;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.SharedLog;
import dev.reprise.tier.TierException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A report of a wrong answer that the shared log did not take is not said to be known. */
@Timeout(60)
class LostReportTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String CACHED = "How do I pay?";
  private static final String ASKED = "How can one pay?";

  private final WireClient client = new WireClient();
  private final AtomicBoolean isLost = new AtomicBoolean();
  private final CountedTier rows = new CountedTier(HashEmbedder.DIMENSION);
  private ScriptedModelServer upstream;
  private Gateway gateway;

  /** Memory, with a log that is a server's. */
  private final class LoggedTier extends ForwardingExactTier {
    LoggedTier() {
      super(CaffeineExactTier.builder().build());
    }

    @Override
    public Optional<SharedLog> sharedLog(SharedLog.Topic topic) {
      return topic == SharedLog.Topic.REPORTS ? Optional.of(new Log()) : Optional.empty();
    }
  }

  private final class Log implements SharedLog {
    @Override
    public void append(String record) {
      if (isLost.get()) {
        throw new TierException("redis", "the user has no permission to run the 'xadd' command");
      }
    }

    @Override
    public void follow(Reader reader) {
      // Nobody else writes.
    }
  }

  @BeforeEach
  void start() throws Exception {
    upstream = new ScriptedModelServer();
    HashEmbedder embedder = new HashEmbedder().near(ASKED, CACHED, 0.97);
    CacheEngine.Builder engine =
        CacheEngine.builder()
            .exactTier(new LoggedTier())
            .semanticTier(rows, embedder)
            .matcher(Matcher.threshold(0.9));
    gateway = Gateway.builder(upstream.url(), engine).port(0).adminToken(TOKEN).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private HttpResponse<String> ask(String question) throws Exception {
    return client.post(
        gateway,
        "/chat/completions",
        "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
            + question
            + "\"}]}");
  }

  /** Returns the entry that is a hit by meaning, by decision 2. */
  private String hit() throws Exception {
    ask(CACHED);
    WireClient.await(() -> rows.stored() == 1);
    HttpResponse<String> hit = ask(ASKED);
    assertThat(WireClient.cache(hit)).isEqualTo("hit-semantic");
    return hit.headers().firstValue("x-reprise-entry").orElseThrow();
  }

  private JsonNode report(String entry, String more) throws Exception {
    HttpResponse<String> answer =
        client.postTo(
            URI.create("http://127.0.0.1:" + gateway.port() + "/admin/feedback"),
            "{\"entry\":\"" + entry + "\",\"feedback\":\"wrong\"" + more + "}",
            "Authorization",
            "Bearer " + TOKEN);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body());
  }

  @Test
  void aReportThatIsRecordedIsKnownAndTheAnswerRemoved() throws Exception {
    JsonNode said = report(hit(), ",\"decision\":2");
    assertThat(said.path("known").asBoolean()).isTrue();
    assertThat(said.path("removed").asBoolean()).isTrue();
    assertThat(WireClient.cache(ask(ASKED))).isEqualTo("miss");
  }

  @Test
  void aReportThatIsNotRecordedIsNotKnownThoughTheAnswerIsRemoved() throws Exception {
    String entry = hit();
    isLost.set(true);
    JsonNode said = report(entry, ",\"decision\":2");
    assertThat(said.path("known").asBoolean()).isFalse();
    assertThat(said.path("removed").asBoolean()).isTrue();
    assertThat(WireClient.cache(ask(ASKED))).isEqualTo("miss");
    assertThat(report(entry, "").path("known").asBoolean()).isFalse();
  }

  @Test
  void withoutADecisionItIsNotKnownEither() throws Exception {
    String entry = hit();
    isLost.set(true);
    assertThat(report(entry, "").path("known").asBoolean()).isFalse();
    assertThat(WireClient.cache(ask(ASKED))).isEqualTo("miss");
  }
}
