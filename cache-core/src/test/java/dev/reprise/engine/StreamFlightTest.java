package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that share one call: chunks, cancelling, slow and late subscribers. */
@Timeout(60)
class StreamFlightTest {
  private static final CacheRequest REQUEST = EngineFixture.request("What is a flight?");
  private static final String TEXT = "One call for everybody.";

  private EngineFixture fixture = new EngineFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    fixture.close();
  }

  private Future<Outcome> ask(ScriptedUpstream upstream) {
    return threads.submit(() -> fixture.engine.getOrCompute(REQUEST, upstream));
  }

  private static Outcome get(Future<Outcome> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  /** Counts, where a recording would take too long. */
  private static final class CountingSubscriber implements StreamSubscriber<String> {
    private final CompletableFuture<Outcome> end;

    CountingSubscriber() {
      this(new CompletableFuture<>());
    }

    CountingSubscriber(CompletableFuture<Outcome> end) {
      this.end = end;
    }

    @Override
    public void onWhole(Outcome.Answered outcome) {}

    @Override
    public void onChunk(String chunk, Subscription subscription) {}

    @Override
    public void onComplete(Outcome.Answered outcome) {
      end.complete(outcome);
    }

    @Override
    public void onUnsatisfied(Outcome.Unsatisfied outcome) {}

    @Override
    public void onError(Throwable cause) {
      end.completeExceptionally(cause);
    }
  }

  @Test
  void aFollowerThatTakesNothingIsCutOffAndTheOthersGetAll() throws Exception {
    int many = StreamFollower.MOST_CHUNKS + 10;
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    RecordingSubscriber slow =
        new RecordingSubscriber(
            (chunk, subscription) -> {
              blocked.countDown();
              awaitUninterruptibly(release);
            });
    CompletableFuture<Outcome> leader = new CompletableFuture<>();
    fixture.engine.stream(REQUEST, upstream, new CountingSubscriber(leader));
    fixture.engine.stream(REQUEST, upstream, slow);
    fixture.awaitWaiting(REQUEST, 2);
    upstream.give("first ");
    assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();
    String[] chunks = new String[many];
    Arrays.fill(chunks, "x");
    upstream.give(chunks).complete();
    assertThat(leader.get(30, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Outcome.Computed.class,
            computed -> assertThat(computed.answer().text()).hasSize("first ".length() + many));
    release.countDown();
    assertThat((Throwable) slow.awaitEnd())
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("behind the model; it was cut off");
    assertThat(slow.chunks()).containsExactly("first ");
    fixture.audit(2);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whereTheLeadingStreamIsCancelledTheUpstreamGoesOnForTheOthers() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    RecordingSubscriber leader =
        new RecordingSubscriber((chunk, subscription) -> subscription.cancel());
    fixture.engine.stream(REQUEST, upstream, leader);
    RecordingSubscriber follower = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, upstream, follower);
    Future<Outcome> awaited = ask(ScriptedUpstream.answering("never asked"));
    fixture.awaitWaiting(REQUEST, 3);
    upstream.give("a", "b", "c").complete();
    follower.awaitEnd();
    assertThat(follower.chunks()).containsExactly("a", "b", "c");
    assertThat(((Outcome.Computed) get(awaited)).answer().text()).isEqualTo("abc");
    assertThat(leader.chunks()).containsExactly("a");
    assertThat(leader.ends()).isZero();
    assertThat(upstream.calls()).isEqualTo(1);
    assertThat(upstream.cancellations()).isZero();
    assertThat(fixture.engine.stats().upstreamCalls()).isEqualTo(1);
    fixture.audit(3);
    assertThat(fixture.map.entries()).containsKey(EngineFixture.key(REQUEST));
  }

  @Test
  void whereAllCancelTheUpstreamIsStoppedAndNothingStored() {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    List<StreamSubscriber.Subscription> subscriptions = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      subscriptions.add(fixture.engine.stream(REQUEST, upstream, new RecordingSubscriber()));
    }
    upstream.give("a");
    for (StreamSubscriber.Subscription subscription : subscriptions) {
      assertThat(upstream.cancellations()).isZero();
      subscription.cancel();
      subscription.cancel();
      assertThat(subscription.isCancelled()).isTrue();
    }
    assertThat(upstream.cancellations()).isEqualTo(1);
    upstream.give("b").complete();
    assertThat(fixture.map.entries()).isEmpty();
    fixture.audit(10);
    assertThat(fixture.engine.stats().cancelled()).isEqualTo(10);
  }

  @Test
  void whoComesAfterAllHaveCancelledGetsACallOfHisOwn() throws Exception {
    ScriptedStreamingUpstream first = new ScriptedStreamingUpstream();
    fixture.engine.stream(REQUEST, first, new RecordingSubscriber()).cancel();
    ScriptedUpstream second = ScriptedUpstream.answering(TEXT);
    assertThat(fixture.engine.getOrCompute(REQUEST, second)).isInstanceOf(Outcome.Computed.class);
    first.give("late").complete();
    assertThat(second.calls()).isEqualTo(1);
    assertThat(fixture.map.entries().get(EngineFixture.key(REQUEST)).answer().text())
        .isEqualTo(TEXT);
    fixture.audit(2);
  }

  @Test
  void aStopThatThrowsLeavesNoFlightOpen() {
    StreamingUpstream<String> upstream =
        sink ->
            sink.cancelWith(
                () -> {
                  throw new IllegalStateException("cannot be stopped");
                });
    fixture.engine.stream(REQUEST, upstream, new RecordingSubscriber()).cancel();
    fixture.audit(1);
  }

  @Test
  void anUpstreamThatTellsTooLateHowItIsStoppedIsStopped() {
    AtomicInteger stops = new AtomicInteger();
    List<StreamingUpstream.Sink<String>> sinks = new ArrayList<>();
    fixture.engine.stream(REQUEST, sinks::add, new RecordingSubscriber()).cancel();
    assertThat(stops).hasValue(0);
    sinks.get(0).cancelWith(stops::incrementAndGet);
    assertThat(stops).hasValue(1);
    fixture.audit(1);
  }

  @Test
  void halfAStreamGoesToWhoSawItAndWhoWaitsForTheWholeLooksAgain() throws Exception {
    Answer half = new Answer("half", "half", Completion.OTHER, new TokenUsage.Unknown(), Set.of());
    AtomicReference<StreamingUpstream.Sink<String>> sink = new AtomicReference<>();
    RecordingSubscriber leader = new RecordingSubscriber();
    RecordingSubscriber follower = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, sink::set, leader);
    fixture.engine.stream(REQUEST, new ScriptedStreamingUpstream(), follower);
    ScriptedUpstream own = ScriptedUpstream.answering(TEXT);
    Future<Outcome> first = ask(own);
    Future<Outcome> second = ask(own);
    fixture.awaitWaiting(REQUEST, 4);
    sink.get().next("half");
    sink.get().complete(half);
    assertThat(leader.awaitEnd()).isInstanceOf(Outcome.Computed.class);
    assertThat(follower.awaitEnd()).isInstanceOf(Outcome.Computed.class);
    assertThat(follower.chunks()).containsExactly("half");
    for (Future<Outcome> future : List.of(first, second)) {
      assertThat(((Outcome.Answered) get(future)).answer().text()).isEqualTo(TEXT);
    }
    assertThat(own.calls()).as("one of them led the next flight").isEqualTo(1);
    fixture.audit(4);
  }

  @Test
  void aStreamThatHasWaitedTooLongForItsFirstChunkCallsForItself() throws Exception {
    fixture.close();
    fixture = new EngineFixture(builder -> builder.followerWait(Duration.ofMillis(50)));
    ScriptedStreamingUpstream hanging = new ScriptedStreamingUpstream();
    RecordingSubscriber leader = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, hanging, leader);
    RecordingSubscriber follower = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, ScriptedStreamingUpstream.atOnce(null, TEXT), follower);
    assertThat(follower.awaitEnd()).isInstanceOf(Outcome.Computed.class);
    assertThat(follower.text()).isEqualTo(TEXT);
    hanging.give("late").complete();
    leader.awaitEnd();
    assertThat(follower.text()).isEqualTo(TEXT);
    fixture.audit(2);
  }

  @Test
  void whoComesLateGetsWhatHeMissed() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    fixture.engine.stream(REQUEST, upstream, new RecordingSubscriber());
    upstream.give("a", "b", "c");
    RecordingSubscriber late = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, upstream, late);
    EngineFixture.await("the missed chunks are there", () -> late.chunks().size() == 3);
    upstream.give("d").complete();
    late.awaitEnd();
    assertThat(late.chunks()).containsExactly("a", "b", "c", "d");
    fixture.audit(2);
  }

  @Test
  void whoComesAfterTooManyChunksCallsForHimselfButAWholeAnswerIsStillAwaited() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    RecordingSubscriber leader = new RecordingSubscriber();
    // Many chunks, quickly: the recording is not what is tested.
    fixture.engine.stream(REQUEST, upstream, new CountingSubscriber());
    for (int i = 0; i < Flight.KEPT_CHUNKS; i++) {
      upstream.give("x");
    }
    fixture.engine.stream(REQUEST, ScriptedStreamingUpstream.atOnce(null, TEXT), leader);
    leader.awaitEnd();
    assertThat(leader.text()).isEqualTo(TEXT);
    fixture.map.entries().clear();
    Future<Outcome> awaited = ask(ScriptedUpstream.answering("never asked"));
    fixture.awaitWaiting(REQUEST, 2);
    upstream.complete();
    assertThat(((Outcome.Computed) get(awaited)).answer().text()).hasSize(Flight.KEPT_CHUNKS);
    fixture.audit(3);
  }

  @Test
  void aSlowFollowerHoldsUpNeitherTheUpstreamNorTheOthers() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    CompletableFuture<Void> letGo = new CompletableFuture<>();
    fixture.engine.stream(REQUEST, upstream, new RecordingSubscriber());
    List<RecordingSubscriber> slow = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      RecordingSubscriber subscriber =
          new RecordingSubscriber((chunk, subscription) -> letGo.join());
      slow.add(subscriber);
      fixture.engine.stream(REQUEST, upstream, subscriber);
    }
    RecordingSubscriber quick = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, upstream, quick);
    upstream.give("a", "b").complete();
    quick.awaitEnd();
    assertThat(slow).allSatisfy(subscriber -> assertThat(subscriber.ends()).isZero());
    letGo.complete(null);
    for (RecordingSubscriber subscriber : slow) {
      subscriber.awaitEnd();
      assertThat(subscriber.chunks()).containsExactly("a", "b");
    }
    fixture.audit(12);
  }

  @Test
  void aSubscriberThatThrowsDisturbsNobody() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    RecordingSubscriber throwing =
        new RecordingSubscriber(
            (chunk, subscription) -> {
              throw new AssertionError("told to");
            });
    RecordingSubscriber other = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, upstream, throwing);
    fixture.engine.stream(REQUEST, upstream, other);
    upstream.give("a", "b").complete();
    throwing.awaitEnd();
    other.awaitEnd();
    assertThat(other.chunks()).containsExactly("a", "b");
    fixture.audit(2);
  }

  @Test
  void anUpstreamThatEndsMoreThanOnceIsHeardOnce() throws Exception {
    RecordingSubscriber subscriber = new RecordingSubscriber();
    fixture.engine.stream(
        REQUEST,
        sink -> {
          sink.complete(Answer.ofText(TEXT));
          sink.complete(Answer.ofText("again"));
          sink.next("late");
          sink.fail(new IOException("late"));
          throw new IllegalStateException("late");
        },
        subscriber);
    subscriber.awaitEnd();
    assertThat(subscriber.chunks()).isEmpty();
    fixture.audit(1);
    assertThat(fixture.engine.stats().stored()).isEqualTo(1);
  }

  @Test
  void aStreamUnderWayGetsItsEndThoughTheEngineIsClosed() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    RecordingSubscriber leader = new RecordingSubscriber();
    RecordingSubscriber follower = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, upstream, leader);
    fixture.engine.stream(REQUEST, upstream, follower);
    fixture.engine.close();
    upstream.give("a", "b").complete();
    leader.awaitEnd();
    follower.awaitEnd();
    assertThat(follower.chunks()).containsExactly("a", "b");
    fixture.audit(2);
  }
}
