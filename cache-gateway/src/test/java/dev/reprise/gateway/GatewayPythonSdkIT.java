package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The official Python SDK against a gateway. What is asked and expected stands in sdk_test.py. */
class GatewayPythonSdkIT {
  @Test
  void theOfficialSdkIsServedAsByItsProvider() throws Exception {
    PythonEnvironment python = PythonEnvironment.sdk();
    try (ScriptedModelServer upstream = new ScriptedModelServer();
        Gateway gateway =
            Gateway.builder(upstream.url(), CacheEngine.builder())
                .port(0)
                .chatPolicy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
                .start()) {
      upstream.delays.put("crowd", Duration.ofSeconds(2));
      SdkCommand.Run run = python.run("sdk_test.py", gateway.url().toString());

      assertThat(run.status()).as(run.output()).isZero();
      assertThat(run.output().lines().filter(line -> line.startsWith("ok "))).hasSize(16);
      assertThat(upstream.received().stream().filter(request -> request.body().contains("crowd")))
          .as("calls of the upstream for a hundred equal ones of either endpoint")
          .hasSize(2);
      assertThat(upstream.brokenOff.await(10, TimeUnit.SECONDS))
          .as("the stream that the SDK hung up on was stopped")
          .isTrue();
      assertThat(gateway.stats().exactHits()).isGreaterThan(6);
    }
  }

  @Test
  void theLinesOfGettingStartedDoWhatTheyPromise() throws Exception {
    PythonEnvironment python = PythonEnvironment.sdk();
    String document = Files.readString(Path.of("../docs/getting-started-gateway.md"));
    String fence = "```";
    int begin = document.indexOf(fence + "python") + (fence + "python").length();
    String lines = document.substring(begin, document.indexOf(fence, begin));
    assertThat(lines).contains("http://127.0.0.1:8080/v1");
    try (ScriptedModelServer upstream = new ScriptedModelServer();
        Gateway gateway = Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).start()) {
      Path script = python.folder().resolve("getting_started.py");
      Files.writeString(
          script,
          "import os\nos.environ['OPENAI_API_KEY'] = 'sk-client'\n"
              + lines.replace("http://127.0.0.1:8080/v1", gateway.url().toString()));
      List<String> command = List.of(python.program("python3").toString(), script.toString());
      SdkCommand.Run run = SdkCommand.run(python.folder(), command, 60);

      assertThat(run.output().lines())
          .containsExactly("miss Answer number 1.", "hit-exact Answer number 1.");
      assertThat(upstream.received()).hasSize(1);
    }
  }
}
