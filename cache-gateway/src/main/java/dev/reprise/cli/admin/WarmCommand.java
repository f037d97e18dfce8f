package dev.reprise.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Progress;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.io.TextFile;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a running gateway a file of requests, so that their answers are cached. */
@Command(
    name = "warm",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends the requests of a file to a running gateway, so that their answers are cached. Cached"
          + " answers cost nothing: after a failure, run it again.",
      "A line is the JSON body of a chat completion, or a line of OpenAI's batch format (with url"
          + " and body)."
    })
public final class WarmCommand implements Callable<Integer> {
  private static final String CHAT = "/v1/chat/completions";
  private static final Set<String> PATHS = Set.of(CHAT, "/v1/responses", "/v1/embeddings");
  private static final int SHOWN_FAILURES = 20;

  @Parameters(paramLabel = "FILE", description = "JSON Lines, plain or gzipped.")
  private Path file = Path.of("");

  @Option(
      names = "--api-key-env",
      paramLabel = "NAME",
      description =
          "The environment variable with the API key whose scope is warmed. Clients with another"
              + " key do not get these answers. Default: no key.")
  private Optional<String> keyVariable = Optional.empty();

  @Option(
      names = "--use-case",
      paramLabel = "NAME",
      description = "The use case of the answers (X-Reprise-Use-Case): faq and others.")
  private Optional<String> useCase = Optional.empty();

  @Option(
      names = "--tags",
      paramLabel = "NAMES",
      description =
          "Tags by which the answers can be invalidated, separated by commas (X-Reprise-Tags).")
  private Optional<String> tags = Optional.empty();

  @Option(
      names = "--scope",
      paramLabel = "NAME",
      description = "A scope within the key's scope (X-Reprise-Scope).")
  private Optional<String> scope = Optional.empty();

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many requests are in flight at once, 1 to 64. Default: ${DEFAULT-VALUE}.")
  private int concurrency = 4;

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  private final Terminal terminal;
  private final Map<String, String> environment;

  public WarmCommand(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  /** A request, and where it stands. */
  private record Asking(String where, String path, ObjectNode body) {}

  /** What became of a request: what the cache did, or what went wrong. */
  private record Became(String where, String cache, String reason, String failure) {}

  @Override
  public Integer call() throws InterruptedException {
    if (concurrency < 1 || concurrency > 64) {
      throw new InputException("--concurrency " + concurrency + ": must be from 1 to 64");
    }
    List<Asking> askings = read();
    GatewayClient client = gateway.client(key());
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, Integer> reasons = new TreeMap<>();
    List<String> failures = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(concurrency);
    try (Progress progress = Progress.on(terminal, "Warming", askings.size())) {
      CompletionService<Became> pending = new ExecutorCompletionService<>(threads);
      askings.forEach(asking -> pending.submit(() -> ask(client, asking)));
      int hits = 0;
      for (int i = 0; i < askings.size(); i++) {
        Became became = result(pending);
        if (became.failure().isEmpty()) {
          counts.merge(became.cache(), 1, Integer::sum);
          if (!became.reason().isEmpty()) {
            reasons.merge(became.cache() + " because " + became.reason(), 1, Integer::sum);
          }
          hits += became.cache().startsWith("hit") ? 1 : 0;
        } else {
          failures.add(became.where() + ": " + became.failure());
        }
        progress.step(hits);
      }
    } finally {
      threads.shutdownNow();
    }
    report(counts, reasons, failures);
    return failures.isEmpty() ? 0 : ExitStatus.FAILURE;
  }

  private void report(
      Map<String, Integer> counts, Map<String, Integer> reasons, List<String> failures) {
    counts.forEach((what, count) -> terminal.out().printf("%-14s %8d%n", what, count));
    terminal.out().printf("%-14s %8d%n", "failed", failures.size());
    reasons.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(SHOWN_FAILURES)
        .forEach(one -> terminal.out().println(one.getValue() + " x " + one.getKey()));
    failures.stream().sorted().limit(SHOWN_FAILURES).forEach(terminal.out()::println);
    if (failures.size() > SHOWN_FAILURES) {
      terminal.out().println("... and " + (failures.size() - SHOWN_FAILURES) + " more");
    }
  }

  private static Became result(CompletionService<Became> pending) throws InterruptedException {
    try {
      return pending.take().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InputException input) {
        throw input;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Became ask(GatewayClient client, Asking asking) throws InterruptedException {
    HttpResponse<String> answer = client.ask(asking.path(), headers(), asking.body());
    int status = answer.statusCode();
    String cache = answer.headers().firstValue("x-reprise-cache").orElse("not cached");
    String reason = answer.headers().firstValue("x-reprise-reason").orElse("");
    return new Became(
        asking.where(),
        cache,
        reason,
        status / 100 == 2 ? "" : GatewayClient.words(status, answer.body()));
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    useCase.ifPresent(name -> headers.put("X-Reprise-Use-Case", name));
    tags.ifPresent(names -> headers.put("X-Reprise-Tags", names));
    scope.ifPresent(name -> headers.put("X-Reprise-Scope", name));
    return headers;
  }

  private String key() {
    if (keyVariable.isEmpty()) {
      return "";
    }
    String key = environment.getOrDefault(keyVariable.get(), "");
    if (key.isBlank()) {
      throw new InputException(
          "--api-key-env " + keyVariable.get() + ": the environment variable is not set");
    }
    return key;
  }

  private List<Asking> read() {
    List<String> lines = TextFile.read(file).lines().toList();
    List<Asking> askings = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        askings.add(asking(lines.get(i), file + ":" + (i + 1)));
      }
    }
    if (askings.isEmpty()) {
      throw new InputException(file + " has no requests");
    }
    return askings;
  }

  private static Asking asking(String line, String where) {
    ObjectNode object = JsonLines.read(line, where);
    JsonNode body = object.get("body");
    if (body == null) {
      return new Asking(where, CHAT, whole(object));
    }
    String path = JsonLines.text(object, "url", where);
    if (!PATHS.contains(path) || !(body instanceof ObjectNode inner)) {
      throw new InputException(
          where
              + ": url must be "
              + CHAT
              + ", /v1/responses or /v1/embeddings, and body an object");
    }
    return new Asking(where, path, whole(inner));
  }

  /** Returns the body of a request whose answer comes as a whole; it serves streams, too. */
  private static ObjectNode whole(ObjectNode body) {
    body.remove(List.of("stream", "stream_options"));
    return body;
  }
}
