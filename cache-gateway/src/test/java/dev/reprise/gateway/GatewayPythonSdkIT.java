package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The official Python SDK against a gateway. What is asked and expected stands in sdk_test.py. */
class GatewayPythonSdkIT {
  @Test
  void theOfficialSdkIsServedAsByItsProvider() throws Exception {
    PythonEnvironment python = PythonEnvironment.sdk();
    try (ScriptedUpstream upstream = new ScriptedUpstream();
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
}
