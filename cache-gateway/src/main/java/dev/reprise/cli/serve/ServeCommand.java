package dev.reprise.cli.serve;

import dev.reprise.cli.cache.CacheOptions;
import dev.reprise.cli.cache.CacheSettings;
import dev.reprise.cli.cache.DataOption;
import dev.reprise.cli.cache.EngineSetup;
import dev.reprise.cli.cache.Tiers;
import dev.reprise.cli.config.Configuration;
import dev.reprise.cli.config.SettingKey;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.Terminal;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.GatewayBuilder;
import dev.reprise.model.CacheException;
import dev.reprise.tier.TierUnreachableException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the gateway until the process is stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts an OpenAI-compatible gateway with a cache.",
      "Set your client's base URL to it: http://127.0.0.1:8080/v1.",
      "Every option is also a variable (--max-body-bytes: REPRISE_MAX_BODY_BYTES) and a key of the"
          + " --config file (max-body-bytes:). Precedence: option, variable, file, default."
    })
public final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A YAML file with these options. A change of its policy needs no restart. Default: the"
              + " variable REPRISE_CONFIG, else none.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--print-config",
      description = "Print every key with its value and its source, secrets masked, and exit.")
  private boolean printConfig;

  @Mixin private UpstreamOptions upstream = new UpstreamOptions();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = GatewayBuilder.DEFAULT_HOST,
      description =
          "The address to listen on. One that other machines can reach needs --admin-token."
              + " Default: ${DEFAULT-VALUE}.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + GatewayBuilder.DEFAULT_PORT,
      description = "The port to listen on; 0 for any free port. Default: ${DEFAULT-VALUE}.")
  private int port = GatewayBuilder.DEFAULT_PORT;

  @Option(
      names = "--admin-token",
      paramLabel = "TOKEN",
      defaultValue = "",
      description =
          "The administrator's token, 16 characters or more. Other users of this machine can see"
              + " options: prefer the variable REPRISE_ADMIN_TOKEN. Default: none.")
  private String adminToken = "";

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGINS",
      defaultValue = "",
      description =
          "The origins of web pages that may call the gateway, separated by commas, for example"
              + " https://app.example; * for all. Default: the gateway's own pages.")
  private String allowedOrigins = "";

  @Option(
      names = "--allow-host",
      paramLabel = "NAMES",
      defaultValue = "",
      description =
          "More host names that clients may use (the Host header), without ports, separated by"
              + " commas, for example cache.example; * for all. Default: on a loopback address none,"
              + " which stops DNS rebinding; elsewhere all.")
  private String allowedHosts = "";

  @Option(
      names = "--scope-secret-env",
      paramLabel = "NAME",
      description =
          "The environment variable with the secret, 16 bytes or more, that hashes API keys into"
              + " scopes. Default: a new one at each start, so that answers on a server are not"
              + " found again after a restart.")
  private Optional<String> secretVariable = Optional.empty();

  @Option(
      names = "--neutral-member",
      paramLabel = "PATHS",
      split = ",",
      description =
          "Body members to leave out of the cache key, for example user or metadata.trace_id."
              + " Repeatable. Default: only those that state how an answer is delivered.")
  private List<String> neutralMembers = List.of();

  @Option(
      names = "--neutral-header",
      paramLabel = "NAMES",
      split = ",",
      description =
          "More headers to leave out of the cache key, with * at the end for any characters."
              + " Those of well-known CDNs, proxies and tracers are left out already. Repeatable."
              + " Default: none.")
  private List<String> neutralHeaders = List.of();

  @Mixin private PriceOption price = new PriceOption();

  @Option(
      names = "--max-body-bytes",
      paramLabel = "N",
      defaultValue = "" + GatewayBuilder.DEFAULT_MAXIMUM_BODY_BYTES,
      description = "The largest request body, in bytes. Default: ${DEFAULT-VALUE}.")
  private int maximumBodyBytes = GatewayBuilder.DEFAULT_MAXIMUM_BODY_BYTES;

  @Option(
      names = "--max-body-memory-bytes",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The memory for all request bodies in flight, in bytes; each counts four times its size."
              + " Beyond it, the gateway answers 503. Default: 0, a quarter of the heap.")
  private long maximumBodyMemoryBytes;

  @Option(
      names = "--max-reply-memory-bytes",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The memory for all replies in flight, in bytes; each counts four times its size. Beyond"
              + " it, the gateway answers 503, and does not store streams. Default: 0, a quarter of"
              + " the heap.")
  private long maximumReplyMemoryBytes;

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      defaultValue = "redis://127.0.0.1:6379",
      description = "The URL of Redis. Default: ${DEFAULT-VALUE}.")
  private String redisUrl = "";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = DataOption.AUTO,
      description =
          "The directory that stores answers over a restart, as plain text, for one gateway; none:"
              + " in memory only. Default: auto, reprise/UPSTREAM in this user's data directory"
              + " (XDG_DATA_HOME, else ~/.local/share); with redis or milvus, the servers store"
              + " them.")
  private String dataDirectory = DataOption.AUTO;

  @Mixin private CacheOptions cache = new CacheOptions();

  @Mixin private GroupOptions groups = new GroupOptions();

  @Mixin private CurateOptions curate = new CurateOptions();

  @Mixin private LogOptions log = new LogOptions();

  @Mixin private TraceOptions traces = new TraceOptions();

  @Mixin(name = SettingKey.POLICY)
  private PolicyOptions policy = new PolicyOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private final Terminal terminal;
  private final Map<String, String> environment;
  private final Waiting waiting;

  /** Waits as long as a gateway shall serve. */
  @FunctionalInterface
  public interface Waiting {
    /** Returns once {@code gateway} shall be closed. */
    void await(Gateway gateway) throws InterruptedException;
  }

  public ServeCommand(Terminal terminal, Map<String, String> environment, Waiting waiting) {
    this.terminal = terminal;
    this.environment = environment;
    this.waiting = waiting;
  }

  /** Waits for ever; the gateway is closed when the process is stopped. */
  public static void untilStopped(Gateway gateway) throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  gateway.close();
                  Logs.stop();
                },
                "reprise-stop"));
    new CountDownLatch(1).await();
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Configuration.File> file = file().map(Configuration.File::read).stream().toList();
    Map<String, List<String>> flags = Configuration.flags(spec);
    Configuration configuration = Configuration.of(spec, flags, environment, file);
    // To fill in the configuration resets the options that only the command line has.
    boolean isPrinted = printConfig;
    configuration.fill(spec.commandLine(), key -> true);
    try {
      if (isPrinted) {
        policy.policy();
        terminal.out().print(configuration.asYaml());
        return 0;
      }
      serve(configuration, flags, file);
    } catch (InputException e) {
      throw configuration.located(e);
    }
    return 0;
  }

  private Optional<Path> file() {
    String variable = environment.getOrDefault(SettingKey.variable("config"), "");
    return config.isPresent() || variable.isBlank() ? config : Optional.of(Path.of(variable));
  }

  private void serve(
      Configuration configuration, Map<String, List<String>> flags, List<Configuration.File> file)
      throws InterruptedException {
    log.setUp();
    if (cache.isByMiniLm()) {
      // Beside the verifier and what else is read now.
      MiniLmEmbedder.loadAhead();
    }
    LivePolicy live = new LivePolicy(policy.policy());
    List<PolicyReload> reloads =
        file.stream()
            .map(
                one ->
                    new PolicyReload(
                        one,
                        configuration,
                        live,
                        changed -> Configuration.of(spec, flags, environment, List.of(changed))))
            .toList();
    CacheSettings cached = cache.settings("gateway", redisUrl, price.table());
    if (groups.areSet()
        && secretVariable.isEmpty()
        && cached.tiers().exact().contains(Tiers.Exact.REDIS)) {
      LOG.warn(
          "--group on Redis without --scope-secret-env: each gateway, and each start of one, takes a"
              + " key for another member of its group, so that one key alone can promote its"
              + " answers. Set --scope-secret-env.");
    }
    CacheSettings settings =
        cached.keptIn(DataOption.parse(dataDirectory, cached.tiers(), upstream.url(), environment));
    List<Path> keptIn = new ArrayList<>();
    Supplier<GatewayBuilder> options =
        () -> {
          EngineSetup setup = EngineSetup.open(settings, ServeCommand::awaited);
          setup.keptIn().ifPresent(keptIn::add);
          GatewayBuilder gateway = options(setup).chatPolicy(live);
          reloads.forEach(gateway::meters);
          return gateway;
        };
    try (Gateway gateway = start(options)) {
      tell(gateway, keptIn);
      reloads.forEach(PolicyReload::start);
      waiting.await(gateway);
    } finally {
      reloads.forEach(PolicyReload::close);
    }
  }

  /** Says what a newcomer asks first: where it is, what it caches, and how to look at that. */
  private void tell(Gateway gateway, List<Path> keptIn) {
    PrintStream out = terminal.out();
    out.println("Reprise listens on " + gateway.url() + ", in front of " + gateway.upstream());
    new Greeting(policy.policy(), cache.isByMeaning()).lines().forEach(out::println);
    keptIn.forEach(
        directory ->
            out.println("Answers are kept in " + directory + " (--data-dir none: they are not)"));
    String root = gateway.url().toString().replaceFirst("/v1$", "");
    out.println(
        adminToken.isEmpty()
            ? "Dashboard and ./reprise stats: off. To have them, start with REPRISE_ADMIN_TOKEN set to"
                + " a secret of your own, 16 characters or more; the dashboard is then at "
                + root
                + "/dashboard"
            : "Dashboard: " + root + "/dashboard (sign in with the admin token)");
    out.flush();
  }

  /** A gateway that is started again while a server is down still answers. */
  private static void awaited(TierUnreachableException e) {
    LOG.warn("{}; starting without it, and trying again", e.getMessage());
  }

  private Gateway start(Supplier<GatewayBuilder> options) {
    try {
      return options.get().start();
    } catch (IllegalArgumentException | CacheException e) {
      throw new InputException(String.valueOf(e.getMessage()), e);
    }
  }

  private GatewayBuilder options(EngineSetup setup) {
    GatewayBuilder gateway = Gateway.builder(upstream.url(), setup.engine());
    OptionValues.set("--host", () -> gateway.host(host));
    OptionValues.set("--port", () -> gateway.port(port));
    OptionValues.set("--max-body-bytes", () -> gateway.maximumBodyBytes(maximumBodyBytes));
    if (maximumReplyMemoryBytes != 0) {
      OptionValues.set(
          "--max-reply-memory-bytes",
          () -> gateway.maximumReplyMemoryBytes(maximumReplyMemoryBytes));
    }
    if (maximumBodyMemoryBytes != 0) {
      OptionValues.set(
          "--max-body-memory-bytes", () -> gateway.maximumBodyMemoryBytes(maximumBodyMemoryBytes));
    }
    OptionValues.set("--neutral-member", () -> gateway.neutralMembers(neutralMembers));
    OptionValues.set("--neutral-header", () -> gateway.neutralHeaders(neutralHeaders));
    setup.engine().curatedByJudge(curate.judge());
    log.tell(gateway);
    traces.tell(gateway, environment);
    if (!adminToken.isEmpty()) {
      OptionValues.set("--admin-token", () -> gateway.adminToken(adminToken));
    }
    if (!allowedOrigins.isBlank()) {
      List<String> origins = List.of(allowedOrigins.strip().split("\\s*,\\s*"));
      OptionValues.set("--allow-origin", () -> gateway.allowOrigins(origins));
    }
    if (!allowedHosts.isBlank()) {
      List<String> hosts = List.of(allowedHosts.strip().split("\\s*,\\s*"));
      OptionValues.set("--allow-host", () -> gateway.allowHosts(hosts));
    }
    secretVariable.ifPresent(
        name -> {
          byte[] secret =
              OptionValues.variable(environment, "--scope-secret-env", name)
                  .getBytes(StandardCharsets.UTF_8);
          OptionValues.set("--scope-secret-env", () -> gateway.scopeSecret(secret));
        });
    if (secretVariable.isEmpty()) {
      // Else nobody with a key would find after a restart what was kept for them.
      setup.keptIn().ifPresent(directory -> gateway.scopeSecret(KeptSecret.in(directory)));
    }
    groups.tell(gateway, environment);
    upstream.tell(gateway, environment);
    return gateway;
  }
}
