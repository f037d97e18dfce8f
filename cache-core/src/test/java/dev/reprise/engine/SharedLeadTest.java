package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.FaultyExactTier;
import dev.reprise.testing.MapExactTier;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.SharedFlights;
import dev.reprise.tier.SharedFlights.Boarding;
import dev.reprise.tier.SharedFlights.Ending;
import dev.reprise.tier.SharedFlights.IfStored;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a request does that another engine leads, and what it tells others when it leads. */
@Timeout(60)
class SharedLeadTest {
  private static final CacheRequest REQUEST = EngineFixture.request("What do the others ask?");
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Flights flights = new Flights();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Duration followerWait = Duration.ofSeconds(30);
  private EngineFixture fixture = fixture();

  /** Answers as it is told, then that the caller leads. */
  private static final class Flights implements SharedFlights {
    private final Queue<Supplier<Boarding>> script = new ArrayDeque<>();
    private final List<IfStored> asked = new CopyOnWriteArrayList<>();
    private final List<Ending> endings = new CopyOnWriteArrayList<>();

    @Override
    public synchronized Boarding board(ExactKey key, IfStored ifStored) {
      asked.add(ifStored);
      Supplier<Boarding> next = script.poll();
      return next == null ? new Leading(endings::add) : next.get();
    }

    /** Lets the caller wait for a leader that never ends. */
    void ignore(Duration patience) {
      var unused = follow(patience);
    }

    synchronized CompletableFuture<Ending> follow(Duration patience) {
      CompletableFuture<Ending> ending = new CompletableFuture<>();
      script.add(() -> new Following(ending, patience));
      return ending;
    }
  }

  private EngineFixture fixture() {
    EngineFixture made =
        new EngineFixture(
            builder -> {
              FaultyExactTier tier =
                  new FaultyExactTier(new MapExactTier(new FakeClock()), DeadlineOwner.TIER);
              return builder.exactTier(tier.flights(flights)).followerWait(followerWait);
            });
    fixture = made;
    return made;
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    fixture.close();
  }

  private Future<Outcome> ask(ScriptedUpstream upstream) {
    return threads.submit(() -> fixture.engine.getOrCompute(REQUEST, upstream));
  }

  private static String text(Object outcome) {
    return ((Outcome.Answered) outcome).answer().text();
  }

  private void awaitBoardings(int count) throws InterruptedException {
    EngineFixture.await(count + " ask for the lead", () -> flights.asked.size() >= count);
  }

  @Test
  void whoLeadsTellsHowItEnded() throws Exception {
    fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("stored"));
    assertThat(flights.endings).containsExactly(Ending.STORED);
    assertThatThrownBy(
            () ->
                fixture.engine.getOrCompute(
                    EngineFixture.request("Fails?"),
                    ScriptedUpstream.throwing(new IllegalStateException("no"))))
        .hasMessage("no");
    fixture.engine.getOrCompute(
        EngineFixture.request("Cut?"),
        () -> Answer.ofText("cut").withCompletion(Completion.TRUNCATED));
    assertThatThrownBy(
            () ->
                fixture.engine.getOrCompute(
                    EngineFixture.request("Cancelled?"),
                    ScriptedUpstream.throwing(new CancellationException("given up"))))
        .hasMessage("given up");
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    fixture.engine.stream(EngineFixture.request("Streamed?"), upstream, new RecordingSubscriber())
        .cancel();
    assertThat(flights.endings)
        .containsExactly(
            Ending.STORED,
            Ending.NOT_STORED,
            Ending.NOT_STORED,
            Ending.ABANDONED,
            Ending.ABANDONED);
  }

  @Test
  void whatNobodyWaitsForAsksForNoLead() throws Exception {
    fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("stored"));
    fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("never asked"));
    fixture.engine.getOrCompute(
        REQUEST.withControl(CacheControl.DEFAULT.with(CacheControl.Directive.NO_STORE)),
        ScriptedUpstream.answering("not stored"));
    assertThat(flights.asked).hasSize(1);
  }

  @Test
  void aDeadLeaderIsFollowedByAnother() throws Exception {
    flights.ignore(Duration.ofMillis(10));
    flights.ignore(Duration.ofMillis(10));
    ScriptedUpstream upstream = ScriptedUpstream.answering("own");
    assertThat(text(fixture.engine.getOrCompute(REQUEST, upstream))).isEqualTo("own");
    assertThat(flights.asked).hasSize(3);
    assertThat(flights.endings).containsExactly(Ending.STORED);
  }

  @Test
  void waitingEndsWithTheFollowersWait() throws Exception {
    fixture.close();
    followerWait = Duration.ofMillis(100);
    fixture = fixture();
    CompletableFuture<Ending> ending = flights.follow(LONG);
    assertThat(text(fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("own"))))
        .isEqualTo("own");
    assertThat(flights.asked).as("it is not asked again").hasSize(1);
    assertThat(ending).isCancelled();
    assertThat(flights.endings).isEmpty();
  }

  @Test
  void whatIsSaidToBeStoredAndIsNotThereIsAskedForAnew() throws Exception {
    flights.follow(LONG).complete(Ending.STORED);
    assertThat(text(fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("own"))))
        .isEqualTo("own");
    assertThat(flights.asked).containsExactly(IfStored.RETURN, IfStored.IGNORE);
    flights.script.add(SharedFlights.Stored::new);
    CacheRequest other = EngineFixture.request("What else?");
    assertThat(text(fixture.engine.getOrCompute(other, ScriptedUpstream.answering("own"))))
        .isEqualTo("own");
  }

  @Test
  void aTierThatFailsDelaysNobody() throws Exception {
    flights.script.add(
        () -> {
          throw new TierException("map", "no");
        });
    assertThat(text(fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("own"))))
        .isEqualTo("own");
    assertThat(fixture.engine.stats().upstreamCalls()).isEqualTo(1);
  }

  @Test
  void aCallerThatIsInterruptedWhileItWaitsCallsTheUpstreamAndIsStillInterrupted()
      throws Exception {
    flights.ignore(LONG);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              fixture.engine.getOrCompute(REQUEST, () -> Answer.ofText("own"));
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    caller.start();
    awaitBoardings(1);
    caller.interrupt();
    assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void followersInTheEngineGetWhatItsLeaderGets() throws Exception {
    CompletableFuture<Ending> ending = flights.follow(LONG);
    ScriptedUpstream upstream = ScriptedUpstream.answering("own");
    Future<Outcome> one = ask(upstream);
    awaitBoardings(1);
    Future<Outcome> two = ask(upstream);
    RecordingSubscriber stream = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, new ScriptedStreamingUpstream(), stream);
    ending.complete(Ending.NOT_STORED);
    assertThat(text(one.get(30, TimeUnit.SECONDS))).isEqualTo("own");
    assertThat(text(two.get(30, TimeUnit.SECONDS))).isEqualTo("own");
    assertThat(text(stream.awaitEnd())).isEqualTo("own");
    assertThat(upstream.calls()).isEqualTo(1);
    assertThat(flights.asked).hasSize(1);
    fixture.audit(3);
  }

  @Test
  void aStreamWaitsWithoutHoldingItsCallersThread() throws Exception {
    CompletableFuture<Ending> ending = flights.follow(LONG);
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    RecordingSubscriber stream = new RecordingSubscriber();
    fixture.engine.stream(REQUEST, upstream, stream);
    assertThat(upstream.calls()).isZero();
    ending.complete(Ending.ABANDONED);
    upstream.awaitStart().give("a", "b").complete();
    assertThat(text(stream.awaitEnd())).isEqualTo("ab");
    EngineFixture.await("it is told", () -> flights.endings.equals(List.of(Ending.STORED)));
    fixture.audit(1);
  }

  @Test
  void aStreamThatIsCancelledWhileItWaitsCallsNobody() throws Exception {
    CompletableFuture<Ending> ending = flights.follow(LONG);
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    fixture.engine.stream(REQUEST, upstream, new RecordingSubscriber()).cancel();
    ending.complete(Ending.ABANDONED);
    EngineFixture.await(
        "the lead is handed on", () -> flights.endings.equals(List.of(Ending.ABANDONED)));
    assertThat(upstream.calls()).isZero();
    fixture.audit(1);
  }

  @Test
  void aStreamThatFailsAfterItWaitedFails() throws Exception {
    flights.follow(LONG).complete(Ending.NOT_STORED);
    RecordingSubscriber stream = new RecordingSubscriber();
    fixture.engine.stream(
        REQUEST,
        sink -> {
          throw new IllegalStateException("no");
        },
        stream);
    assertThat(stream.awaitEnd()).isInstanceOf(IllegalStateException.class);
    fixture.audit(1);
  }
}
