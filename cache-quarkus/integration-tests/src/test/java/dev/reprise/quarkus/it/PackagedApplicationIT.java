package dev.reprise.quarkus.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testservers.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The packaged application runs twice on one Redis: its answers survive the restart. */
class PackagedApplicationIT {
  private static final String QUESTION = "How do I reset my password?";

  private final String keyPrefix = "quarkus-" + UUID.randomUUID() + ":";

  @Test
  void answersSurviveARestart() throws Exception {
    try (ScriptedOpenAi upstream = new ScriptedOpenAi()) {
      String first;
      try (Application application = start(upstream)) {
        first = Http.get(application.root(), "model", QUESTION);
        assertThat(Http.get(application.root(), "model", QUESTION)).isEqualTo(first);
      }
      try (Application application = start(upstream)) {
        assertThat(Http.get(application.root(), "model", QUESTION)).isEqualTo(first);
      }
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  @Test
  void aMissingScopeFailsTheStartWithTheKey() throws Exception {
    try (ScriptedOpenAi upstream = new ScriptedOpenAi()) {
      assertThat(Application.failure(options(upstream, "-Dquarkus.reprise.scope=")))
          .contains("quarkus.reprise.scope is not set");
      assertThat(
              Application.failure(
                  options(upstream, "-Dquarkus.reprise.matcher.wrong-per-lookup=7")))
          .contains("quarkus.reprise.matcher.wrong-per-lookup", "for 7.0 % write 0.07");
    }
  }

  private Application start(ScriptedOpenAi upstream) throws IOException {
    return Application.start(
        options(upstream, "-Dquarkus.reprise.redis.url=" + RedisServer.shared().url()));
  }

  private List<String> options(ScriptedOpenAi upstream, String more) {
    return List.of(
        "-Dquarkus.langchain4j.openai.base-url=" + upstream.baseUrl(),
        "-Dquarkus.reprise.redis.key-prefix=" + keyPrefix,
        more);
  }

  /** A process of the packaged application. */
  private static final class Application implements AutoCloseable {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private final Process process;
    private final URI root;

    private Application(Process process, URI root) {
      this.process = process;
      this.root = root;
    }

    static Application start(List<String> options) throws IOException {
      Process process = launch(options);
      LogReader log = new LogReader(process.getInputStream());
      return new Application(process, URI.create(log.address()));
    }

    /** Returns the log of a start that fails. */
    static String failure(List<String> options) throws Exception {
      Process process = launch(options);
      LogReader log = new LogReader(process.getInputStream());
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isNotZero();
      return log.whole();
    }

    private static Process launch(List<String> options) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElse("java"));
      command.addAll(List.of("-Xmx512m", "-Dquarkus.http.port=0", "-Dquarkus.http.host=127.0.0.1"));
      command.addAll(options);
      command.addAll(List.of("-jar", JAR.toString()));
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    URI root() {
      return root;
    }

    @Override
    public void close() {
      process.destroy();
      assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join().isAlive()).isFalse();
    }
  }
}
