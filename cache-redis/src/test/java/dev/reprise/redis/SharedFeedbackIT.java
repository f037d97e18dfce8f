package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.Outcome;
import dev.reprise.key.ExactKey;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.SemanticTier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is reported as wrong on one instance is forbidden on all of them, and after a restart. */
class SharedFeedbackIT {
  private static final String CACHED = "How tall is the tower in Paris?";
  private static final String ASKED = "How tall is the tower in Prague?";
  private static final String NEAR_ASKED = "How tall is Prague's tower?";
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  private final RedisProcess server = RedisProcess.start();
  private final FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port());
  private final FlatSemanticTier rows =
      new FlatSemanticTier(HashEmbedder.DIMENSION, InstantSource.system());
  private final HashEmbedder embedder =
      new HashEmbedder().near(ASKED, CACHED, 0.97).near(NEAR_ASKED, ASKED, 0.99);
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
            .semanticTier(shared(), embedder)
            .matcher(Matcher.threshold(0.9))
            .probeInterval(Duration.ofMillis(100))
            .build();
    engines.add(engine);
    return engine;
  }

  private CacheEngine instance() {
    return instance(server.port());
  }

  /** Every instance closes its tier; these rows are everybody's. */
  private SemanticTier shared() {
    return (SemanticTier)
        Proxy.newProxyInstance(
            SemanticTier.class.getClassLoader(),
            new Class<?>[] {SemanticTier.class},
            (self, method, arguments) ->
                method.getName().equals("close") ? null : method.invoke(rows, arguments));
  }

  private static CacheRequest request(String question) {
    return CacheRequest.builder(Scope.of("tenant"))
        .provider("test")
        .model("m")
        .user(question)
        .temperature(0)
        .build();
  }

  private static Outcome peek(CacheEngine engine, String question) {
    return engine.getOrCompute(
        request(question)
            .withControl(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED)),
        () -> Answer.ofText("never"));
  }

  private static boolean isHit(CacheEngine engine, String question) {
    return peek(engine, question) instanceof Outcome.SemanticHit;
  }

  private ExactKey put(CacheEngine engine) throws InterruptedException {
    engine.getOrCompute(request(CACHED), () -> Answer.ofText("330 m"));
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    return ((Outcome.Hit) peek(engine, CACHED)).entry().key();
  }

  @Test
  void aReportedPairAndItsNeighboursAreForbiddenEverywhereAndAfterARestart() throws Exception {
    CacheEngine one = instance();
    CacheEngine two = instance();
    ExactKey entry = put(one);
    assertThat(isHit(one, ASKED)).isTrue();
    assertThat(isHit(two, ASKED)).isTrue();

    assertThat(one.feedback(request(ASKED), entry, Feedback.WRONG)).isTrue();

    assertThat(isHit(one, ASKED)).isFalse();
    Eventually.that("the other forbids it", ONE_SECOND, () -> !isHit(two, ASKED));
    assertThat(isHit(two, NEAR_ASKED)).isFalse();
    CacheEngine restarted = instance();
    assertThat(isHit(restarted, ASKED)).as("at its first question").isFalse();
  }

  @Test
  void whoIsToldOfAnEntryThatAnotherServedForbidsThePairAllTheSame() throws Exception {
    CacheEngine one = instance();
    CacheEngine two = instance();
    ExactKey entry = put(one);
    assertThat(isHit(two, ASKED)).isTrue();

    assertThat(one.feedback(entry, Feedback.WRONG)).isTrue();

    put(one);
    Eventually.that("the one that served it forbids it", ONE_SECOND, () -> !isHit(two, ASKED));
    Eventually.that("so does the other", ONE_SECOND, () -> !isHit(one, ASKED));
    assertThat(isHit(instance(), ASKED)).isFalse();
  }

  @Test
  void whatTheServerHasLostIsToldAgainByThoseThatKnowIt() throws Exception {
    CacheEngine one = instance();
    ExactKey entry = put(one);
    assertThat(isHit(one, ASKED)).isTrue();
    assertThat(one.feedback(request(ASKED), entry, Feedback.WRONG)).isTrue();

    server.send("FLUSHALL");
    Eventually.that("it is there again", () -> !server.send("XLEN", "reprise:log").equals("0"));
    put(one);
    CacheEngine later = instance();
    assertThat(isHit(later, ASKED)).isFalse();
    assertThat(isHit(later, NEAR_ASKED)).isFalse();
  }

  @Test
  void whatWasNotRecordedIsNotSaidToBeAndIsMadeUpFor() throws Exception {
    CacheEngine one = instance(proxy.port());
    CacheEngine two = instance();
    ExactKey entry = put(one);
    assertThat(isHit(one, ASKED)).isTrue();

    proxy.cut();
    assertThat(one.feedback(request(ASKED), entry, Feedback.WRONG)).isFalse();
    assertThat(isHit(two, ASKED)).isTrue();
    proxy.heal();

    Eventually.that("it is made up for", () -> !isHit(two, ASKED));
  }
}
