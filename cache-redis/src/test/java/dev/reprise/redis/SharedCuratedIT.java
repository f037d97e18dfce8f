package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.curated.CuratedEntry;
import dev.reprise.curated.CuratedProposal;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Curated answers of one instance are those of all, and outlive them. */
class SharedCuratedIT {
  private static final String QUESTION = "How do I reset my password?";

  private final RedisProcess server = RedisProcess.start();
  private final FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port());
  private final List<CacheEngine> engines = new ArrayList<>();

  @AfterEach
  void stop() {
    engines.forEach(CacheEngine::close);
    proxy.close();
    server.close();
  }

  private CacheEngine instance(int port) {
    CacheEngine engine =
        CacheEngine.builder()
            .exactTier(
                RedisExactTier.builder("redis://127.0.0.1:" + port)
                    .deadline(Duration.ofMillis(500))
                    .build())
            .probeInterval(Duration.ofMillis(100))
            .build();
    engines.add(engine);
    return engine;
  }

  private static CuratedEntry entry(String answer) {
    return CuratedEntry.builder(QUESTION, answer).id("reset").build();
  }

  private static String served(CacheEngine engine, String question) {
    Outcome outcome =
        engine.getOrCompute(
            CacheRequest.builder(Scope.of("tenant")).user(question).temperature(0).build(),
            () -> Answer.ofText("a model's"));
    return outcome instanceof Outcome.CuratedHit hit ? hit.answer().text() : "none";
  }

  private static void within(String what, Eventually.Condition condition) {
    Eventually.that(what, condition);
  }

  @Test
  void whatOneInstanceImportsAllServeAlsoLaterOnes() {
    CacheEngine one = instance(server.port());
    CacheEngine two = instance(server.port());
    one.curated().replace(List.of(entry("first")), "jane", "");
    assertThat(served(one, QUESTION)).isEqualTo("first");
    within("the other serves it", () -> served(two, QUESTION).equals("first"));
    two.curated().replace(List.of(entry("second")), "joe", "");
    within("the first serves the second", () -> served(one, QUESTION).equals("second"));
    assertThat(one.curated().versions()).isEqualTo(two.curated().versions()).hasSize(2);

    CuratedProposal proposal =
        new CuratedProposal("reset", "I forgot it", Scope.of("tenant"), 0.9, Instant.EPOCH);
    one.curated().propose(proposal);
    within("the other has the proposal", () -> two.curated().proposals().contains(proposal));
    two.curated().approve(proposal.id(), "joe");
    within("the wording counts here", () -> served(one, "I forgot it").equals("second"));
    within("nothing is open", () -> one.curated().proposals().isEmpty());

    CacheEngine later = instance(server.port());
    assertThat(later.curated().current()).isEqualTo(one.curated().current());
    assertThat(served(later, "I forgot it")).isEqualTo("second");
    later.curated().rollBack(1, "jane");
    within("all went back", () -> served(two, QUESTION).equals("first"));
  }

  @Test
  void aServerThatIsAwayTakesNoImportAndOneThatForgotIsToldAgain() throws Exception {
    CacheEngine one = instance(proxy.port());
    one.curated().replace(List.of(entry("first")), "jane", "");
    proxy.cut();
    assertThatThrownBy(() -> one.curated().replace(List.of(entry("second")), "jane", ""))
        .isInstanceOf(CacheException.class);
    assertThat(served(one, QUESTION)).as("still served").isEqualTo("first");
    proxy.heal();
    server.send("FLUSHALL");
    within(
        "a later instance has it again",
        () -> {
          CacheEngine later = instance(server.port());
          return served(later, QUESTION).equals("first");
        });
  }
}
