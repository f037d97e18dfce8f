package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UseCaseRule;
import dev.reprise.testing.EventLog;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.MapExactTier;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.FetchResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts that users bring along and that do what no contract allows: callers never notice. */
class OddPartsTest {
  private static final AnswerSupplier<RuntimeException> YES = () -> Answer.ofText("Yes, it is.");

  private final FakeClock clock = new FakeClock();
  private final EventLog log = new EventLog();

  private static CacheRequest request(String question) {
    return CacheRequest.builder(Scope.of("shop")).model("m").user(question).temperature(0).build();
  }

  private CacheEngine.Builder builder() {
    return CacheEngine.builder().clock(clock).listener(log);
  }

  // --- embedders --------------------------------------------------------------------------------

  /** What an embedder may do wrong. */
  @SuppressWarnings("ImmutableEnumChecker") // the functions keep nothing
  private enum Oddity {
    NAN(text -> new float[] {Float.NaN, 1, 0}),
    INFINITE(text -> new float[] {Float.POSITIVE_INFINITY, 1, 0}),
    ZERO(text -> new float[HashEmbedder.DIMENSION]),
    EMPTY(text -> new float[0]),
    SHORT(text -> new float[] {1, 0, 0}),
    LONG(text -> vector(HashEmbedder.DIMENSION + 1)),
    NULL(text -> null),
    ERROR(
        text -> {
          throw new NoClassDefFoundError("Missing");
        }),
    OVERFLOW(
        text -> {
          throw new StackOverflowError();
        });

    private final Function<String, float[]> components;

    Oddity(Function<String, float[]> components) {
      this.components = components;
    }

    private static float[] vector(int dimension) {
      float[] vector = new float[dimension];
      vector[0] = 1;
      return vector;
    }
  }

  private static Embedder embedder(Function<String, float[]> components, AtomicInteger calls) {
    return new Embedder() {
      @Override
      public String id() {
        return "odd";
      }

      @Override
      public int dimension() {
        return HashEmbedder.DIMENSION;
      }

      @Override
      public Embedding embed(String text) {
        calls.incrementAndGet();
        return new Embedding.Embedded(Vector.normalized(components.apply(text)));
      }
    };
  }

  private CacheEngine embeddedBy(Embedder embedder) {
    return builder()
        .semanticTier(new FlatSemanticTier(HashEmbedder.DIMENSION, clock), embedder)
        .matcher(Matcher.threshold(0.9))
        .build();
  }

  @ParameterizedTest
  @EnumSource(Oddity.class)
  void anOddEmbedderLeavesExactHitsAndIsNamed(Oddity oddity) {
    AtomicInteger calls = new AtomicInteger();
    try (CacheEngine engine = embeddedBy(embedder(oddity.components, calls))) {
      for (int i = 0; i < 30; i++) {
        engine.getOrCompute(request("Question " + i), YES);
        assertThat(engine.getOrCompute(request("Question " + i), YES))
            .isInstanceOf(Outcome.ExactHit.class);
      }
      assertThat(log.of(CacheEvent.Trouble.class))
          .isNotEmpty()
          .allMatch(trouble -> trouble.part().equals("embedder"));
      // The tier is not blamed, and the embedder is left alone after a while.
      assertThat(log.of(CacheEvent.Circuit.class))
          .containsExactly(new CacheEvent.Circuit("embedder", CacheEvent.CircuitState.OPEN));
      assertThat(calls).hasValueLessThan(15);
      log.audit(engine.stats(), 60);
    }
  }

  @Test
  void anEmbedderThatIsSlowTooOftenIsLeftAlone() {
    AtomicInteger calls = new AtomicInteger();
    AtomicBoolean isSlow = new AtomicBoolean();
    long[] now = {0};
    Embedder slow =
        embedder(
            text -> {
              now[0] += isSlow.get() ? 2 * GuardedEmbedder.SLOW.toNanos() : 0;
              return new HashEmbedder().vector(text).toArray();
            },
            calls);
    try (CacheEngine engine =
        builder()
            .nanoseconds(() -> now[0])
            .semanticTier(new FlatSemanticTier(HashEmbedder.DIMENSION, clock), slow)
            .matcher(Matcher.threshold(0.9))
            .build()) {
      engine.getOrCompute(request("first"), YES);
      isSlow.set(true);
      for (int i = 0; i < 40; i++) {
        engine.getOrCompute(request("Question " + i), YES);
      }
      assertThat(calls).hasValueLessThan(15);
    }
  }

  @Test
  void aCallerWhoIsInterruptedKeepsTheFlagAndBlamesNoPart() {
    AtomicInteger calls = new AtomicInteger();
    Embedder interrupted =
        embedder(
            text -> {
              throw new IllegalStateException(new InterruptedException());
            },
            calls);
    try (CacheEngine engine = embeddedBy(interrupted)) {
      AtomicBoolean wasInterrupted = new AtomicBoolean();
      engine.getOrCompute(
          request("Why?"),
          () -> {
            wasInterrupted.set(Thread.interrupted());
            return Answer.ofText("Yes, it is.");
          });
      assertThat(wasInterrupted).isTrue();
      assertThat(log.of(CacheEvent.Trouble.class)).isEmpty();
    } finally {
      Thread.interrupted();
    }
  }

  // --- tiers ------------------------------------------------------------------------------------

  @Test
  void aTierThatThrowsErrorsIsATierThatIsDown() {
    ExactTier broken =
        new ForwardingExactTier(new MapExactTier(clock)) {
          @Override
          public FetchResult tryFetch(dev.reprise.key.ExactKey key) {
            throw new AssertionError("broken");
          }
        };
    try (CacheEngine engine = builder().exactTier(broken).build()) {
      for (int i = 0; i < 10; i++) {
        assertThat(engine.getOrCompute(request("Why?"), YES)).isInstanceOf(Outcome.Computed.class);
      }
      log.audit(engine.stats(), 10);
    }
  }

  // --- listeners --------------------------------------------------------------------------------

  @Test
  void aListenerMayAskTheCacheTheSameQuestion() {
    AtomicBoolean isAsking = new AtomicBoolean();
    CacheEngine[] engine = new CacheEngine[1];
    AtomicInteger calls = new AtomicInteger();
    AnswerSupplier<RuntimeException> counted =
        () -> {
          calls.incrementAndGet();
          return Answer.ofText("Yes, it is.");
        };
    engine[0] =
        builder()
            .listener(
                event -> {
                  if (isAsking.compareAndSet(false, true)) {
                    engine[0].getOrCompute(request("Why?"), counted);
                    isAsking.set(false);
                  }
                  throw new AssertionError("a listener's own trouble");
                })
            .requestListener(
                (request, end) -> {
                  throw new StackOverflowError();
                })
            .build();
    try (CacheEngine built = engine[0]) {
      built.getOrCompute(request("Why?"), counted);
      assertThat(built.getOrCompute(request("Why?"), counted)).isInstanceOf(Outcome.ExactHit.class);
      assertThat(calls).hasValueBetween(1, 2);
    }
  }

  // --- callers ----------------------------------------------------------------------------------

  @Test
  void aWaiterWhoIsInterruptedHarmsNobodyElse() throws Exception {
    CountDownLatch isCalled = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    try (CacheEngine engine = builder().build()) {
      CompletableFuture<Outcome> leader =
          CompletableFuture.supplyAsync(
              () ->
                  engine.getOrCompute(
                      request("Why?"),
                      () -> {
                        isCalled.countDown();
                        await(mayAnswer);
                        return Answer.ofText("the leader's");
                      }));
      assertThat(isCalled.await(5, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Boolean> flagIsKept = new CompletableFuture<>();
      Thread waiter =
          new Thread(
              () -> {
                engine.getOrCompute(request("Why?"), () -> Answer.ofText("its own"));
                flagIsKept.complete(Thread.currentThread().isInterrupted());
              });
      CompletableFuture<Outcome> other =
          CompletableFuture.supplyAsync(
              () -> engine.getOrCompute(request("Why?"), () -> Answer.ofText("the other's")));
      waiter.start();
      waiter.interrupt();
      assertThat(flagIsKept.get(5, TimeUnit.SECONDS)).isTrue();
      mayAnswer.countDown();
      assertThat(text(leader.get(5, TimeUnit.SECONDS))).isEqualTo("the leader's");
      assertThat(text(other.get(5, TimeUnit.SECONDS))).isIn("the leader's", "its own");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Outcome outcome) {
    return ((Outcome.Answered) outcome).answer().text();
  }

  @Test
  void aSupplierOfNullIsNamed() {
    try (CacheEngine engine = builder().build()) {
      assertThatThrownBy(() -> engine.getOrCompute(request("Why?"), nothing()))
          .hasMessage("the supplier returned null");
      assertThat(engine.getOrCompute(request("Why?"), YES)).isInstanceOf(Outcome.Computed.class);
    }
  }

  @SuppressWarnings("NullAway") // what a caller's supplier does all the same
  private static AnswerSupplier<RuntimeException> nothing() {
    return () -> null;
  }

  // --- time -------------------------------------------------------------------------------------

  @Test
  void oddTimesToLive() {
    for (Duration odd : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1))) {
      assertThatThrownBy(() -> CacheControl.DEFAULT.withTimeToLive(odd))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> UseCaseRule.exact(new UseCase("mine"), odd))
          .isInstanceOf(IllegalArgumentException.class);
    }
    UseCase mine = new UseCase("mine");
    CachePolicy forEver =
        CachePolicy.builder()
            .rule(UseCaseRule.exact(mine, ChronoUnit.FOREVER.getDuration()))
            .build();
    CacheRequest asked =
        CacheRequest.builder(Scope.of("shop"))
            .model("m")
            .user("Why?")
            .temperature(0)
            .useCase(mine)
            .build();
    try (CacheEngine engine = builder().policy(forEver).build()) {
      engine.getOrCompute(asked, YES);
      clock.advance(Duration.ofDays(10_000));
      assertThat(engine.getOrCompute(asked, YES)).isInstanceOf(Outcome.ExactHit.class);
    }
  }

  @Test
  void aClockThatGoesBackServesAndNeverShowsANegativeAge() {
    Instant[] now = {Instant.parse("2026-11-30T12:00:00Z")};
    try (CacheEngine engine = CacheEngine.builder().clock(() -> now[0]).build()) {
      engine.getOrCompute(request("Why?"), YES);
      now[0] = now[0].minus(Duration.ofDays(400));
      Outcome outcome = engine.getOrCompute(request("Why?"), YES);
      assertThat(((Outcome.Hit) outcome).age()).isEqualTo(Duration.ZERO);
      now[0] = now[0].plus(Duration.ofDays(4_000));
      assertThat(engine.getOrCompute(request("Why?"), YES)).isInstanceOf(Outcome.Computed.class);
    }
  }
}
