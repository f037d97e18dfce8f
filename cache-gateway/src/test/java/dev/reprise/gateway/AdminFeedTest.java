package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an administrator sees of decisions and of entries, and what he removes. */
class AdminFeedTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String OTHER_KEY = "another client's key";

  private static final Embedder EMBEDDER = MiniLmEmbedder.load();

  /** Rejects every pair, as two questions in German. */
  private static final class Refusing implements Matcher {
    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      return explain(candidate).decision();
    }

    @Override
    public MatchExplanation explain(MatchCandidate candidate) {
      MatchDecision rejected = new MatchDecision.Reject(0.4, MatchStage.GUARDS, "another place");
      return new MatchExplanation(MatchExplanation.of(rejected).steps(), rejected, "de");
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    CacheEngine.Builder engine =
        CacheEngine.builder()
            .semanticTier(new CountedTier(EMBEDDER.dimension()), EMBEDDER)
            .matcher(new Refusing());
    gateway = Gateway.builder(upstream.url(), engine).port(0).adminToken(TOKEN).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path, String token)
      throws IOException, InterruptedException {
    return client.send(
        request
            .uri(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = send(HttpRequest.newBuilder().GET(), path, TOKEN);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), path, TOKEN);
  }

  private String ask(String question) throws Exception {
    return ask(question, 0, TOKEN);
  }

  /** Returns what became of it. */
  private String ask(String question, int seed, String key) throws Exception {
    String body =
        "{\"model\":\"m\",\"temperature\":0,\"seed\":"
            + seed
            + ",\"messages\":[{\"role\":\"user\",\"content\":\""
            + question
            + "\"}]}";
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .POST(BodyPublishers.ofString(body))
            .header("X-Reprise-Tags", "prices");
    return send(request, "/v1/chat/completions", key)
        .headers()
        .firstValue("x-reprise-cache")
        .orElseThrow();
  }

  /** Waits until the feed has so many decisions: an answer is sent before its request ends. */
  private JsonNode decisions(int count) throws Exception {
    Eventually.that(
        count + " decisions", () -> get("/admin/decisions").path("newest").asLong() >= count);
    JsonNode feed = get("/admin/decisions");
    assertThat(feed.path("newest").asLong()).isEqualTo(count);
    return feed;
  }

  private static List<String> texts(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.path(field).asText()));
    return texts;
  }

  @Test
  void theFeedShowsWhatIsNewFirst() throws Exception {
    ask("Why?");
    ask("Why?");
    JsonNode list = decisions(2).path("decisions");

    assertThat(texts(list, "kind")).containsExactly("hit-exact", "miss");
    assertThat(texts(list, "question")).containsExactly("Why?", "Why?");
    assertThat(list.path(0).path("answer").asText()).isEqualTo("Answer number 1.");
    assertThat(list.path(0).path("tier").asText()).isEqualTo("memory");
    assertThat(list.path(0).path("entry").asText()).hasSize(64);
    assertThat(list.path(0).path("scopeLabel").asText()).matches("key [0-9a-f]{8}");
    assertThat(list.path(1).path("totalMs").asDouble()).isPositive();
    assertThat(texts(get("/admin/decisions?after=1").path("decisions"), "number"))
        .containsExactly("2");
    assertThat(get("/admin/decisions?limit=1").path("decisions")).hasSize(1);
    assertThat(get("/admin/decisions?after=2").path("decisions")).isEmpty();
  }

  @Test
  void aMissIsExplainedByTheFieldsInWhichItDiffers() throws Exception {
    ask("Why?", 1, TOKEN);
    ask("Why?", 2, TOKEN);
    decisions(2);

    JsonNode explained = get("/admin/explain?decision=2");
    assertThat(explained.at("/comparedWith/number").asLong()).isEqualTo(1);
    assertThat(explained.path("differences")).hasSize(1);
    JsonNode difference = explained.path("differences").path(0);
    assertThat(difference.path("field").asText()).endsWith("seed");
    assertThat(difference.path("here").asText()).isEqualTo("2");
    assertThat(difference.path("there").asText()).isEqualTo("1");
  }

  /** A signature is new in each request: it never hits, and the administrator must see why. */
  @Test
  void aSignedPictureIsNamed() throws Exception {
    String body =
        "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What"
            + " is it?\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://pictures.example/cat.png?X-Amz-Signature=%s\"}}]}]}";
    for (String signature : List.of("4f1a", "99be")) {
      post("/v1/chat/completions", body.formatted(signature));
    }
    decisions(2);

    JsonNode differences = get("/admin/explain?decision=2").path("differences");
    assertThat(texts(differences, "field")).containsExactly("messages[0].parts[1].source.uri");
    assertThat(differences.at("/0/here").asText()).endsWith("X-Amz-Signature=99be");
    assertThat(differences.at("/0/there").asText()).endsWith("X-Amz-Signature=4f1a");
  }

  @Test
  void anotherClientsEqualQuestionDiffersInItsScope() throws Exception {
    ask("Why?");
    ask("Why?", 0, OTHER_KEY);
    decisions(2);

    JsonNode explained = get("/admin/explain?decision=2");
    assertThat(texts(explained.path("differences"), "field")).containsExactly("scope");
    assertThat(explained.at("/differences/0/here").asText())
        .isNotEqualTo(explained.at("/differences/0/there").asText())
        .matches("key [0-9a-f]{8}");
  }

  @Test
  void nearMissesNameTheCandidateAndWhoRejectedIt() throws Exception {
    ask("What is the capital of France, and why?");
    AtomicInteger number = new AtomicInteger(1);
    // The row of the first is written after its answer was sent.
    Eventually.that(
        "there is a near miss",
        () -> {
          ask("What is the capital of France, and why? " + number.incrementAndGet());
          return !get("/admin/near-misses").path("nearMisses").isEmpty();
        });

    JsonNode misses = get("/admin/near-misses").path("nearMisses");
    JsonNode nearest = misses.path(0).path("nearest");
    assertThat(nearest.path("question").asText()).startsWith("What is the capital of France");
    assertThat(nearest.path("confidence").asDouble()).isEqualTo(0.4);
    assertThat(nearest.path("stage").asText()).isEqualTo("guards");
    assertThat(nearest.path("why").asText()).isEqualTo("another place");
    JsonNode explained = get("/admin/explain?decision=" + misses.path(0).path("number").asLong());
    JsonNode candidates = explained.at("/lookup/candidates");
    assertThat(candidates).isNotEmpty();
    assertThat(candidates.path(0).path("accepted").asBoolean()).isFalse();
    assertThat(candidates.path(0).path("steps")).isNotEmpty();
    assertThat(candidates.path(0).path("language").asText()).isEqualTo("de");
  }

  @Test
  void theTimelineCountsByTierAndTellsHowLongItTook() throws Exception {
    ask("Why?");
    ask("Why?");
    decisions(2);

    JsonNode whole = get("/admin/timeline?minutes=5").path("whole");
    assertThat(whole.at("/exactHits/memory").asLong()).isEqualTo(1);
    assertThat(whole.path("misses").asLong()).isEqualTo(1);
    assertThat(whole.at("/hitLatency/count").asLong()).isEqualTo(1);
    assertThat(whole.at("/missLatency/p99Ms").asDouble()).isPositive();
    assertThat(get("/admin/timeline?minutes=1440").path("slices")).hasSizeBetween(60, 61);
  }

  @Test
  void entriesAreFoundByTheirTextTagAndScope() throws Exception {
    ask("Why is the sky blue?");
    ask("How high is Everest?", 0, OTHER_KEY);

    JsonNode all = get("/admin/entries?sort=oldest");
    assertThat(all.path("scan").asText()).isEqualTo("complete");
    assertThat(texts(all.path("entries"), "question"))
        .containsExactly("Why is the sky blue?", "How high is Everest?");
    assertThat(texts(all.path("entries"), "bytes")).doesNotContain("0");
    assertThat(all.at("/entries/0/tags/0").asText()).isEqualTo("prices");
    assertThat(all.at("/byAge/0/entries").asLong()).isEqualTo(2);
    assertThat(all.path("matched").asLong()).isEqualTo(2);

    assertThat(texts(get("/admin/entries?q=EVEREST").path("entries"), "question"))
        .containsExactly("How high is Everest?");
    assertThat(get("/admin/entries?q=number+1").path("entries")).hasSize(1);
    assertThat(get("/admin/entries?q=%2E*Mars").path("entries")).isEmpty();
    assertThat(get("/admin/entries?tag=prices").path("entries")).hasSize(2);
    assertThat(get("/admin/entries?tag=nobody").path("entries")).isEmpty();
    String scope = all.at("/entries/1/scope").asText();
    String quoted = URLEncoder.encode(scope, StandardCharsets.UTF_8);
    assertThat(texts(get("/admin/entries?scope=" + quoted).path("entries"), "question"))
        .containsExactly("How high is Everest?");
    assertThat(texts(get("/admin/entries?limit=1&offset=1").path("entries"), "question"))
        .containsExactly("Why is the sky blue?");
  }

  @Test
  void allOfAScopeIsRemovedAndNothingOfAnother() throws Exception {
    ask("Why?");
    ask("Why?", 0, OTHER_KEY);
    String scope = get("/admin/entries?sort=oldest").at("/entries/0/scope").asText();

    assertThat(post("/admin/invalidate", "{\"scope\":\"" + scope + "\"}").body())
        .isEqualTo("{\"removed\":1}");

    assertThat(ask("Why?")).isEqualTo("miss");
    assertThat(ask("Why?", 0, OTHER_KEY)).isEqualTo("hit-exact");
  }

  @Test
  void theDecisionThatWasWrongIsNamedAndItsEntryGone() throws Exception {
    ask("Why?");
    ask("Why?");
    String entry = decisions(2).at("/decisions/0/entry").asText();

    String body = "{\"entry\":\"" + entry + "\",\"feedback\":\"wrong\",\"decision\":2}";
    assertThat(post("/admin/feedback", body).body()).isEqualTo("{\"known\":true,\"removed\":true}");
    assertThat(ask("Why?")).isEqualTo("miss");
    assertThat(post("/admin/feedback", body.replace(":2}", ":77}")).statusCode()).isEqualTo(400);
  }

  @Test
  void aFailureIsShownWithoutTheUpstreamsWords() throws Exception {
    send(
        HttpRequest.newBuilder()
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"error\"}]}")),
        "/v1/chat/completions",
        TOKEN);

    JsonNode failed = decisions(1).at("/decisions/0");
    assertThat(failed.path("kind").asText()).isEqualTo("failed");
    assertThat(failed.path("reason").asText()).isEqualTo("the upstream answered 429");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/admin/explain?decision=9   | 404 | decision 9 is not remembered",
        "/admin/decisions?limit=0    | 400 | limit must be a number from 1 to 500",
        "/admin/decisions?after=x    | 400 | after must be a number",
        "/admin/timeline?minutes=9999 | 400 | minutes must be a number from 1 to 1440",
        "/admin/entries?sort=best    | 400 | sort must be one of newest",
      })
  void whatIsWrongIsSaid(String path, int status, String message) throws Exception {
    HttpResponse<String> answer = send(HttpRequest.newBuilder().GET(), path, TOKEN);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Json.read(answer.body()).at("/error/message").asText()).contains(message);
  }

  @Test
  void nobodyGivesHimselfTheTagOfAScope() throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder()
                .POST(BodyPublishers.ofString("{\"model\":\"m\",\"messages\":[]}"))
                .header("X-Reprise-Tags", "scope:another"),
            "/v1/chat/completions",
            TOKEN);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("scope:");
  }
}
