package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.policy.Admission;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisClusterProcesses;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.CaffeineExactTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Engines in one process that share a Redis behave like one cache. */
class SeveralInstancesIT {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final int WARM_UP = 20;
  private static final int MEASURED = 200;
  private static final Tag PRICES = Tag.of("prices");

  private final RedisProcess server = RedisProcess.start();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    server.close();
  }

  /** What is removed, and how. */
  enum Removed {
    TAG,
    DOCUMENT,
    SCOPE,
    ENTRY
  }

  private CacheEngine instance(String url) {
    CacheEngine engine =
        CacheEngine.builder()
            .exactTiers(
                CaffeineExactTier.builder().build(),
                RedisExactTier.builder(url).deadline(DEADLINE).build())
            .build();
    opened.add(engine);
    return engine;
  }

  private CacheEngine instance() {
    return instance("redis://127.0.0.1:" + server.port());
  }

  private static CacheRequest request(String question) {
    Scope scope = Scope.of("tenant");
    return CacheRequest.builder(scope)
        .provider("test")
        .model("m")
        .user(question)
        .temperature(0)
        .control(
            CacheControl.DEFAULT.with(PRICES).with(Tag.document("handbook")).with(Tag.scope(scope)))
        .build();
  }

  private static Outcome ask(CacheEngine engine, CacheRequest request, String fresh) {
    return engine.getOrCompute(request, () -> Answer.ofText(fresh));
  }

  private static String tierOf(CacheEngine engine, CacheRequest request) {
    Outcome outcome = ask(engine, request, "fresh");
    return outcome instanceof Outcome.ExactHit hit ? hit.tier() : "none";
  }

  private static ExactKey keyOf(CacheEngine engine, CacheRequest request) {
    return ((Outcome.Hit) ask(engine, request, "fresh")).entry().key();
  }

  /** Puts an answer into the memory of every engine. */
  private static void spread(CacheRequest request, String text, CacheEngine... engines) {
    ask(engines[0], request, text);
    for (CacheEngine engine : engines) {
      Eventually.that(
          "it is in the memory", () -> tierOf(engine, request).equals(CaffeineExactTier.NAME));
    }
  }

  private static void remove(CacheEngine engine, Removed what, ExactKey key) {
    switch (what) {
      case TAG -> engine.invalidate(PRICES);
      case DOCUMENT -> engine.invalidateDocument("handbook");
      case SCOPE -> engine.invalidate(Tag.scope(Scope.of("tenant")));
      case ENTRY -> engine.remove(key);
    }
  }

  @ParameterizedTest
  @EnumSource(Removed.class)
  void whatOneRemovesIsGoneFromTheMemoryOfAllOthers(Removed what) {
    CacheEngine one = instance();
    CacheEngine two = instance();
    CacheEngine three = instance();
    List<Long> took = new ArrayList<>();
    // The first ones load and compile code.
    for (int i = -WARM_UP; i < MEASURED; i++) {
      CacheRequest request = request("Question " + i);
      spread(request, "old", one, two, three);
      ExactKey key = keyOf(one, request);
      long start = System.nanoTime();
      remove(one, what, key);
      for (CacheEngine other : List.of(two, three)) {
        Eventually.that("it is gone", () -> isGone(other, request));
      }
      if (i >= 0) {
        took.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
      }
    }
    took.sort(Long::compare);
    long last = took.get(MEASURED * 99 / 100 - 1);
    System.out.println(
        "removal by "
            + what
            + " seen by all: p50 "
            + took.get(MEASURED / 2)
            + " us, p99 "
            + last
            + " us");
    assertThat(last).as("p99 in microseconds").isLessThan(100_000);
  }

  /** Asks for a cached answer only, so that nothing is stored. */
  private static boolean isGone(CacheEngine engine, CacheRequest request) {
    return !(engine.getOrCompute(onlyIfCached(request), () -> Answer.ofText("never"))
        instanceof Outcome.Hit);
  }

  private static CacheRequest onlyIfCached(CacheRequest request) {
    return request.withControl(request.control().with(CacheControl.Directive.ONLY_IF_CACHED));
  }

  @ParameterizedTest
  @EnumSource(
      value = Removed.class,
      names = {"TAG", "DOCUMENT", "SCOPE"})
  void anAnswerBegunBeforeAnInvalidationElsewhereIsNeverStored(Removed what) throws Exception {
    CacheEngine one = instance();
    CacheEngine two = instance();
    assertNeverStored(one, two, what);
  }

  @Test
  void norWithoutAMemoryTier() throws Exception {
    String url = "redis://127.0.0.1:" + server.port();
    CacheEngine one = onRedisOnly(url);
    CacheEngine two = onRedisOnly(url);
    assertNeverStored(one, two, Removed.TAG);
  }

  private CacheEngine onRedisOnly(String url) {
    CacheEngine engine =
        CacheEngine.builder()
            .exactTier(RedisExactTier.builder(url).deadline(DEADLINE).build())
            .build();
    opened.add(engine);
    return engine;
  }

  @Test
  void norOnACluster() throws Exception {
    try (RedisClusterProcesses cluster = RedisClusterProcesses.start()) {
      String url = "redis-cluster://127.0.0.1:" + cluster.masters().get(0).port();
      CacheEngine one = instance(url);
      CacheEngine two = instance(url);
      assertNeverStored(one, two, Removed.TAG);
      CacheRequest request = request("On the cluster");
      spread(request, "old", one, two);
      one.invalidate(PRICES);
      Eventually.that("it is gone", () -> isGone(two, request));
      one.close();
      two.close();
    }
  }

  private static void assertNeverStored(CacheEngine one, CacheEngine two, Removed what)
      throws Exception {
    CacheRequest request = request("What does it cost?");
    for (int i = 0; i < 10; i++) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch answered = new CountDownLatch(1);
      CompletableFuture<Outcome> pending =
          CompletableFuture.supplyAsync(
              () ->
                  two.getOrCompute(
                      request,
                      () -> {
                        asked.countDown();
                        await(answered);
                        return Answer.ofText("old");
                      }));
      await(asked);
      remove(one, what, ExactKey.ofHex("0".repeat(64)));
      answered.countDown();
      Outcome.Computed outcome = (Outcome.Computed) pending.get(30, TimeUnit.SECONDS);
      assertThat(outcome.admission()).isInstanceOf(Admission.Skip.class);
      assertThat(ask(one, request, "new")).extracting(SeveralInstancesIT::text).isEqualTo("new");
      Eventually.that(
          "the new one is stored", () -> ask(two, request, "new") instanceof Outcome.Hit);
      assertThat(text(ask(two, request, "new"))).isEqualTo("new");
      one.invalidate(PRICES);
      Eventually.that("it is gone", () -> isGone(two, request));
    }
  }

  @Test
  void removedWhileTheLinkIsLostIsNotServedAfterItIsBack() {
    try (FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port())) {
      CacheEngine near = instance();
      CacheEngine behind = instance("redis://127.0.0.1:" + proxy.port());
      CacheRequest request = request("What does it cost?");
      spread(request, "old", near, behind);

      proxy.cut();
      near.invalidate(PRICES);
      // The bound for copies whose removal may have been missed, and the time to notice.
      Eventually.that("the copy is not trusted", () -> isGone(behind, request));
      proxy.heal();

      Eventually.that("removals are told again", () -> isToldAgain(near, behind));
      assertThat(isGone(behind, request)).isTrue();
    }
  }

  private static boolean isToldAgain(CacheEngine near, CacheEngine behind) {
    CacheRequest probe = request("A probe");
    ask(near, probe, "p");
    return tierOf(behind, probe).equals(CaffeineExactTier.NAME);
  }

  private static String text(Outcome outcome) {
    return ((Outcome.Answered) outcome).answer().text();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
