package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.model.CacheException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Which model embeds questions: the options that say it. */
public final class EmbedderOptions {
  private static final String FLAG = "--embedder";
  private static final int LARGEST_WINDOW = 1 << 20;

  @Option(
      names = FLAG,
      paramLabel = "URL",
      description =
          "The base URL of a server with OpenAI's embeddings protocol, for example"
              + " http://127.0.0.1:8000/v1, in place of the built-in MiniLM, which reads English."
              + " Every question is sent there. The built-in calibration is not made for it: fit"
              + " one with ./reprise calibrate. Default: none.")
  private Optional<String> embedder = Optional.empty();

  @Option(
      names = "--embedder-model",
      paramLabel = "NAME",
      description = "The model of --embedder; stored vectors belong to it. No default.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--embedder-key-env",
      paramLabel = "VARIABLE",
      description = "The environment variable with the API key of --embedder. Default: no key.")
  private Optional<String> keyVariable = Optional.empty();

  @Option(
      names = "--embedder-window",
      paramLabel = "TOKENS",
      defaultValue = "512",
      description =
          "The longest question that the model of --embedder reads, in tokens; longer ones are"
              + " matched exactly only. Default: ${DEFAULT-VALUE}.")
  private int window = 512;

  public EmbedderOptions() {}

  /** Returns whether the built-in model embeds. */
  public boolean isBuiltIn() {
    return embedder.isEmpty();
  }

  /**
   * Returns what loads or connects the embedder; it throws an {@link InputException} if the server
   * does not embed.
   *
   * @param environment has the key
   * @param builtIn loads the built-in one
   * @throws InputException if an option cannot be used; the message begins with the flag
   */
  public Supplier<Embedder> embedder(
      Map<String, String> environment, Supplier<? extends Embedder> builtIn) {
    if (embedder.isEmpty()) {
      model.ifPresent(unused -> unusable("--embedder-model"));
      keyVariable.ifPresent(unused -> unusable("--embedder-key-env"));
      return builtIn::get;
    }
    ServerEmbedder.Server server =
        new ServerEmbedder.Server(url(embedder.get()), model(), key(environment), window());
    return () -> {
      try {
        return ServerEmbedder.connect(server);
      } catch (CacheException e) {
        throw new InputException(FLAG + " " + server.url() + ": " + e.getMessage(), e);
      }
    };
  }

  /** Returns the built-in embedder, or the server that was named. */
  Supplier<Embedder> embedder(Map<String, String> environment) {
    return embedder(environment, MiniLmEmbedder::load);
  }

  private static void unusable(String flag) {
    throw new InputException(flag + ": there is no " + FLAG + " URL that it belongs to");
  }

  private static URI url(String text) {
    try {
      URI url = URI.create(text.strip());
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (isHttp && url.getHost() != null && url.getUserInfo() == null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw new InputException(FLAG + " " + text + ": it is no URL", e);
    }
    throw new InputException(
        FLAG + " " + text + ": use http://HOST:PORT/v1 or https, without a user");
  }

  private String model() {
    String name = model.orElse("").strip();
    if (name.isEmpty()) {
      throw new InputException(FLAG + ": set --embedder-model, the model's name on that server");
    }
    return name;
  }

  private String key(Map<String, String> environment) {
    if (keyVariable.isEmpty()) {
      return "";
    }
    String key = environment.getOrDefault(keyVariable.get(), "");
    if (key.isBlank()) {
      throw new InputException(
          "--embedder-key-env: the variable " + keyVariable.get() + " is not set");
    }
    return key.strip();
  }

  private int window() {
    if (window < 1 || window > LARGEST_WINDOW) {
      throw new InputException(
          "--embedder-window: it is " + window + ", but must be from 1 to " + LARGEST_WINDOW);
    }
    return window;
  }
}
