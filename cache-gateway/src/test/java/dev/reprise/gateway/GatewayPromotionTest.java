package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.Matcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.verify.OnnxVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three keys share answers, and one of them is an attacker's, with the shipped models. The upstream
 * numbers its answers, so that each tells whose call it came from.
 */
class GatewayPromotionTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String ATTACKER = "sk-attacker";
  private static final String VICTIM = "sk-victim";
  private static final String THIRD = "sk-third";
  private static final String QUESTION = "How do I change the email address of my account?";

  /** The verifier takes each of them for {@link #QUESTION}. */
  private static final List<String> VARIANTS =
      List.of(
          "I want to change the email address of my account. How?", "change account email address");

  private static final String MARK = "What is the capital of France?";
  private static final String NEAR_MARK = "Tell me France's capital city";

  private static Embedder embedder;
  private static Verifier verifier;

  private final WireClient client = new WireClient();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeAll
  static void load() {
    embedder = MiniLmEmbedder.load();
    verifier = OnnxVerifier.load();
  }

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway = gateway(GatewayBuilder.DEFAULT_PROMOTION_AFTER);
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private Gateway gateway(int promotionAfter) {
    return Gateway.builder(
            upstream.url(),
            CacheEngine.builder()
                .semanticTier(EmbeddedCache.semanticTier(embedder), embedder)
                .matcher(Matcher.verified(verifier, WrongAnswerBound.perLookup(0.05))))
        .port(0)
        .adminToken(TOKEN)
        .group("team", List.of(ATTACKER, VICTIM, THIRD))
        .promotionAfter(promotionAfter)
        .start();
  }

  private HttpResponse<String> ask(Gateway to, String key, String question, String... headers)
      throws Exception {
    String[] all = new String[headers.length + 2];
    all[0] = "Authorization";
    all[1] = "Bearer " + key;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return client.post(to, "/chat/completions", GatewayFixture.question(question), all);
  }

  /** Asks without storing anything. */
  private HttpResponse<String> peek(String key, String question) throws Exception {
    return ask(gateway, key, question, "Cache-Control", "no-store");
  }

  private static String text(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Json.read(response.body()).at("/choices/0/message/content").asText();
  }

  private static String entry(HttpResponse<String> response) {
    return response.headers().firstValue("x-reprise-entry").orElseThrow();
  }

  private JsonNode admin(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + TOKEN)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Json.read(response.body());
  }

  /** Rows are written in the background: waits until a question is a hit by meaning. */
  private void awaitServed(Gateway by, String key, String question) {
    WireClient.await(
        () -> {
          try {
            return WireClient.cache(ask(by, key, question, "Cache-Control", "no-store"))
                .equals("hit-semantic");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private String contributorTag(String question) throws Exception {
    JsonNode rows = admin("GET", "/admin/entries", "").path("entries");
    for (JsonNode row : rows) {
      if (row.path("question").asText().equals(question)) {
        return row.path("tags").path(0).asText();
      }
    }
    throw new AssertionError(question + " is not among " + rows);
  }

  @Test
  void anAttackersVariantsAreNeverServedToTheOthersByMeaning() throws Exception {
    for (String variant : VARIANTS) {
      HttpResponse<String> stored = ask(gateway, ATTACKER, variant);
      awaitServed(gateway, ATTACKER, QUESTION);
      for (String key : List.of(VICTIM, THIRD, VICTIM)) {
        HttpResponse<String> answer = peek(key, QUESTION);
        assertThat(WireClient.cache(answer)).as(variant).isEqualTo("miss");
        assertThat(text(answer)).isNotEqualTo(text(stored));
      }
      admin("POST", "/admin/invalidate", "{\"entry\":\"" + entry(stored) + "\"}");
    }
    JsonNode misses = admin("GET", "/admin/near-misses", "").path("nearMisses");
    assertThat(misses).hasSizeGreaterThan(2);
    assertThat(misses)
        .allSatisfy(miss -> assertThat(miss.at("/nearest/stage").asText()).isEqualTo("promotion"));
    JsonNode explained =
        admin("GET", "/admin/explain?decision=" + misses.path(0).path("number").asLong(), "");
    assertThat(explained.at("/decision/nearest/why").asText()).contains("1 of 2 contributors");
  }

  /** What the test above proves nothing without: the matcher takes each variant for the same. */
  @Test
  void withoutTheRuleAnAttackersVariantsAreServed() throws Exception {
    for (String variant : VARIANTS) {
      try (Gateway without = gateway(1)) {
        String poison = text(ask(without, ATTACKER, variant));
        awaitServed(without, VICTIM, QUESTION);
        assertThat(text(ask(without, VICTIM, QUESTION, "Cache-Control", "no-store")))
            .isEqualTo(poison);
      }
    }
  }

  @Test
  void onceASecondKeyAskedTheSameItIsServed() throws Exception {
    String variant = VARIANTS.get(0);
    String answer = text(ask(gateway, VICTIM, variant));
    awaitServed(gateway, VICTIM, QUESTION);
    assertThat(WireClient.cache(peek(ATTACKER, QUESTION))).isEqualTo("miss");

    HttpResponse<String> equal = ask(gateway, THIRD, variant);
    assertThat(WireClient.cache(equal)).isEqualTo("hit-exact");
    HttpResponse<String> served = peek(ATTACKER, QUESTION);
    assertThat(WireClient.cache(served)).isEqualTo("hit-semantic");
    assertThat(text(served)).isEqualTo(answer);
  }

  @Test
  void whatAnAdministratorApprovesIsServed() throws Exception {
    HttpResponse<String> stored = ask(gateway, VICTIM, VARIANTS.get(0));
    awaitServed(gateway, VICTIM, QUESTION);
    String body = "{\"entry\":\"" + entry(stored) + "\"}";
    assertThat(admin("POST", "/admin/approve", body).path("known").asBoolean()).isTrue();
    HttpResponse<String> served = peek(THIRD, QUESTION);
    assertThat(WireClient.cache(served)).isEqualTo("hit-semantic");
    assertThat(text(served)).isEqualTo(text(stored));
    String unknown = "{\"entry\":\"" + "0".repeat(64) + "\"}";
    assertThat(admin("POST", "/admin/approve", unknown).path("known").asBoolean()).isFalse();
  }

  @Test
  void aFloodOfNearDuplicatesServesNobodyAWrongAnswer() throws Exception {
    String honest = text(ask(gateway, VICTIM, VARIANTS.get(0)));
    assertThat(WireClient.cache(ask(gateway, THIRD, VARIANTS.get(0)))).isEqualTo("hit-exact");
    awaitServed(gateway, VICTIM, QUESTION);
    List<String> poison = new ArrayList<>();
    for (String end : List.of("", " now", ", how", " today", " here", " again", " quickly")) {
      // no-cache: it is stored, whatever is there already.
      HttpResponse<String> stored =
          ask(gateway, ATTACKER, VARIANTS.get(1) + end, "Cache-Control", "no-cache");
      poison.add(text(stored));
    }
    // Rows are written in the order of their answers.
    ask(gateway, ATTACKER, MARK);
    awaitServed(gateway, ATTACKER, NEAR_MARK);
    for (String key : List.of(VICTIM, THIRD)) {
      for (String question :
          List.of(QUESTION, "What do I have to do to change my account's email address?")) {
        HttpResponse<String> answer = peek(key, question);
        assertThat(poison).as(question).doesNotContain(text(answer));
        if (WireClient.cache(answer).equals("hit-semantic")) {
          assertThat(text(answer)).as(question).isEqualTo(honest);
        }
      }
    }
  }

  @Test
  void allThatAKeyStoredIsRemovedByItsTag() throws Exception {
    ask(gateway, ATTACKER, VARIANTS.get(0));
    ask(gateway, ATTACKER, MARK);
    ask(gateway, VICTIM, "How do I cancel my subscription?");
    String tag = contributorTag(MARK);
    assertThat(tag).matches("contributor:[0-9a-f]{16}");
    assertThat(tag).isNotEqualTo(contributorTag("How do I cancel my subscription?"));
    assertThat(
            admin("POST", "/admin/invalidate", "{\"tag\":\"" + tag + "\"}").path("removed").asInt())
        .isEqualTo(2);
  }

  @Test
  void nobodyStoresInTheNameOfAnotherKey() throws Exception {
    HttpResponse<String> refused =
        ask(gateway, ATTACKER, MARK, "X-Reprise-Tags", "contributor:0123456789abcdef");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("contributor:");
  }

  @Test
  void aKeyOfItsOwnHasNoContributor() throws Exception {
    ask(gateway, "sk-alone", MARK);
    JsonNode row = admin("GET", "/admin/entries", "").path("entries").path(0);
    assertThat(row.path("question").asText()).isEqualTo(MARK);
    assertThat(row.path("tags")).isEmpty();
  }
}
