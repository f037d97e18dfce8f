import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model's server for docker/verify.sh and docker/verify-metrics.sh: it answers every chat
 * completion with the number of the call, after a tenth of a second, or after four where it is asked
 * to answer slowly. Arguments: host and port.
 */
public final class ScriptedUpstream {
  private static final String ANSWER =
      """
      {"id":"chatcmpl-up%1$d","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini",
       "choices":[{"index":0,"message":{"role":"assistant","content":"Answer number %1$d."},
                   "logprobs":null,"finish_reason":"stop"}],
       "usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}
      """;

  private ScriptedUpstream() {}

  public static void main(String[] arguments) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), 200);
    AtomicInteger calls = new AtomicInteger();
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] asked = exchange.getRequestBody().readAllBytes();
            boolean isSlow = new String(asked, StandardCharsets.UTF_8).contains("slowly");
            Thread.sleep(isSlow ? 4000 : 100);
            byte[] answer =
                ANSWER.formatted(calls.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    System.out.println("ready at " + server.getAddress().getPort());
  }
}
