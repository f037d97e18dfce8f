package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Curated answers on the wire, and how an administrator looks after them. */
class GatewayCuratedTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String ANSWER = "Open <b>Settings</b>, then \"Security\". Déjà vu?";
  private static final String LINE =
      "{\"id\":\"reset\",\"question\":\"How do I reset my password?\",\"answer\":\""
          + "Open <b>Settings</b>, then \\\"Security\\\". Déjà vu?\",\"scope\":\"*\"}";
  private static final String ASKED = "how do I reset my password";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .adminToken(TOKEN)
            .group("team", List.of("sk-one"))
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private HttpResponse<String> send(String method, String path, String body, String key)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + key)
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode admin(String method, String path, JsonNode body) throws Exception {
    HttpResponse<String> answer = send(method, "/admin/curated" + path, body.toString(), TOKEN);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body());
  }

  private JsonNode list(String query) throws Exception {
    return admin("GET", query, Json.object());
  }

  private JsonNode curate(String lines, String mode) throws Exception {
    ObjectNode body = Json.object().put("lines", lines).put("mode", mode).put("by", "jane");
    return admin("POST", "", body);
  }

  private static String question(String text, String more) {
    return "{\"model\":\"m\",\"temperature\":0,"
        + more
        + "\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private HttpResponse<String> chat(String text) throws Exception {
    return send("POST", "/v1/chat/completions", question(text, ""), "sk-one");
  }

  private static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }

  /** Returns all texts in JSON, or in the events of a stream, joined. */
  private static String texts(String body, String name) throws IOException {
    StringBuilder texts = new StringBuilder();
    for (String line : body.split("\n", -1)) {
      String data = line.startsWith("data: ") ? line.substring(6) : line;
      if (data.startsWith("{")) {
        JsonNode json = Json.read(data);
        if (!json.path("type").asText("").matches("response\\..*(done|added|completed)")) {
          json.findValuesAsText(name).forEach(texts::append);
        }
      }
    }
    return texts.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | content | {'model':'m','messages':[{'role':'user','content':'Q'}]}",
        "/v1/chat/completions | content |"
            + " {'model':'m','stream':true,'messages':[{'role':'user','content':'Q'}]}",
        "/v1/responses | text | {'model':'m','store':false,'input':'Q'}",
        "/v1/responses | delta | {'model':'m','store':false,'stream':true,'input':'Q'}",
        "/v1/messages | text |"
            + " {'model':'m','max_tokens':9,'messages':[{'role':'user','content':'Q'}]}",
        "/v1/messages | text |"
            + " {'model':'m','max_tokens':9,'stream':true,'messages':[{'role':'user','content':'Q'}]}",
        "/v1beta/models/m:generateContent | text | {'contents':[{'parts':[{'text':'Q'}]}]}",
        "/v1beta/models/m:streamGenerateContent?alt=sse | text |"
            + " {'contents':[{'parts':[{'text':'Q'}]}]}",
        "/api/chat | content |"
            + " {'model':'m','stream':false,'messages':[{'role':'user','content':'Q'}]}",
        "/api/chat | content | {'model':'m','messages':[{'role':'user','content':'Q'}]}",
        "/api/generate | response | {'model':'m','stream':false,'prompt':'Q'}",
        "/api/generate | response | {'model':'m','prompt':'Q'}",
      })
  void everyProtocolGivesIt(String path, String name, String body) throws Exception {
    curate(LINE, "replace");
    HttpResponse<String> answer =
        send("POST", path, body.replace('\'', '"').replace("Q", ASKED), "sk-any");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(cache(answer)).isEqualTo("hit-curated");
    assertThat(answer.headers().firstValue("x-reprise-tier")).hasValue("curated");
    assertThat(answer.headers().firstValue("x-reprise-curated")).hasValue("reset; version=1");
    assertThat(texts(answer.body(), name)).isEqualTo(ANSWER);
    assertThat(upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/responses | {'model':'m','input':'Q'}",
        "/v1/completions | {'model':'m','prompt':'Q'}",
        "/v1/chat/completions |"
            + " {'model':'m','n':2,'messages':[{'role':'user','content':'Q'}]}",
        "/v1/chat/completions |"
            + " {'model':'m','response_format':{'type':'json_object'},"
            + "'messages':[{'role':'user','content':'Q'}]}",
      })
  void whatATextCannotAnswerGoesToTheModel(String path, String body) throws Exception {
    curate(LINE, "replace");
    HttpResponse<String> answer =
        send("POST", path, body.replace('\'', '"').replace("Q", ASKED), "sk-any");
    assertThat(cache(answer)).isNotEqualTo("hit-curated");
    assertThat(upstream.received()).isNotEmpty();
  }

  @Test
  void aGroupsEntryIsForThatGroup() throws Exception {
    curate(LINE.replace("*", "group:team"), "replace");
    assertThat(cache(chat(ASKED))).isEqualTo("hit-curated");
    HttpResponse<String> other =
        send("POST", "/v1/chat/completions", question(ASKED, ""), "sk-two");
    assertThat(cache(other)).isEqualTo("miss");
    HttpResponse<String> within =
        client.send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
                .POST(BodyPublishers.ofString(question(ASKED, "")))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer sk-one")
                .header("X-Reprise-Scope", "someone")
                .build(),
            BodyHandlers.ofString());
    assertThat(cache(within)).as("a scope within the group").isEqualTo("miss");
  }

  @Test
  void importsAreVersionsThatCanBeListedAndRolledBack() throws Exception {
    JsonNode first = curate("# ours\n" + LINE, "replace");
    assertThat(first.path("version").asInt()).isEqualTo(1);
    assertThat(first.path("added").asInt()).isEqualTo(1);
    String second = LINE.replace("reset", "second").replace("How", "Where");
    JsonNode added = curate(second, "add");
    assertThat(added.path("size").asInt()).isEqualTo(2);
    assertThat(list("").path("entries")).hasSize(2);
    assertThat(list("?q=WHERE").path("matched").asInt()).isEqualTo(1);
    assertThat(list("?limit=1&offset=1").path("entries").get(0).path("id").asText())
        .isEqualTo("second");
    assertThat(list("?version=1").path("entries")).hasSize(1);
    JsonNode back = admin("POST", "/rollback", Json.object().put("version", 1).put("by", "joe"));
    assertThat(back.path("version").asInt()).isEqualTo(3);
    assertThat(back.path("removed").asInt()).isEqualTo(1);
    JsonNode versions = list("?limit=0").path("versions");
    assertThat(versions.findValuesAsText("version")).containsExactly("3", "2", "1");
    assertThat(versions.get(0).path("note").asText()).isEqualTo("roll back to version 1");
    assertThat(admin("DELETE", "?id=reset", Json.object()).path("removed").asBoolean()).isTrue();
    assertThat(admin("DELETE", "?id=reset", Json.object()).path("removed").asBoolean()).isFalse();
    assertThat(cache(chat(ASKED))).isEqualTo("miss");
  }

  @Test
  void aWordingIsAddedAndTakenBack() throws Exception {
    curate(LINE, "replace");
    ObjectNode alias = Json.object().put("id", "reset").put("alias", "I forgot my password");
    assertThat(admin("POST", "/alias", alias).path("added").asBoolean()).isTrue();
    assertThat(cache(chat("I forgot my password!"))).isEqualTo("hit-curated");
    assertThat(list("").path("entries").get(0).path("approvedAliases").get(0).path("text").asText())
        .isEqualTo("I forgot my password");
    admin("DELETE", "?id=reset&alias=I+forgot+my+password", Json.object());
    assertThat(cache(chat("I forgot my password!"))).isEqualTo("miss");
  }

  @Test
  void aCheckChangesNothing() throws Exception {
    JsonNode checked = admin("POST", "", Json.object().put("lines", LINE).put("check", true));
    assertThat(checked.path("read").asInt()).isEqualTo(1);
    assertThat(list("").path("version").asInt()).isZero();
  }

  @Test
  void proposalsAreApprovedOrRejected() throws Exception {
    curate(LINE, "replace");
    ObjectNode unknown = Json.object().put("id", "none").put("decision", "approve");
    assertThat(admin("POST", "/proposal", unknown).path("known").asBoolean()).isFalse();
    assertThat(list("").path("proposals")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | | {} | lines must be a text",
        "POST | | {'lines':'nothing'} | line 1: this is no JSON",
        "POST | | {'lines':'{}','mode':'merge'} | mode must be",
        "POST | /rollback | {'version':7} | version 7 of the curated answers is not kept",
        "POST | /rollback | {} | version must be a number",
        "POST | /proposal | {'id':'x','decision':'maybe'} | decision must be",
        "POST | /alias | {'id':'x','alias':'y'} | there is no curated entry x",
        "DELETE | | {} | name the entry",
        "GET | ?version=4 | {} | version 4 is not kept",
      })
  void whatIsWrongIsSaid(String method, String path, String body, String message) throws Exception {
    String at = path == null ? "" : path;
    HttpResponse<String> answer =
        send(method, "/admin/curated" + at, body.replace('\'', '"'), TOKEN);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(message);
  }

  @Test
  void onlyAnAdministratorMay() throws Exception {
    for (String method : List.of("GET", "POST", "DELETE")) {
      assertThat(send(method, "/admin/curated", "{}", "another token").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void itIsCountedAndSeen() throws Exception {
    curate(LINE, "replace");
    chat(ASKED);
    JsonNode stats = Json.read(send("GET", "/admin/stats", "", TOKEN).body());
    assertThat(stats.path("curatedHits").asInt()).isEqualTo(1);
    assertThat(stats.path("hitRate").asDouble()).isEqualTo(1);
    JsonNode decision =
        Json.read(send("GET", "/admin/decisions", "", TOKEN).body()).path("decisions").get(0);
    assertThat(decision.path("kind").asText()).isEqualTo("hit-curated");
    assertThat(decision.path("tier").asText()).isEqualTo("curated");
    JsonNode whole =
        Json.read(send("GET", "/admin/timeline?minutes=60", "", TOKEN).body()).path("whole");
    assertThat(whole.path("curatedHits").asInt()).isEqualTo(1);
    assertThat(send("GET", "/metrics", "", TOKEN).body())
        .containsPattern("cache_gets_total\\{[^}]*tier=\"curated\"[^}]*\\} 1");
  }
}
