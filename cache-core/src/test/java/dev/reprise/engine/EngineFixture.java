package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.EventLog;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.FaultyExactTier;
import dev.reprise.testing.FaultySemanticTier;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.MapExactTier;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.SemanticRow;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;

/** An engine with everything around it, and the audit that each test of it ends with. */
final class EngineFixture implements AutoCloseable {
  static final Scope SCOPE = Scope.of("tenant-a");
  static final String NEAR = "What is the capital of France?";
  static final String ASKED = "Which city is the capital of France?";
  static final double THRESHOLD = 0.9;

  final FakeClock clock = new FakeClock();
  final EventLog log = new EventLog();
  final MapExactTier map = new MapExactTier(clock);
  final FaultyExactTier exact;
  final FlatSemanticTier flat = new FlatSemanticTier(HashEmbedder.DIMENSION, clock);
  final FaultySemanticTier semantic;
  final HashEmbedder embedder = new HashEmbedder().near(ASKED, NEAR, 0.97);
  final CacheEngine engine;

  EngineFixture() {
    this(UnaryOperator.identity());
  }

  EngineFixture(UnaryOperator<CacheEngine.Builder> settings) {
    this(DeadlineOwner.TIER, DeadlineOwner.TIER, settings);
  }

  EngineFixture(
      DeadlineOwner exactOwner,
      DeadlineOwner semanticOwner,
      UnaryOperator<CacheEngine.Builder> settings) {
    exact = new FaultyExactTier(map, exactOwner);
    semantic = new FaultySemanticTier(flat, semanticOwner);
    engine =
        settings
            .apply(
                CacheEngine.builder()
                    .exactTier(exact)
                    .semanticTier(semantic, embedder)
                    .matcher(Matcher.threshold(THRESHOLD))
                    .clock(clock)
                    // Tests probe and sweep themselves.
                    .probeInterval(Duration.ofMinutes(10))
                    .listener(log))
            .build();
  }

  /** Returns a request that is cached exactly and by meaning. */
  static CacheRequest request(String question) {
    return requestBuilder(question).build();
  }

  static CacheRequest.Builder requestBuilder(String question) {
    return CacheRequest.builder(SCOPE)
        .provider("test")
        .model("model-1")
        .system("Be brief.")
        .user(question)
        .temperature(0);
  }

  static ExactKey key(CacheRequest request) {
    return Canonicalizer.exactKey(request);
  }

  /** Returns the entry that an answer to {@code request} would be stored as. */
  Entry entry(CacheRequest request, String text) {
    return new Entry(
        key(request),
        Canonicalizer.question(request),
        Answer.ofText(text),
        Duration.ofSeconds(2),
        request.model(),
        clock.now(),
        clock.now().plus(Duration.ofHours(24)),
        Set.of());
  }

  /** Puts an answer into both tiers, as an earlier request would have. */
  Entry put(CacheRequest request, String text) {
    Entry entry = entry(request, text);
    map.store(entry);
    putRow(entry);
    return entry;
  }

  void putRow(Entry entry) {
    if (entry.question() instanceof Question.Semantic question) {
      flat.store(
          new SemanticRow(
              entry.key(),
              question.fingerprint(),
              embedder.vector(question.text()),
              entry.expiresAt()));
    }
  }

  boolean hasRow(CacheRequest request) {
    Question.Semantic question = (Question.Semantic) Canonicalizer.question(request);
    return flat.search(question.fingerprint(), embedder.vector(question.text()), 100).stream()
        .anyMatch(row -> row.pointer().equals(key(request)));
  }

  void drain() throws InterruptedException {
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
  }

  /** Checks that the books are right and nothing is left open. */
  void audit(long requests) {
    log.audit(engine.stats(), requests);
    assertThat(engine.parts().calls().flights().size()).as("open flights").isZero();
  }

  /** Waits for another thread to come to {@code condition}. */
  static void await(String what, Eventually.Condition condition) {
    Eventually.that(what, condition);
  }

  /** Waits until {@code count} wait for the call of {@code request}. */
  void awaitWaiting(CacheRequest request, int count) {
    await(
        count + " wait",
        () -> {
          Flight<Object> flight = engine.parts().calls().flights().get(key(request));
          return flight != null && flight.waiting() == count;
        });
  }

  @Override
  public void close() {
    engine.close();
  }
}
