package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The official JavaScript SDK against a gateway. What is asked and expected stands in sdk_test.mjs.
 */
class GatewayNodeSdkIT {
  @Test
  void theOfficialSdkIsServedAsByItsProvider() throws Exception {
    NodeEnvironment node = NodeEnvironment.sdk();
    try (ScriptedModelServer upstream = new ScriptedModelServer();
        Gateway gateway =
            Gateway.builder(upstream.url(), CacheEngine.builder())
                .port(0)
                .chatPolicy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
                .start()) {
      upstream.delays.put("crowd", Duration.ofSeconds(2));
      SdkCommand.Run run = node.run("sdk_test.mjs", gateway.url().toString());

      assertThat(run.status()).as(run.output()).isZero();
      assertThat(run.output().lines().filter(line -> line.startsWith("ok "))).hasSize(13);
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
