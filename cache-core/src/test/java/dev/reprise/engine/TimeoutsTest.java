package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.CacheRequest;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A timeout of the upstream ends all who wait for it; a caller that gives up ends only itself. */
@Timeout(60)
class TimeoutsTest {
  private static final int CROWD = 20;
  private static final CacheRequest REQUEST = EngineFixture.request("What does silence say?");

  private final EngineFixture fixture = new EngineFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    fixture.close();
  }

  static Stream<Exception> timeouts() {
    return Stream.of(
        new IllegalStateException(
            "504: the upstream was silent", new CancellationException("given up")),
        new IOException("wrapped", new IllegalStateException(new CancellationException())),
        new HttpTimeoutException("request timed out"),
        new SocketTimeoutException("Read timed out"),
        new ExecutionException(new TimeoutException("no answer in time")),
        initialised(new HttpTimeoutException("timed out"), new InterruptedException("the watch")));
  }

  private static Exception initialised(Exception failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }

  static Stream<Exception> cancellations() {
    return Stream.of(
        new CancellationException("given up"),
        new ExecutionException(new CancellationException("given up")),
        new IllegalStateException(new InterruptedException("stopped")));
  }

  @ParameterizedTest
  @MethodSource("timeouts")
  void twentyEqualRequestsEndAtOneTimeoutWithOneCall(Exception failure) throws Exception {
    ScriptedUpstream silent = ScriptedUpstream.throwing(failure).held();
    List<Future<Outcome>> asked = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      asked.add(threads.submit(() -> fixture.engine.getOrCompute(REQUEST, silent)));
    }
    RecordingSubscriber stream = new RecordingSubscriber();
    silent.awaitCall();
    fixture.engine.stream(REQUEST, new ScriptedStreamingUpstream(), stream);
    fixture.awaitWaiting(REQUEST, CROWD + 1);
    silent.letGo();
    for (Future<Outcome> future : asked) {
      assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).cause().isSameAs(failure);
    }
    assertThat(stream.awaitEnd()).isSameAs(failure);
    assertThat(silent.calls()).isEqualTo(1);
    fixture.audit(CROWD + 1);
  }

  @Test
  void twentyEqualStreamsEndAtOneTimeoutWithOneCall() throws Exception {
    Exception failure = new IllegalStateException("504", new CancellationException("given up"));
    ScriptedStreamingUpstream silent = new ScriptedStreamingUpstream();
    List<RecordingSubscriber> streams = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      RecordingSubscriber stream = new RecordingSubscriber();
      fixture.engine.stream(REQUEST, silent, stream);
      streams.add(stream);
    }
    Future<Outcome> whole =
        threads.submit(
            () -> fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("never asked")));
    fixture.awaitWaiting(REQUEST, CROWD + 1);
    silent.fail(failure);
    for (RecordingSubscriber stream : streams) {
      assertThat(stream.awaitEnd()).isSameAs(failure);
    }
    assertThatThrownBy(() -> whole.get(30, TimeUnit.SECONDS)).cause().isSameAs(failure);
    assertThat(silent.calls()).isEqualTo(1);
    fixture.audit(CROWD + 1);
  }

  @ParameterizedTest
  @MethodSource("cancellations")
  void aLeaderThatGivesUpLeavesTheCallToAFollower(Exception failure) throws Exception {
    ScriptedUpstream leading = ScriptedUpstream.throwing(failure).held();
    Future<Outcome> leader = threads.submit(() -> fixture.engine.getOrCompute(REQUEST, leading));
    leading.awaitCall();
    Future<Outcome> follower =
        threads.submit(
            () -> fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("an answer")));
    fixture.awaitWaiting(REQUEST, 2);
    leading.letGo();
    assertThatThrownBy(() -> leader.get(30, TimeUnit.SECONDS)).cause().isSameAs(failure);
    assertThat(((Outcome.Computed) follower.get(30, TimeUnit.SECONDS)).answer().text())
        .isEqualTo("an answer");
    fixture.audit(2);
  }
}
