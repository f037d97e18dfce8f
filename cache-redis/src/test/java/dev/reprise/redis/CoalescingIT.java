package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Coalescing;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.StreamSubscriber;
import dev.reprise.engine.StreamingUpstream;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.testing.Eventually;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisClusterProcesses;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.CaffeineExactTier;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Engines that share a Redis make one call for equal requests. */
class CoalescingIT {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final int REQUESTS = 999;

  private final RedisProcess server = RedisProcess.start();
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final AtomicInteger calls = new AtomicInteger();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    callers.shutdownNow();
    for (AutoCloseable each : opened) {
      each.close();
    }
    server.close();
  }

  static RedisExactTier.Builder tier(String url) {
    return RedisExactTier.builder(url).deadline(DEADLINE);
  }

  static CacheRequest request(String question) {
    return CacheRequest.builder(Scope.of("tenant"))
        .provider("test")
        .model("m")
        .user(question)
        .temperature(0)
        .control(CacheControl.DEFAULT.with(Tag.of("prices")))
        .build();
  }

  private String url() {
    return "redis://127.0.0.1:" + server.port();
  }

  private CacheEngine instance(CacheEngine.Builder builder, String url) {
    CacheEngine engine =
        builder.exactTiers(CaffeineExactTier.builder().build(), tier(url).build()).build();
    opened.add(engine);
    return engine;
  }

  private CacheEngine instance() {
    return instance(CacheEngine.builder(), url());
  }

  private List<CacheEngine> three() {
    return List.of(instance(), instance(), instance());
  }

  /** Asks all engines in turn, so many times, at once; each has an upstream of its own to call. */
  private List<Future<Outcome>> askAll(List<CacheEngine> engines, int times, Supplied upstream) {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Outcome>> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      CacheEngine engine = engines.get(i % engines.size());
      all.add(
          callers.submit(
              () -> {
                start.await();
                return engine.getOrCompute(request("What?"), upstream::get);
              }));
    }
    start.countDown();
    return all;
  }

  private interface Supplied {
    Answer get() throws Exception;
  }

  private static Outcome end(Future<Outcome> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> texts(List<Future<Outcome>> all) {
    Set<String> texts = new HashSet<>();
    all.forEach(each -> texts.add(((Outcome.Answered) end(each)).answer().text()));
    return texts;
  }

  private Answer slowAnswer() throws InterruptedException {
    int call = calls.incrementAndGet();
    // As long as an upstream takes, so that all are there before it ends.
    new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
    return Answer.ofText("answer " + call);
  }

  @Test
  void equalRequestsOfThreeInstancesAreOneCall() {
    List<Future<Outcome>> all = askAll(three(), REQUESTS, this::slowAnswer);
    assertThat(texts(all)).containsExactly("answer 1");
    assertThat(calls).hasValue(1);
  }

  @Test
  void soTheyAreOnACluster() throws Exception {
    try (RedisClusterProcesses cluster = RedisClusterProcesses.start()) {
      String url = "redis-cluster://127.0.0.1:" + cluster.masters().get(0).port();
      List<CacheEngine> engines =
          List.of(
              instance(CacheEngine.builder(), url),
              instance(CacheEngine.builder(), url),
              instance(CacheEngine.builder(), url));
      assertThat(texts(askAll(engines, 30, this::slowAnswer))).containsExactly("answer 1");
      assertThat(calls).hasValue(1);
      for (CacheEngine engine : engines) {
        engine.close();
      }
    }
  }

  @Test
  void coalescingInProcessMakesOneCallForEachInstance() {
    List<CacheEngine> engines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      engines.add(instance(CacheEngine.builder().coalescing(Coalescing.IN_PROCESS), url()));
    }
    texts(askAll(engines, 30, this::slowAnswer));
    assertThat(calls).hasValue(3);
  }

  /** Collects a stream. */
  private static final class Collected implements StreamSubscriber<String> {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> end = new CompletableFuture<>();

    @Override
    public void onWhole(Outcome.Answered outcome) {
      end.complete(outcome.answer().text());
    }

    @Override
    public void onChunk(String chunk, Subscription subscription) {
      text.append(chunk);
    }

    @Override
    public void onComplete(Outcome.Answered outcome) {
      end.complete(text.toString());
    }

    @Override
    public void onUnsatisfied(Outcome.Unsatisfied outcome) {
      end.completeExceptionally(new AssertionError("unsatisfied"));
    }

    @Override
    public void onError(Throwable cause) {
      end.completeExceptionally(cause);
    }
  }

  private StreamingUpstream<String> slowStream() {
    return sink -> {
      int call = calls.incrementAndGet();
      var unused =
          callers.submit(
              () -> {
                sink.next("answer ");
                new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
                sink.next("" + call);
                sink.complete(Answer.ofText("answer " + call));
                return null;
              });
    };
  }

  @Test
  void equalStreamsOfThreeInstancesAreOneCall() throws Exception {
    List<CacheEngine> engines = three();
    List<Collected> all = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      Collected collected = new Collected();
      all.add(collected);
      engines.get(i % 3).stream(request("What?"), slowStream(), collected);
    }
    for (Collected each : all) {
      assertThat(each.end.get(60, TimeUnit.SECONDS)).isEqualTo("answer 1");
    }
    assertThat(calls).hasValue(1);
  }

  @Test
  void streamsAndAwaitedRequestsShareOneCall() throws Exception {
    List<CacheEngine> engines = three();
    Collected streamed = new Collected();
    engines.get(0).stream(request("What?"), slowStream(), streamed);
    Future<Outcome> awaited =
        callers.submit(() -> engines.get(1).getOrCompute(request("What?"), this::slowAnswer));
    Collected other = new Collected();
    engines.get(2).stream(request("What?"), slowStream(), other);
    assertThat(streamed.end.get(30, TimeUnit.SECONDS)).isEqualTo("answer 1");
    assertThat(other.end.get(30, TimeUnit.SECONDS)).isEqualTo("answer 1");
    assertThat(texts(List.of(awaited))).containsExactly("answer 1");
    assertThat(calls).hasValue(1);
  }

  @Test
  void aCancelledStreamHandsItsLeadOver() throws Exception {
    CacheEngine one = instance();
    CacheEngine two = instance();
    CountDownLatch leads = new CountDownLatch(1);
    StreamSubscriber.Subscription cancelled =
        one.stream(
            request("What?"),
            (StreamingUpstream<String>) sink -> leads.countDown(),
            new Collected());
    assertThat(leads.await(30, TimeUnit.SECONDS)).isTrue();
    Collected waits = new Collected();
    long start = System.nanoTime();
    two.stream(request("What?"), slowStream(), waits);
    assertThat(waits.end).isNotDone();
    cancelled.cancel();
    assertThat(waits.end.get(30, TimeUnit.SECONDS)).isEqualTo("answer 1");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void whoWaitsForAFailureCallsItselfAtOnce() throws Exception {
    CacheEngine one = instance();
    CacheEngine two = instance();
    CountDownLatch leads = new CountDownLatch(1);
    CountDownLatch fails = new CountDownLatch(1);
    Future<Outcome> failing =
        callers.submit(
            () ->
                one.getOrCompute(
                    request("What?"),
                    () -> {
                      leads.countDown();
                      fails.await();
                      throw new IllegalStateException("no");
                    }));
    assertThat(leads.await(30, TimeUnit.SECONDS)).isTrue();
    Future<Outcome> waiting =
        callers.submit(() -> two.getOrCompute(request("What?"), this::slowAnswer));
    awaitWaiting(two);
    long start = System.nanoTime();
    fails.countDown();
    assertThat(texts(List.of(waiting))).containsExactly("answer 1");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("its own call takes 500 ms")
        .isLessThan(Duration.ofMillis(1_500));
    assertThatThrownBy(() -> failing.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAnswerThatIsNotStoredIsEverybodysOwn() {
    List<Future<Outcome>> all =
        askAll(
            three(),
            30,
            () -> {
              slowAnswer();
              return Answer.ofText("cut").withCompletion(Completion.TRUNCATED);
            });
    long start = System.nanoTime();
    assertThat(texts(all)).containsExactly("cut");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(calls.get()).as("one for each instance").isBetween(2, 3);
  }

  @Test
  void invalidationBeatsTheAnswerThatOthersWaitFor() throws Exception {
    CacheEngine one = instance();
    CacheEngine two = instance();
    CountDownLatch leads = new CountDownLatch(1);
    CountDownLatch answers = new CountDownLatch(1);
    Future<Outcome> old =
        callers.submit(
            () ->
                one.getOrCompute(
                    request("What?"),
                    () -> {
                      leads.countDown();
                      answers.await();
                      return Answer.ofText("old");
                    }));
    assertThat(leads.await(30, TimeUnit.SECONDS)).isTrue();
    Future<Outcome> waiting =
        callers.submit(() -> two.getOrCompute(request("What?"), () -> Answer.ofText("new")));
    awaitWaiting(two);
    two.invalidate(Tag.of("prices"));
    answers.countDown();
    assertThat(texts(List.of(waiting))).containsExactly("new");
    assertThat(texts(List.of(old))).containsExactly("old");
    assertThat(end(callers.submit(() -> one.getOrCompute(request("What?"), this::slowAnswer))))
        .isInstanceOfSatisfying(
            Outcome.ExactHit.class, hit -> assertThat(hit.answer().text()).isEqualTo("new"));
  }

  /** Until the engine has asked for the lead: it has missed by then. */
  private void awaitWaiting(CacheEngine engine) {
    String before = evals();
    Eventually.that("the engine asks for the lead", () -> !evals().equals(before));
    assertThat(engine.stats().upstreamCalls()).isZero();
  }

  /** How often scripts were run that were not this server's. */
  private String evals() {
    return server
        .send("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_eval:"))
        .findFirst()
        .orElse("")
        .replaceAll(",.*", "");
  }

  @Test
  void hitsCostNoMoreRoundTripsThanBefore() {
    CacheEngine one = instance();
    CacheEngine redisOnly = CacheEngine.builder().exactTier(tier(url()).build()).build();
    opened.add(redisOnly);
    texts(askAll(List.of(one), 1, this::slowAnswer));
    String before = evals();
    assertThat(before).as("leads are scripts").isNotEmpty();
    texts(askAll(List.of(redisOnly), 20, this::slowAnswer));
    // The lease of the first call may end a little later; it is one script, run once.
    assertThat(calls).hasValue(1);
    assertThat(count(evals()) - count(before)).isLessThanOrEqualTo(1);
  }

  private static int count(String stat) {
    return Integer.parseInt(stat.replaceAll("\\D+", ""));
  }

  @Test
  void withoutTheServerEachCallsItselfAndWaitsNoLongerThanTheDeadline() {
    try (FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port())) {
      Duration deadline = Duration.ofMillis(200);
      CacheEngine engine =
          CacheEngine.builder()
              .exactTier(
                  RedisExactTier.builder("redis://127.0.0.1:" + proxy.port())
                      .deadline(deadline)
                      .build())
              .build();
      opened.add(engine);
      assertThat(ask(engine, "first", "answer")).isEqualTo("answer");
      assertThat(ask(engine, "first", "other")).isEqualTo("answer");
      proxy.hang();
      long start = System.nanoTime();
      AtomicInteger called = new AtomicInteger();
      long[] asked = new long[1];
      engine.getOrCompute(
          request("second"),
          () -> {
            asked[0] = System.nanoTime();
            called.incrementAndGet();
            return Answer.ofText("own");
          });
      assertThat(called).hasValue(1);
      assertThat(Duration.ofNanos(asked[0] - start))
          .as("one deadline for the lookup, none for the lead")
          .isLessThan(deadline.multipliedBy(2));
    }
  }

  private static String ask(CacheEngine engine, String question, String fresh) {
    return ((Outcome.Answered) engine.getOrCompute(request(question), () -> Answer.ofText(fresh)))
        .answer()
        .text();
  }

  @Test
  void anotherTakesOverFromAProcessThatIsKilled() throws Exception {
    Process leader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WaitingLeader.class.getName(),
                url(),
                "What?")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    opened.add(leader::destroyForcibly);
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(leader.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.lines().anyMatch(WaitingLeader.LEADS::equals)).isTrue();
      List<CacheEngine> engines = three();
      List<Future<Outcome>> all = askAll(engines, 30, this::slowAnswer);
      // It is waited for as long as it lives, beyond its first lease.
      assertThatThrownBy(() -> all.get(0).get(2_500, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      assertThat(calls).hasValue(0);

      long killed = System.nanoTime();
      leader.destroyForcibly().waitFor();
      assertThat(texts(all)).containsExactly("answer 1");
      Duration took = Duration.ofNanos(System.nanoTime() - killed);
      System.out.println("takeover and a call of 500 ms took " + took.toMillis() + " ms");
      assertThat(took).isLessThan(RedisExactTier.DEFAULT_FLIGHT_LEASE.plusMillis(1_500));
      assertThat(calls).hasValue(1);
    }
  }
}
