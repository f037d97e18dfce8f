package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.admin.TokenBrake;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers on one connection, web pages of other names, and those who guess at a token. */
class GatewayIsolationTest {
  private static final String TOKEN = "An Admin Token of SOME length";
  private static final String PATH = "/v1/chat/completions";

  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).adminToken(TOKEN).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private static String question(String text) {
    return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private String seen(int call, String header) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(upstream.received().get(call).headers());
    return String.join(",", headers.getOrDefault(header, List.of()));
  }

  // --- one connection, several callers ----------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer SECRETKEY386407, Bearer secretkey386407, Bearer sEcReTkEy386407",
    "api-key, ABCDEF0123, abcdef0123, AbCdEf0123",
    "x-api-key, KEY-A, key-a, kEY-A",
    "X-Reprise-Scope, Team, team, TEAM",
    "OpenAI-Organization, org-A, org-a, ORG-A",
    "X-Unheard-Of, Value, value, VALUE"
  })
  void valuesThatDifferInCaseAreDifferentCallersOnOneConnection(
      String header, String first, String second, String third) throws Exception {
    try (RawConnection connection = new RawConnection(gateway)) {
      for (String value : List.of(first, second, third)) {
        String line = header + ": " + value;
        assertThat(connection.post(PATH, question("Why?"), line).value("X-Reprise-Cache"))
            .as(line)
            .isEqualTo("miss");
        assertThat(connection.post(PATH, question("Why?"), line).value("X-Reprise-Cache"))
            .as(line)
            .isEqualTo("hit-exact");
      }
    }
    assertThat(upstream.received()).hasSize(3);
    if (!header.startsWith("X-Reprise")) {
      assertThat(List.of(seen(0, header), seen(1, header), seen(2, header)))
          .containsExactly(first, second, third);
    }
  }

  @Test
  void anAdminTokenInOtherCaseIsNoneOnTheSameConnectionEither() throws Exception {
    try (RawConnection connection = new RawConnection(gateway)) {
      String[] right = {"Host: 127.0.0.1", "Authorization: Bearer " + TOKEN};
      String[] wrong = {
        "Host: 127.0.0.1", "Authorization: Bearer " + TOKEN.toUpperCase(Locale.ROOT)
      };
      assertThat(connection.get("/admin/stats", right).status()).isEqualTo(200);
      assertThat(connection.get("/admin/stats", wrong).status()).isEqualTo(401);
      assertThat(connection.get("/admin/stats", right).status()).isEqualTo(200);
    }
  }

  // --- names that lead here ---------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example:27681",
        "127.0.0.1.nip.io",
        "10.0.0.7",
        "[2001:db8::1]:8080",
        "notlocalhost"
      })
  void anotherNameIsRefusedOnLoopback(String host) throws Exception {
    for (String path :
        List.of("/v1/files", "/v1/models", "/metrics", "/dashboard", "/admin/stats")) {
      try (RawConnection connection = new RawConnection(gateway)) {
        RawConnection.Answer answer = connection.get(path, "Host: " + host);
        assertThat(answer.status()).as(path).isEqualTo(403);
        assertThat(answer.body()).contains("host_not_allowed", "--allow-host");
      }
    }
    try (RawConnection connection = new RawConnection(gateway)) {
      RawConnection.Answer answer = connection.post(PATH, question("Why?"), "Host: " + host);
      assertThat(answer.status()).isEqualTo(403);
    }
    assertThat(upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "127.0.0.1:1",
        "127.8.7.6",
        "[::1]:8080",
        "app.localhost",
        "localhost.",
        "host.docker.internal:8080"
      })
  void thisMachinesNamesAreWelcome(String host) throws Exception {
    try (RawConnection connection = new RawConnection(gateway)) {
      assertThat(connection.post(PATH, question("Why?"), "Host: " + host).status()).isEqualTo(200);
    }
  }

  @Test
  void probesComeByAnyName() throws Exception {
    try (RawConnection connection = new RawConnection(gateway)) {
      assertThat(connection.get("/livez", "Host: pod-7").status()).isEqualTo(200);
      assertThat(connection.get("/readyz", "Host: pod-7").status()).isEqualTo(200);
    }
  }

  @Test
  void namesThatAreListedAreWelcomeToo() throws Exception {
    try (Gateway listed =
            Gateway.builder(upstream.url(), CacheEngine.builder())
                .port(0)
                .allowHosts(List.of("Cache.example"))
                .start();
        RawConnection connection = new RawConnection(listed)) {
      assertThat(connection.get("/v1/models", "Host: cache.EXAMPLE:443").status()).isEqualTo(201);
      assertThat(connection.get("/v1/models", "Host: localhost").status()).isEqualTo(201);
      assertThat(connection.get("/v1/models", "Host: other.example").status()).isEqualTo(403);
    }
  }

  // --- guesses at the token ---------------------------------------------------------------------

  @Test
  void whoGuessesAtTheAdminTokenIsSlowedDown() throws Exception {
    SettableClock clock = new SettableClock();
    try (Gateway guarded =
            Gateway.builder(upstream.url(), CacheEngine.builder())
                .port(0)
                .adminToken(TOKEN)
                .clock(clock)
                .start();
        RawConnection connection = new RawConnection(guarded)) {
      String[] right = {"Host: localhost", "Authorization: Bearer " + TOKEN};
      for (int i = 0; i < TokenBrake.FREE_ATTEMPTS; i++) {
        String[] wrong = {
          "Host: localhost", "Authorization: Bearer guess-number-" + i + "-of-many"
        };
        assertThat(connection.get("/admin/stats", wrong).status()).isEqualTo(401);
      }
      RawConnection.Answer braked = connection.get("/admin/stats", right);
      assertThat(braked.status()).isEqualTo(429);
      assertThat(braked.value("Retry-After")).isEqualTo("1");
      assertThat(braked.body()).contains("too_many_wrong_tokens");

      clock.advance(TokenBrake.PER_ATTEMPT);
      assertThat(connection.get("/admin/stats", right).status()).isEqualTo(200);
      assertThat(connection.get("/admin/stats", right).status()).isEqualTo(200);
    }
  }

  @Test
  void toShowNoTokenIsNoGuess() throws Exception {
    try (RawConnection connection = new RawConnection(gateway)) {
      for (int i = 0; i < 3 * TokenBrake.FREE_ATTEMPTS; i++) {
        assertThat(connection.get("/admin/stats", "Host: localhost").status()).isEqualTo(401);
      }
    }
  }
}
