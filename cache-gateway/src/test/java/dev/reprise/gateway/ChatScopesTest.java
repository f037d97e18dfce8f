package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose answers a key gets. */
class ChatScopesTest extends GatewayFixture {
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
    WireClient.await(() -> upstream.received().size() == 1);
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
}
