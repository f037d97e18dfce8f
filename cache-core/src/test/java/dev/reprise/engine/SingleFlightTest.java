package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SingleFlightTest {
  private static final int CROWD = 1_000;
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

  @Test
  void aThousandEqualRequestsMakeOneCall() throws Exception {
    ScriptedUpstream upstream = ScriptedUpstream.answering(TEXT).held();
    List<Future<Outcome>> asked = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      asked.add(ask(upstream));
    }
    fixture.awaitWaiting(REQUEST, CROWD);
    upstream.letGo();
    int own = 0;
    for (Future<Outcome> future : asked) {
      Outcome.Computed computed = (Outcome.Computed) get(future);
      assertThat(computed.answer().text()).isEqualTo(TEXT);
      own += computed.call() == Outcome.Call.OWN ? 1 : 0;
    }
    assertThat(own).isEqualTo(1);
    assertThat(upstream.calls()).isEqualTo(1);
    fixture.audit(CROWD);
    assertThat(fixture.engine.stats().shared()).isEqualTo(CROWD - 1);
  }

  @Test
  void aThousandEqualRequestsAtAnyMomentMakeOneCall() throws Exception {
    ScriptedUpstream upstream = ScriptedUpstream.answering(TEXT);
    List<Future<Outcome>> asked = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      asked.add(ask(upstream));
    }
    for (Future<Outcome> future : asked) {
      assertThat(((Outcome.Answered) get(future)).answer().text()).isEqualTo(TEXT);
    }
    assertThat(upstream.calls()).isEqualTo(1);
    fixture.audit(CROWD);
  }

  @Test
  void aThousandEqualStreamsMakeOneCallAndEachGetsAllChunksInOrder() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    List<RecordingSubscriber> subscribers = new ArrayList<>();
    String[] chunks = IntStream.range(0, 50).mapToObj(i -> i + " ").toArray(String[]::new);
    for (int i = 0; i < CROWD; i++) {
      RecordingSubscriber subscriber = new RecordingSubscriber();
      subscribers.add(subscriber);
      fixture.engine.stream(REQUEST, upstream, subscriber);
      if (i % 20 == 10) {
        upstream.give(chunks[i / 20]);
      }
    }
    upstream.complete();
    for (RecordingSubscriber subscriber : subscribers) {
      assertThat(subscriber.awaitEnd()).isInstanceOf(Outcome.Computed.class);
      assertThat(subscriber.chunks()).containsExactly(chunks);
    }
    assertThat(upstream.calls()).isEqualTo(1);
    fixture.audit(CROWD);
    assertThat(fixture.map.entries()).containsKey(EngineFixture.key(REQUEST));
  }

  @Test
  void streamsAndAwaitedRequestsShareOneCallWhoeverLeads() throws Exception {
    ScriptedStreamingUpstream stream = new ScriptedStreamingUpstream();
    ScriptedUpstream never = ScriptedUpstream.answering("never asked");
    RecordingSubscriber subscriber = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, stream, subscriber);
    Future<Outcome> awaited = ask(never);
    fixture.awaitWaiting(REQUEST, 2);
    stream.give("One call ", "for everybody.").complete();
    assertThat(((Outcome.Computed) get(awaited)).answer().text()).isEqualTo(TEXT);
    assertThat(subscriber.awaitEnd()).isInstanceOf(Outcome.Computed.class);
    assertThat(never.calls()).isZero();

    fixture.map.entries().clear();
    ScriptedUpstream leader = ScriptedUpstream.answering(TEXT).held();
    Future<Outcome> leading = ask(leader);
    leader.awaitCall();
    ScriptedStreamingUpstream neverStarted = new ScriptedStreamingUpstream();
    RecordingSubscriber follower = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, neverStarted, follower);
    leader.letGo();
    assertThat(follower.awaitEnd()).isInstanceOf(Outcome.Computed.class);
    assertThat(follower.chunks()).containsExactly(TEXT);
    assertThat(get(leading)).isInstanceOf(Outcome.Computed.class);
    assertThat(neverStarted.calls()).isZero();
    fixture.audit(4);
  }

  @Test
  void whereTheLeaderIsInterruptedTheOthersGetAnAnswerWithOneCallMore() throws Exception {
    ScriptedUpstream interrupted = ScriptedUpstream.answering("lost").held();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread leader =
        new Thread(
            () -> {
              try {
                fixture.engine.getOrCompute(REQUEST, interrupted);
                thrown.complete(new AssertionError("nothing was thrown"));
              } catch (Exception e) {
                thrown.complete(e);
              }
            });
    leader.start();
    interrupted.awaitCall();
    ScriptedUpstream next = ScriptedUpstream.answering(TEXT);
    List<Future<Outcome>> followers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      followers.add(ask(next));
    }
    RecordingSubscriber stream = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, ScriptedStreamingUpstream.atOnce(null, TEXT), stream);
    fixture.awaitWaiting(REQUEST, 22);
    leader.interrupt();
    assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    for (Future<Outcome> follower : followers) {
      assertThat(((Outcome.Answered) get(follower)).answer().text()).isEqualTo(TEXT);
    }
    stream.awaitEnd();
    assertThat(stream.text()).isEqualTo(TEXT);
    assertThat(interrupted.completed()).isZero();
    assertThat(fixture.engine.stats().upstreamCalls()).isEqualTo(2);
    fixture.audit(22);
    assertThat(fixture.engine.stats().failed()).isEqualTo(1);
  }

  @Test
  void aFailureReachesEverybodyAsItIsAndIsNotStored() throws Exception {
    IOException failure = new IOException("out of order");
    ScriptedUpstream upstream = ScriptedUpstream.throwing(failure).held();
    List<Future<Outcome>> asked = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      asked.add(ask(upstream));
    }
    RecordingSubscriber stream = new RecordingSubscriber();
    upstream.awaitCall();
    fixture.engine.stream(REQUEST, new ScriptedStreamingUpstream(), stream);
    fixture.awaitWaiting(REQUEST, 51);
    upstream.letGo();
    for (Future<Outcome> future : asked) {
      assertThatThrownBy(() -> get(future)).cause().isSameAs(failure);
    }
    assertThat(stream.awaitEnd()).isSameAs(failure);
    assertThat(upstream.calls()).isEqualTo(1);
    assertThat(fixture.map.entries()).isEmpty();
    fixture.audit(51);
    assertThat(fixture.engine.stats().failed()).isEqualTo(51);
  }

  @Test
  void anErrorOfTheLeaderReachesEverybodyAndLeavesNoFlightOpen() throws Exception {
    Error error = new StackOverflowError("told to");
    ScriptedUpstream gate = ScriptedUpstream.answering(TEXT).held();
    AnswerSupplier<Exception> dying =
        () -> {
          gate.get();
          throw error;
        };
    Future<Outcome> leader = threads.submit(() -> fixture.engine.getOrCompute(REQUEST, dying));
    gate.awaitCall();
    Future<Outcome> follower = threads.submit(() -> fixture.engine.getOrCompute(REQUEST, dying));
    fixture.awaitWaiting(REQUEST, 2);
    gate.letGo();
    assertThatThrownBy(() -> get(leader)).cause().isSameAs(error);
    assertThatThrownBy(() -> get(follower)).cause().isSameAs(error);
    fixture.audit(2);
  }

  @Test
  void aStreamThatFailsHalfWayIsNotStoredAndTellsEverybody() throws Exception {
    IOException failure = new IOException("cut off");
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    RecordingSubscriber leader = new RecordingSubscriber();
    RecordingSubscriber follower = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, upstream, leader);
    fixture.engine.stream(REQUEST, upstream, follower);
    upstream.give("half").fail(failure);
    assertThat(leader.awaitEnd()).isSameAs(failure);
    assertThat(follower.awaitEnd()).isSameAs(failure);
    assertThat(follower.chunks()).containsExactly("half");
    assertThat(fixture.map.entries()).isEmpty();
    fixture.audit(2);
  }

  @Test
  void whoHasWaitedTooLongCallsForHimself() throws Exception {
    fixture.close();
    fixture = new EngineFixture(builder -> builder.followerWait(Duration.ofMillis(50)));
    ScriptedUpstream hanging = ScriptedUpstream.answering("late").held();
    Future<Outcome> leader = ask(hanging);
    hanging.awaitCall();
    ScriptedUpstream own = ScriptedUpstream.answering(TEXT);
    Outcome.Computed computed = (Outcome.Computed) get(ask(own));
    assertThat(computed.call()).isEqualTo(Outcome.Call.OWN);
    // The time agreed runs from the request's start, so the lookup before the wait is part of it.
    assertThat(computed.timings().total()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    assertThat(computed.timings().of(Stage.WAIT)).isPositive();
    hanging.letGo();
    get(leader);
    fixture.audit(2);
  }

  @Test
  void aFollowerThatIsInterruptedLeavesAndTheOthersGoOn() throws Exception {
    ScriptedUpstream upstream = ScriptedUpstream.answering(TEXT).held();
    Future<Outcome> leader = ask(upstream);
    upstream.awaitCall();
    ScriptedUpstream own = ScriptedUpstream.answering("never answered");
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread follower =
        new Thread(
            () -> {
              try {
                fixture.engine.getOrCompute(REQUEST, own);
                thrown.complete(new AssertionError("nothing was thrown"));
              } catch (Exception e) {
                thrown.complete(e);
              }
            });
    follower.start();
    fixture.awaitWaiting(REQUEST, 2);
    follower.interrupt();
    assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    fixture.awaitWaiting(REQUEST, 1);
    upstream.letGo();
    assertThat(((Outcome.Computed) get(leader)).answer().text()).isEqualTo(TEXT);
    fixture.audit(2);
  }

  @Test
  void anEqualRequestFromInsideTheUpstreamDoesNotWaitForItself() throws Exception {
    ScriptedUpstream inner = ScriptedUpstream.answering("inner");
    AnswerSupplier<Exception> outer =
        () -> {
          Outcome.Computed nested = (Outcome.Computed) fixture.engine.getOrCompute(REQUEST, inner);
          return Answer.ofText(nested.answer().text() + " and outer");
        };
    Outcome.Computed computed = (Outcome.Computed) fixture.engine.getOrCompute(REQUEST, outer);
    assertThat(computed.answer().text()).isEqualTo("inner and outer");
    fixture.audit(2);
  }

  @Test
  void anEqualRequestFromInsideASubscriberDoesNotWaitForItself() throws Exception {
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    ScriptedUpstream inner = ScriptedUpstream.answering("inner");
    List<Outcome> nested = new ArrayList<>();
    RecordingSubscriber subscriber =
        new RecordingSubscriber(
            (chunk, subscription) -> {
              try {
                nested.add(fixture.engine.getOrCompute(REQUEST, inner));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    fixture.engine.stream(REQUEST, upstream, subscriber);
    upstream.give("a").complete();
    assertThat(subscriber.awaitEnd()).isInstanceOf(Outcome.Computed.class);
    assertThat(nested).hasSize(1);
    fixture.audit(2);
  }

  @Test
  void noCacheDoesNotJoin() throws Exception {
    ScriptedUpstream hanging = ScriptedUpstream.answering("old").held();
    Future<Outcome> leader = ask(hanging);
    hanging.awaitCall();
    ScriptedUpstream fresh = ScriptedUpstream.answering(TEXT);
    CacheRequest noCache = REQUEST.withControl(CacheControl.DEFAULT.with(Directive.NO_CACHE));
    Outcome.Computed computed = (Outcome.Computed) fixture.engine.getOrCompute(noCache, fresh);
    assertThat(computed.call()).isEqualTo(Outcome.Call.OWN);
    RecordingSubscriber stream = new RecordingSubscriber();
    fixture.engine.stream(noCache, ScriptedStreamingUpstream.atOnce(null, "x", "y"), stream);
    stream.awaitEnd();
    assertThat(stream.chunks()).containsExactly("x", "y");
    hanging.letGo();
    get(leader);
    fixture.audit(3);
    assertThat(fixture.engine.stats().shared()).isZero();
  }

  @Test
  void anAnswerThatIsTooOldForOneIsStillServedToAnother() throws Exception {
    CacheRequest near = EngineFixture.request(EngineFixture.NEAR);
    CacheRequest asked = EngineFixture.request(EngineFixture.ASKED);
    fixture.put(near, "old");
    fixture.clock.advance(Duration.ofMinutes(10));
    CacheRequest young =
        asked.withControl(CacheControl.DEFAULT.withMaximumAge(Duration.ofMinutes(5)));
    ScriptedUpstream upstream = ScriptedUpstream.answering("new");
    assertThat(fixture.engine.getOrCompute(asked, upstream))
        .isInstanceOf(Outcome.SemanticHit.class);
    assertThat(fixture.engine.getOrCompute(young, upstream)).isInstanceOf(Outcome.Computed.class);
    fixture.audit(2);
  }

  @Test
  void manyKeysAtOnceKeepTheirAnswersApart() throws Exception {
    List<Future<Outcome>> asked = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    for (int i = 0; i < 2_000; i++) {
      String question = "question " + i % 100;
      asked.add(
          threads.submit(
              () ->
                  fixture.engine.getOrCompute(
                      EngineFixture.request(question),
                      () -> {
                        calls.incrementAndGet();
                        return Answer.ofText("answer to " + question);
                      })));
    }
    for (int i = 0; i < asked.size(); i++) {
      Outcome.Answered outcome = (Outcome.Answered) get(asked.get(i));
      assertThat(outcome.answer().text()).isEqualTo("answer to question " + i % 100);
    }
    assertThat(calls).hasValue(100);
    fixture.audit(2_000);
    assertThat(
            fixture.map.entries().values().stream()
                .map(entry -> entry.answer().text())
                .collect(Collectors.toSet()))
        .hasSize(100);
  }
}
