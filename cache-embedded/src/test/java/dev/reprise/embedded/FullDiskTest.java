package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.TierFullException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine whose data directory is on a full disk: calls and hits go on, and it says so once. */
@Timeout(120)
class FullDiskTest {
  private static final int CALLS = 60;

  @TempDir Path folder;

  private final Random random = new Random(5);
  private final List<CacheEvent> circuits = new CopyOnWriteArrayList<>();
  private final List<CacheEvent.Trouble> troubles = new CopyOnWriteArrayList<>();

  private static CacheRequest request(String question) {
    return CacheRequest.builder(Scope.of("test"))
        .model("model")
        .user(question)
        .temperature(0)
        .build();
  }

  /** Returns an answer that takes pages of its own. */
  private String answer() {
    byte[] noise = new byte[20_000];
    random.nextBytes(noise);
    return Base64.getEncoder().encodeToString(noise);
  }

  private CacheEngine engine(DataDirectory directory) {
    HashEmbedder embedder = new HashEmbedder().near("What is kept?", "What was kept?", 0.97);
    HnswSemanticTier index = HnswSemanticTier.builder(HashEmbedder.DIMENSION).build();
    return CacheEngine.builder()
        .exactTier(directory.exactTier())
        .semanticTier(directory.semanticTier(index, "hash"), embedder)
        .matcher(Matcher.threshold(0.9))
        .tierDeadline(Duration.ofSeconds(20))
        .probeInterval(Duration.ofMillis(50))
        .listener(
            event -> {
              if (event instanceof CacheEvent.Circuit) {
                circuits.add(event);
              } else if (event instanceof CacheEvent.Trouble trouble) {
                troubles.add(trouble);
              }
            })
        .build();
  }

  private Outcome ask(CacheEngine engine, String question) throws Exception {
    return engine.getOrCompute(request(question), ScriptedUpstream.answering(answer()));
  }

  @Test
  void callsAndHitsGoOnWithOneWarningAndItRecovers() throws Exception {
    try (DataDirectory directory = DataDirectory.builder(folder).open();
        CacheEngine engine = engine(directory)) {
      ask(engine, "What was kept?");
      assertThat(engine.drain(Duration.ofSeconds(20))).isTrue();
      ((DirectoryExactTier) directory.exactTier()).limitPages(1);
      for (int i = 0; i < CALLS; i++) {
        assertThat(ask(engine, "Question " + i)).isInstanceOf(Outcome.Computed.class);
        assertThat(ask(engine, "What was kept?")).isInstanceOf(Outcome.ExactHit.class);
        assertThat(ask(engine, "What is kept?")).isInstanceOf(Outcome.SemanticHit.class);
      }
      assertThat(circuits).isEmpty();
      ((DirectoryExactTier) directory.exactTier()).limitPages(1_000_000);
      // What was not taken is kept, and written now that there is room.
      Eventually.that(
          "the last answer is stored",
          () -> ask(engine, "Question " + (CALLS - 1)) instanceof Outcome.ExactHit);
      assertThat(ask(engine, "What is new?")).isInstanceOf(Outcome.Computed.class);
      assertThat(ask(engine, "What is new?")).isInstanceOf(Outcome.ExactHit.class);
    }
    // The log has one WARN for the first trouble of a part, until its circuit opens and closes.
    assertThat(troubles).extracting(CacheEvent.Trouble::part).containsOnly("disk");
    assertThat(troubles)
        .allSatisfy(
            trouble ->
                assertThat(trouble.cause())
                    .isInstanceOf(TierFullException.class)
                    .hasMessageContaining("the disk is full"));
  }
}
