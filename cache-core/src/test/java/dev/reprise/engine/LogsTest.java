package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.Fault;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.DeadlineOwner;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written to the log while requests are served and the cache's parts fail. */
@Timeout(60)
class LogsTest {
  private static final String SAID_BY_THE_MODEL = "The capital is Paris, and that is confidential.";

  @Test
  void whatTheUserSaidIsNotLogged() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try (EngineFixture fixture =
        new EngineFixture(
            DeadlineOwner.ENGINE,
            DeadlineOwner.ENGINE,
            builder ->
                builder.listener(
                    event -> {
                      // Has a line written for each event.
                      throw new IllegalStateException("a listener that fails");
                    }))) {
      for (Fault fault : Fault.values()) {
        fixture.exact.fault(Fault.NONE);
        fixture.semantic.fault(Fault.NONE);
        ask(fixture, EngineFixture.NEAR);
        ask(fixture, EngineFixture.ASKED);
        fixture.exact.fault(fault);
        ask(fixture, EngineFixture.ASKED);
        fixture.exact.fault(Fault.NONE);
        fixture.semantic.fault(fault);
        ask(fixture, EngineFixture.ASKED + " And why?");
      }
      fixture.drain();
    } finally {
      System.setErr(before);
    }
    String log = captured.toString(StandardCharsets.UTF_8);
    assertThat(log).contains("A cache listener failed");
    assertThat(log)
        .doesNotContain(EngineFixture.NEAR)
        .doesNotContain(EngineFixture.ASKED)
        .doesNotContain("And why?")
        .doesNotContain("Be brief.")
        .doesNotContain(SAID_BY_THE_MODEL);
  }

  private static void ask(EngineFixture fixture, String question) throws Exception {
    fixture.engine.getOrCompute(
        EngineFixture.request(question), ScriptedUpstream.answering(SAID_BY_THE_MODEL));
  }
}
