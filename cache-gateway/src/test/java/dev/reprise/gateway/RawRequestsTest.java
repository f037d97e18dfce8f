package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers may read differently: the gateway passes none of them on. */
class RawRequestsTest {
  private static final String PATH = "/v1/chat/completions";
  private static final String BODY =
      "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}";
  private static final int LENGTH = BODY.length();

  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway = Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  /** Returns the status of what is written as it is; 0 where the connection is closed. */
  private int status(String request) throws IOException {
    try (RawConnection connection = new RawConnection(gateway)) {
      connection.write(request);
      return connection.read().status();
    } catch (EOFException e) {
      return 0;
    }
  }

  private static String post(String path, String head) {
    return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + "\r\n" + BODY;
  }

  private static String json(String more) {
    return "Content-Type: application/json\r\n" + more;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/../admin/stats",
        "/v1/%2e%2e/admin/stats",
        "/v1/%2E%2E/admin/stats",
        "/v1/..%2fadmin/stats",
        "/v1/.%2e/files",
        "/v1/%252e%252e/files",
        "/v1/x;/../files",
        "/v1/x;a=b/..;/files",
        "/v1//files",
        "//v1/files",
        "/v1/chat%2fcompletions",
        "/v1/%0d%0aX-Injected:%20a",
        "/v1/files%0aHost:evil",
        "/v1/files%00",
        "/v1\\files",
        "/v1/..\\files",
        "http://evil.example/v1/files",
        "files"
      })
  void aPathThatCanBeReadInTwoWaysGoesNowhere(String path) throws Exception {
    int status = status("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    assertThat(status).as(path).isIn(0, 400, 403, 404);
    assertThat(upstream.received()).as(path).isEmpty();
  }

  @Test
  void aBodyWhoseEndCanBeReadInTwoWaysGoesNowhere() throws Exception {
    List<String> heads =
        List.of(
            json("Content-Length: " + LENGTH + "\r\nTransfer-Encoding: chunked\r\n"),
            json("Transfer-Encoding: chunked\r\nContent-Length: " + LENGTH + "\r\n"),
            json("Content-Length: " + LENGTH + "\r\nContent-Length: 3\r\n"),
            json("Content-Length: 3\r\nContent-Length: " + LENGTH + "\r\n"),
            json("Content-Length: " + LENGTH + ", 3\r\n"),
            json("Content-Length: +" + LENGTH + "\r\n"),
            json("Content-Length: -1\r\n"),
            json("Content-Length: 0x" + Integer.toHexString(LENGTH) + "\r\n"),
            json("Content-Length: 99999999999999999999\r\n"),
            json("Content-Length : " + LENGTH + "\r\n"),
            json("Content-Length: " + LENGTH + "\r\n folded: x\r\n"),
            json("Transfer-Encoding: xchunked\r\n"),
            json("Transfer-Encoding: chunked, identity\r\n"),
            json("Transfer-Encoding: identity, chunked\r\n"),
            json("Transfer-Encoding:\u000bchunked\r\n"),
            json("Content-Length: " + LENGTH + "\r\nX-A: a\u0000b\r\n"),
            json("Content-Length: " + LENGTH + "\r\nX A: b\r\n"),
            json("Content-Length: " + LENGTH + "\r\nHost: evil.example\r\n"));
    List<String> passed = new ArrayList<>();
    for (String head : heads) {
      int status = status(post(PATH, head));
      boolean isRefused = status == 0 || status / 100 == 4 || status == 501;
      if (!isRefused || !upstream.received().isEmpty()) {
        passed.add(status + " " + head);
      }
    }
    System.out.printf("%d ways to hide a request's end: %d passed%n", heads.size(), passed.size());
    assertThat(passed).isEmpty();
  }

  @Test
  void linesThatEndWithALineFeedOnlyAreRefused() throws Exception {
    String plain = post(PATH, json("Content-Length: " + LENGTH + "\r\n"));
    assertThat(status(plain)).isEqualTo(200);
    upstream.received().clear();
    assertThat(status(plain.replace("\r\n", "\n"))).isIn(0, 400);
    assertThat(status(plain.replaceFirst("127.0.0.1\r\n", "127.0.0.1\n"))).isIn(0, 400);
    assertThat(upstream.received()).isEmpty();
  }

  /** Two keys in two headers are another caller than the same two in two other headers. */
  @ParameterizedTest
  @CsvSource({
    "Authorization: A, api-key: B, api-key: A, x-api-key: B",
    "Authorization: A, api-key: B, Authorization: B, api-key: A",
    "Authorization: A, api-key: B, Authorization: A, x-api-key: B",
    "api-key: A, x-api-key: B, api-key: A, x-goog-api-key: B",
    "Authorization: A, Authorization: B, Authorization: B, Authorization: A"
  })
  void twoKeysInOtherHeadersAreAnotherCaller(
      String first, String second, String third, String fourth) throws Exception {
    try (RawConnection connection = new RawConnection(gateway)) {
      assertThat(connection.post(PATH, BODY, first, second).value("X-Reprise-Cache"))
          .isEqualTo("miss");
      assertThat(connection.post(PATH, BODY, third, fourth).value("X-Reprise-Cache"))
          .isEqualTo("miss");
      assertThat(connection.post(PATH, BODY, first, second).value("X-Reprise-Cache"))
          .isEqualTo("hit-exact");
    }
  }
}
