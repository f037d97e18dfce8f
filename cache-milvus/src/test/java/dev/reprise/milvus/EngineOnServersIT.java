package dev.reprise.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.CacheEvent.CircuitState;
import dev.reprise.engine.Outcome;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.testservers.RedisServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine on a real Redis and a real Milvus, while they are well and while they are not. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EngineOnServersIT {
  private static final String FIRST = "How do I reset my password?";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * Far less than the deadline that asking an ill tier would cost, and enough for the other tier's
   * answers on a busy machine. EngineControlTest holds by a fake clock that nothing is added.
   */
  private static final Duration LITTLE = MilvusSemanticTier.DEFAULT_DEADLINE.dividedBy(2);

  private final String collection = Server.newCollection();
  private final Scope scope = Scope.of("servers-" + UUID.randomUUID());
  private final HashEmbedder embedder = new HashEmbedder();
  private final Queue<CacheEvent.Circuit> circuits = new ConcurrentLinkedQueue<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private FaultProxy redis;
  private FaultProxy milvus;
  private CacheEngine engine;

  @BeforeEach
  void start() {
    URI at = URI.create(RedisServer.shared().url());
    redis = FaultProxy.start(at.getHost(), at.getPort() < 0 ? 6379 : at.getPort());
    milvus = FaultProxy.start(Server.shared().host(), Server.shared().port());
    opened.add(redis);
    opened.add(milvus);
    String login = at.getRawUserInfo() == null ? "" : at.getRawUserInfo() + "@";
    engine = engine("redis://" + login + "127.0.0.1:" + redis.port());
  }

  @AfterEach
  void stop() throws Exception {
    engine.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
    Server.drop(collection);
  }

  private CacheEngine engine(String redisUrl) {
    MilvusSemanticTier tier =
        Server.builder("http://127.0.0.1:" + milvus.port(), embedder.id(), embedder.dimension())
            .collection(collection)
            .build();
    tier.ensureReady();
    return CacheEngine.builder()
        .exactTier(RedisExactTier.builder(redisUrl).build())
        .semanticTier(tier, embedder)
        .matcher(Matcher.threshold(0.95))
        .probeInterval(Duration.ofMillis(200))
        .listener(
            event -> {
              if (event instanceof CacheEvent.Circuit circuit) {
                circuits.add(circuit);
              }
            })
        .build();
  }

  private CacheRequest request(String question) {
    return CacheRequest.builder(scope).model("test").user(question).temperature(0).build();
  }

  private Outcome ask(String question) {
    try {
      return engine.getOrCompute(request(question), ScriptedUpstream.answering("to " + question));
    } catch (Exception e) {
      throw new AssertionError("the cache broke a call", e);
    }
  }

  /** Returns a question near the first one that nobody has asked yet. */
  private String otherWords() {
    String question = FIRST + " " + UUID.randomUUID();
    embedder.near(question, FIRST, 0.97);
    return question;
  }

  private void eventually(Class<? extends Outcome> outcome, Supplier<String> question) {
    Eventually.that(
        outcome.getSimpleName(), PATIENCE, () -> outcome.isInstance(ask(question.get())));
  }

  @Test
  void anAnswerIsFoundInItsOwnAndInOtherWords() {
    eventually(Outcome.ExactHit.class, () -> FIRST);
    assertThat(((Outcome.ExactHit) ask(FIRST)).tier()).isEqualTo(RedisExactTier.NAME);
    eventually(Outcome.SemanticHit.class, this::otherWords);
  }

  /** What a server does. */
  enum Illness {
    DOWN,
    SILENT,
    SLOW,
    GARBAGE
  }

  private static void befall(Illness illness, FaultProxy proxy) {
    switch (illness) {
      case DOWN -> proxy.cut();
      case SILENT -> proxy.hang();
      case SLOW -> proxy.delay(Duration.ofSeconds(1));
      case GARBAGE -> proxy.answer("HTTP/1.1 200 OK\r\n\r\nno".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @ParameterizedTest
  @EnumSource(Illness.class)
  void whileRedisIsIllEveryCallIsAMissAndThenTheCacheRecovers(Illness illness) {
    isOvercome(illness, redis, RedisExactTier.NAME, Outcome.Computed.class);
  }

  @ParameterizedTest
  @EnumSource(Illness.class)
  void whileMilvusIsIllOnlyExactHitsAreLeftAndThenTheCacheRecovers(Illness illness) {
    isOvercome(illness, milvus, MilvusSemanticTier.NAME, Outcome.ExactHit.class);
  }

  /**
   * @param known what becomes of a question that was asked before
   */
  private void isOvercome(
      Illness illness, FaultProxy server, String tier, Class<? extends Outcome> known) {
    eventually(Outcome.ExactHit.class, () -> FIRST);
    circuits.clear();

    befall(illness, server);
    for (int i = 0; !circuits.contains(new CacheEvent.Circuit(tier, CircuitState.OPEN)); i++) {
      assertThat(i).as("calls until the circuit is open, after %s", engine.stats()).isLessThan(50);
      assertMiss();
    }
    List<Duration> added = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      added.add(assertMiss().timings().overhead());
    }
    Collections.sort(added);
    assertThat(added.get(added.size() / 2)).as("median delay").isLessThan(LITTLE);
    assertThat(ask(FIRST)).isInstanceOf(known);
    assertThat(engine.stats().troubleByPart()).containsKey(tier);

    server.heal();
    server.dropConnections();
    Eventually.that(
        "the circuit closes without a call",
        PATIENCE,
        () -> circuits.contains(new CacheEvent.Circuit(tier, CircuitState.CLOSED)));
    eventually(Outcome.ExactHit.class, () -> FIRST);
    eventually(Outcome.SemanticHit.class, this::otherWords);
  }

  private Outcome assertMiss() {
    String question = "Question " + UUID.randomUUID();
    Outcome outcome = ask(question);
    assertThat(outcome).isInstanceOf(Outcome.Computed.class);
    assertThat(((Outcome.Computed) outcome).answer().text()).isEqualTo("to " + question);
    return outcome;
  }

  /** The rows in Milvus then point to nothing. */
  @Test
  void aRedisThatLostEverythingIsFilledAgain() {
    try (RedisProcess own = RedisProcess.start()) {
      engine.close();
      engine = engine(own.url());
      eventually(Outcome.ExactHit.class, () -> FIRST);
      eventually(Outcome.SemanticHit.class, this::otherWords);

      own.restart();

      // Connections of before the restart may cost a call; an answer from nowhere never comes.
      // The first question would not do here: this one's answer, once stored, answers it, too.
      String words = otherWords();
      assertThat(ask(words)).isInstanceOf(Outcome.Computed.class);
      eventually(Outcome.ExactHit.class, () -> words);
    }
  }
}
