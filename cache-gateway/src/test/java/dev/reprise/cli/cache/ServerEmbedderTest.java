package dev.reprise.cli.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.cli.cache.ServerEmbedder.Server;
import dev.reprise.cli.io.InputException;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Embedder.Embedding;
import dev.reprise.embed.Vector;
import dev.reprise.model.CacheException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ServerEmbedderTest {
  private static final String TEXT = "Wo ist die Post?";
  private static final String VECTOR = "{\"data\":[{\"embedding\":[3.0,4.0]}]}";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;
  private URI url;
  private volatile String reply = VECTOR;
  private volatile int status = 200;
  private volatile boolean isSilent;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/embeddings", this::answer);
    server.start();
    url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(
        exchange.getRequestHeaders().getFirst("Authorization")
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    if (isSilent) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    byte[] body = reply.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private ServerEmbedder connected(int window) {
    return ServerEmbedder.connect(new Server(url, "e5", "a key", window));
  }

  private Supplier<Embedder> supplier(Map<String, String> environment, String... arguments) {
    EmbedderOptions options = new EmbedderOptions();
    new CommandLine(options).parseArgs(arguments);
    return options.embedder(
        environment,
        () -> {
          throw new CacheException("the built-in one");
        });
  }

  @Test
  void aTextIsSentAndItsVectorNormalized() {
    ServerEmbedder embedder = connected(512);
    assertThat(embedder.dimension()).isEqualTo(2);
    assertThat(embedder.id()).isEqualTo("server:e5");
    assertThat(embedder.embed(TEXT))
        .isEqualTo(new Embedding.Embedded(Vector.normalized(new float[] {0.6f, 0.8f})));
    assertThat(requests.get(1))
        .isEqualTo(
            "Bearer a key {\"model\":\"e5\",\"input\":\""
                + TEXT
                + "\",\"encoding_format\":\"float\"}");
  }

  @ParameterizedTest
  @CsvSource({"19, false", "20, true", "21, true"})
  void aTextOfAsManyTokensAsTheWindowMayHaveBeenCut(int tokens, boolean isTooLong) {
    ServerEmbedder embedder = connected(20);
    reply = VECTOR.replaceFirst(".$", ",\"usage\":{\"prompt_tokens\":" + tokens + "}}");
    assertThat(embedder.embed(TEXT) instanceof Embedding.TooLong).isEqualTo(isTooLong);
  }

  @ParameterizedTest
  @CsvSource({"20, false", "21, true"})
  void withoutACountATokenMayBeOneCharacter(int characters, boolean isTooLong) {
    assertThat(connected(20).embed("w".repeat(characters)) instanceof Embedding.TooLong)
        .isEqualTo(isTooLong);
  }

  @Test
  void aTextThatIsFarTooLongIsNotSent() {
    assertThat(connected(20).embed("w".repeat(321))).isEqualTo(new Embedding.TooLong(20));
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "{}",
        "{\"data\":[]}",
        "{\"data\":[{\"embedding\":\"AAAA\"}]}",
        "{\"data\":[{\"embedding\":[]}]}",
        "{\"data\":[{\"embedding\":[0,0]}]}",
        "{\"data\":[{\"embedding\":[1,\"x\"]}]}",
        "{\"data\":[{\"embedding\":[1,null]}]}",
        "{\"data\":[{\"embedding\":[1,1e99]}]}",
      })
  void whatIsNoVectorIsAnError(String other) {
    ServerEmbedder embedder = connected(512);
    reply = other;
    assertThatThrownBy(() -> embedder.embed(TEXT))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(url + "/embeddings");
  }

  @Test
  void anErrorOfTheServerDoesNotRepeatTheText() {
    ServerEmbedder embedder = connected(512);
    status = 500;
    reply = TEXT;
    assertThatThrownBy(() -> embedder.embed(TEXT))
        .isInstanceOf(CacheException.class)
        .hasMessage(url + "/embeddings answered with status 500");
  }

  @Test
  void aReplyHasABound() {
    ServerEmbedder embedder = connected(512);
    reply = "[" + "1,".repeat(3 << 20) + "1]";
    assertThatThrownBy(() -> embedder.embed(TEXT))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("more than 4194304 bytes");
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedForLong() {
    isSilent = true;
    assertThatThrownBy(
            () -> ServerEmbedder.connect(new Server(url, "e5", "", 512), Duration.ofMillis(200)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("did not answer within 200 ms");
  }

  @Test
  void theOptionsNameAServerAndAKey() {
    Embedder embedder =
        supplier(
                Map.of("KEY", "secret"),
                "--embedder",
                url + "/",
                "--embedder-model",
                "e5",
                "--embedder-key-env",
                "KEY")
            .get();
    assertThat(embedder.id()).isEqualTo("server:e5");
    assertThat(requests.get(0)).startsWith("Bearer secret ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--embedder http://a/v1|--embedder: set --embedder-model",
        "--embedder ftp://a --embedder-model m|--embedder ftp://a: use http",
        "--embedder http://me:you@a --embedder-model m|--embedder http://me:you@a: use http",
        "--embedder ::: --embedder-model m|--embedder :::: it is no URL",
        "--embedder-model m|--embedder-model: there is no --embedder URL",
        "--embedder-key-env K|--embedder-key-env: there is no --embedder URL",
        "--embedder http://a --embedder-model m --embedder-key-env K|--embedder-key-env: the"
            + " variable K is not set",
        "--embedder http://a --embedder-model m --embedder-window 0|--embedder-window: it is 0",
      })
  void whatCannotBeUsedIsNamed(String arguments, String message) {
    assertThatThrownBy(() -> supplier(Map.of(), arguments.split(" ")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    stop();
    assertThatThrownBy(
            () -> supplier(Map.of(), "--embedder", url.toString(), "--embedder-model", "m").get())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--embedder " + url + ": ")
        .hasMessageContaining("cannot be asked");
  }

  @Test
  void withoutAServerTheBuiltInOneIsLoaded() {
    assertThatThrownBy(() -> supplier(Map.of()).get()).hasMessage("the built-in one");
  }
}
