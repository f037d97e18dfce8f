package dev.reprise.cli.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.model.CacheException;
import dev.reprise.model.internal.Checks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A model on a server that speaks OpenAI's embeddings protocol: {@code POST URL/embeddings}. Safe
 * for use by several threads.
 *
 * <p>Servers may cut a text that is too long without a word. So a text is too long if the server
 * counts as many tokens as the window has, or, where it counts none, if it has more characters.
 */
final class ServerEmbedder implements Embedder {
  /** How long one text may take, its connection included. */
  static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final int LARGEST_REPLY = 4 << 20;

  /** No token has more characters on average. */
  private static final int CHARACTERS_OF_A_TOKEN = 16;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI endpoint;
  private final String model;
  private final String key;
  private final int window;
  private final Duration deadline;
  private final HttpClient client;
  private final int dimension;

  private ServerEmbedder(Server server, Duration deadline) {
    this.deadline = deadline;
    endpoint = URI.create(server.url().toString().replaceFirst("/+$", "") + "/embeddings");
    model = server.model();
    key = server.key();
    window = server.window();
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(deadline)
            .build();
    dimension = components(reply("What is the dimension?")).length;
  }

  /**
   * Where a model is.
   *
   * @param url the base URL, such as {@code http://127.0.0.1:8000/v1}
   * @param model the model's name there
   * @param key the API key; empty for none
   * @param window the longest text, in the model's tokens
   */
  record Server(URI url, String model, String key, int window) {}

  /**
   * Asks the server for one vector.
   *
   * @throws CacheException if it does not answer with one
   */
  static ServerEmbedder connect(Server server) {
    return connect(server, DEADLINE);
  }

  /** The same with another deadline for one text. */
  static ServerEmbedder connect(Server server, Duration deadline) {
    return new ServerEmbedder(server, deadline);
  }

  @Override
  public String id() {
    return "server:" + model;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  /**
   * {@inheritDoc}
   *
   * @throws CacheException if the server does not answer in time, or not with a vector
   */
  @Override
  public Embedding embed(String text) {
    Checks.notBlank("text", text);
    if (text.length() > (long) window * CHARACTERS_OF_A_TOKEN) {
      return new Embedding.TooLong(window);
    }
    JsonNode reply = reply(text);
    int tokens = reply.path("usage").path("prompt_tokens").asInt(0);
    if (tokens > 0 ? tokens >= window : text.length() > window) {
      return new Embedding.TooLong(window);
    }
    return new Embedding.Embedded(Vector.normalized(components(reply)));
  }

  private JsonNode reply(String text) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", model).put("input", text).put("encoding_format", "float");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request.build(), unused -> new Limited());
    HttpResponse<byte[]> response;
    try {
      response = sent.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new CacheException(
          endpoint + " did not answer within " + deadline.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new CacheException(endpoint + " cannot be asked: " + e.getCause(), e);
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw new CacheException("interrupted while " + endpoint + " was asked", e);
    }
    // The body of an error may repeat the user's text.
    if (response.statusCode() != 200) {
      throw new CacheException(endpoint + " answered with status " + response.statusCode());
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new CacheException(endpoint + " did not answer with JSON", e);
    }
  }

  private float[] components(JsonNode reply) {
    JsonNode embedding = reply.path("data").path(0).path("embedding");
    float[] components = new float[embedding.size()];
    float most = 0;
    for (int i = 0; i < components.length; i++) {
      components[i] = embedding.path(i).isNumber() ? embedding.path(i).floatValue() : Float.NaN;
      most = Math.max(most, Math.abs(components[i]));
    }
    // NaN is neither; Math.max keeps it.
    if (!(most > 0) || Float.isInfinite(most)) {
      throw new CacheException(endpoint + " answered without a vector for the model " + model);
    }
    return components;
  }

  /** Collects a body up to a limit. */
  private static final class Limited implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
    private Flow.@Nullable Subscription subscription;
    private long size;

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      whole.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      size += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
      if (size <= LARGEST_REPLY) {
        whole.onNext(buffers);
      } else if (subscription != null) {
        subscription.cancel();
        whole.onError(new IOException("the reply has more than " + LARGEST_REPLY + " bytes"));
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.onError(failure);
    }

    @Override
    public void onComplete() {
      whole.onComplete();
    }
  }
}
