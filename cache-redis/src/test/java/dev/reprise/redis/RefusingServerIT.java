package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.EventLog;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that begins to refuse what it is asked while it serves: callers get their answers. */
class RefusingServerIT {
  private RedisProcess server;
  private FaultProxy proxy;
  private final EventLog log = new EventLog();
  private CacheEngine engine;

  @BeforeEach
  void start() {
    server = RedisProcess.start();
    proxy = FaultProxy.start("127.0.0.1", server.port());
    engine =
        CacheEngine.builder()
            .exactTier(
                RedisExactTier.builder("redis://127.0.0.1:" + proxy.port())
                    .deadline(Duration.ofSeconds(1))
                    .build())
            .probeInterval(Duration.ofMillis(100))
            .listener(log)
            .build();
    assertThat(ask("before")).isInstanceOf(Outcome.Computed.class);
    assertThat(ask("before")).isInstanceOf(Outcome.ExactHit.class);
  }

  @AfterEach
  void stop() {
    engine.close();
    proxy.close();
    server.close();
  }

  private Outcome ask(String question) {
    Outcome outcome =
        engine.getOrCompute(
            CacheRequest.builder(Scope.of("s")).model("m").temperature(0).user(question).build(),
            () -> Answer.ofText("the answer to " + question));
    assertThat(((Outcome.Answered) outcome).answer().text()).isEqualTo("the answer to " + question);
    try {
      assertThat(engine.drain(Duration.ofSeconds(10))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return outcome;
  }

  private void everybodyIsAnswered(String... words) {
    for (int i = 0; i < 10; i++) {
      assertThat(ask("during " + i)).isInstanceOf(Outcome.Computed.class);
    }
    assertThat(log.of(CacheEvent.Trouble.class).get(0).cause()).hasMessageContainingAll(words);
  }

  private void itRecovers() {
    int[] question = {0};
    Eventually.that(
        "answers are stored again",
        () -> {
          question[0]++;
          ask("after " + question[0]);
          return ask("after " + question[0]) instanceof Outcome.ExactHit;
        });
  }

  @Test
  void memoryThatIsFull() {
    server.send("CONFIG", "SET", "maxmemory", "1");
    everybodyIsAnswered("its memory is full", "raise maxmemory");
    assertThat(ask("before")).as("it still reads").isInstanceOf(Outcome.Answered.class);
    server.send("CONFIG", "SET", "maxmemory", "0");
    itRecovers();
  }

  @Test
  void aPasswordThatIsSetUnderIt() {
    server.send("CONFIG", "SET", "requirepass", "s3cret");
    proxy.dropConnections();
    everybodyIsAnswered("NOAUTH", "check user and password");
    assertThat(log.of(CacheEvent.Trouble.class).get(0).cause()).hasMessageNotContaining("s3cret");
    // Without the password.
    server.restart();
    itRecovers();
  }
}
