package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers by which a client steers the cache. */
class CacheControlTest extends GatewayFixture {
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
}
