package dev.reprise.benchmarks.load;

import dev.reprise.testservers.Ports;
import dev.reprise.testservers.VirtualEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/*
 * Set up as its documentation says for caching on Redis and for production: two workers for two processors, logs of errors only,
 * no database. Its table of prices is the one that it brings, so that nothing is fetched at its start.
 */
/** LiteLLM's proxy, from PyPI, with its cache on Redis and two workers. */
final class LiteLlm implements AutoCloseable {
  /** How many processes serve: {@value}. */
  static final int WORKERS = 2;

  /** The key that it asks its clients for; it refuses to start without a strong one. */
  static final String KEY = "sk-" + HexFormat.of().formatHex(secret());

  private static final String REQUIREMENTS = "litellm-requirements.txt";
  private static final Duration START_PATIENCE = Duration.ofMinutes(10);

  private final Child child;
  private final String url;

  private LiteLlm(Child child, String url) {
    this.child = child;
    this.url = url;
  }

  private static byte[] secret() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /** Returns the version that is pinned. */
  static String version() throws IOException {
    for (String line : new String(requirements(), StandardCharsets.UTF_8).split("\n", -1)) {
      if (line.startsWith("litellm==")) {
        return line.substring(line.lastIndexOf('=') + 1).strip();
      }
    }
    throw new IOException(REQUIREMENTS + " pins no litellm");
  }

  /** Starts one; installs it first where that was not done yet. */
  static LiteLlm start(Path folder, String upstream, int redisPort)
      throws IOException, InterruptedException {
    VirtualEnvironment python = VirtualEnvironment.of("litellm", requirements());
    Path configuration = folder.resolve("litellm.yaml");
    Files.writeString(configuration, configuration(upstream, redisPort));
    int port = Ports.free();
    List<String> command =
        List.of(
            python.python().toString(),
            python.folder().resolve("bin").resolve("litellm").toString(),
            "--config",
            configuration.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            "" + port,
            "--num_workers",
            "" + WORKERS);
    Map<String, String> environment =
        Map.of(
            "LITELLM_LOCAL_MODEL_COST_MAP", "True",
            "LITELLM_LOG", "ERROR",
            "LITELLM_MASTER_KEY", KEY,
            "LITELLM_MODE", "PRODUCTION",
            "LITELLM_TELEMETRY", "False");
    Child child = Child.start("litellm", folder.resolve("litellm.log"), environment, command);
    String url = "http://127.0.0.1:" + port;
    long end = System.nanoTime() + START_PATIENCE.toNanos();
    while (!Http.isUp(url + "/health/liveliness")) {
      if (!child.isAlive() || System.nanoTime() > end) {
        child.close();
        throw new IOException("LiteLLM's proxy does not start; it said:\n" + child.output());
      }
      Thread.sleep(250);
    }
    return new LiteLlm(child, url);
  }

  private static String configuration(String upstream, int redisPort) {
    return """
    model_list:
      - model_name: gpt-4o-mini
        litellm_params:
          model: openai/gpt-4o-mini
          api_base: %s/v1
          api_key: sk-load
    litellm_settings:
      cache: true
      cache_params:
        type: redis
        host: 127.0.0.1
        port: %d
        ttl: 86400
      set_verbose: false
      request_timeout: 60
    """
        .formatted(upstream, redisPort);
  }

  private static byte[] requirements() throws IOException {
    try (InputStream in = LiteLlm.class.getResourceAsStream(REQUIREMENTS)) {
      if (in == null) {
        throw new IOException("no resource " + REQUIREMENTS);
      }
      return in.readAllBytes();
    }
  }

  /** Returns its address, without a path. */
  String url() {
    return url;
  }

  @Override
  public void close() {
    child.close();
  }
}
