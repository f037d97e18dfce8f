package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much may wait for one who follows a stream of chunks that tell their weight. */
@Timeout(60)
class StreamFollowerTest {
  private static final CacheRequest REQUEST = EngineFixture.request("What is a follower?");
  private static final Sized LIGHT = new Sized("light", 1);
  private static final Sized HALF = new Sized("half", StreamFollower.MOST_CHARACTERS / 2);
  private static final Sized HEAVY = new Sized("heavy", StreamFollower.MOST_CHARACTERS + 1);

  private final EngineFixture fixture = new EngineFixture();
  private final AtomicReference<StreamingUpstream.Sink<Sized>> sink = new AtomicReference<>();
  private final Recorder leader = new Recorder();

  private record Sized(String name, int weight) implements Weighed {}

  @BeforeEach
  void lead() {
    fixture.engine.stream(REQUEST, sink::set, leader);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Recorder follow(Recorder follower) {
    fixture.engine.stream(
        REQUEST, own -> own.fail(new AssertionError("this makes a second call")), follower);
    return follower;
  }

  private void give(Sized... chunks) {
    for (Sized chunk : chunks) {
      sink.get().next(chunk);
    }
  }

  private void complete() {
    sink.get().complete(Answer.ofText("One call for everybody."));
  }

  @Test
  void whoKeepsUpTakesAChunkOfAnyWeight() throws Exception {
    Recorder follower = follow(new Recorder());
    for (int i = 1; i <= 3; i++) {
      give(HEAVY);
      int taken = i;
      EngineFixture.await(taken + " are taken", () -> follower.chunks.size() == taken);
    }
    complete();
    assertThat(follower.end()).isInstanceOf(Outcome.Computed.class);
    assertThat(follower.chunks).containsExactly(HEAVY, HEAVY, HEAVY);
    fixture.audit(2);
  }

  @Test
  void oneChunkOfAnyWeightMayWaitBehindTheMost() throws Exception {
    Recorder slow = slowFollower();
    give(HALF, HALF, HEAVY);
    complete();
    slow.gate.countDown();
    assertThat(slow.end()).isInstanceOf(Outcome.Computed.class);
    assertThat(slow.chunks).containsExactly(LIGHT, HALF, HALF, HEAVY);
    fixture.audit(2);
  }

  @Test
  void whoIsFurtherBehindIsCutOffByTheNextChunkHoweverLightAndTheOthersGetAll() throws Exception {
    Recorder slow = slowFollower();
    Recorder quick = follow(new Recorder());
    give(HEAVY);
    EngineFixture.await("the quick one has both", () -> quick.chunks.size() == 2);
    give(LIGHT);
    complete();
    slow.gate.countDown();
    assertThat(slow.end())
        .isInstanceOfSatisfying(
            CacheException.class,
            failure -> assertThat(failure).hasMessageContaining("it was cut off"));
    assertThat(slow.chunks).containsExactly(LIGHT);
    assertThat(quick.end()).isInstanceOf(Outcome.Computed.class);
    assertThat(quick.chunks).containsExactly(LIGHT, HEAVY, LIGHT);
    assertThat(leader.end()).isInstanceOf(Outcome.Computed.class);
    assertThat(leader.chunks).containsExactly(LIGHT, HEAVY, LIGHT);
    fixture.audit(3);
  }

  /** Returns a follower that is busy with a light chunk until its gate opens. */
  private Recorder slowFollower() {
    Recorder slow = follow(new Recorder(new CountDownLatch(1)));
    give(LIGHT);
    EngineFixture.await("it has the first", () -> slow.chunks.size() == 1);
    return slow;
  }

  /** Remembers what it got; after each chunk it waits at its gate. */
  private static final class Recorder implements StreamSubscriber<Sized> {
    private final List<Sized> chunks = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Object> end = new CompletableFuture<>();
    private final CountDownLatch gate;

    Recorder() {
      this(new CountDownLatch(0));
    }

    Recorder(CountDownLatch gate) {
      this.gate = gate;
    }

    Object end() throws Exception {
      return end.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void onWhole(Outcome.Answered outcome) {
      end.complete(outcome);
    }

    @Override
    public void onChunk(Sized chunk, Subscription subscription) {
      chunks.add(chunk);
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onComplete(Outcome.Answered outcome) {
      end.complete(outcome);
    }

    @Override
    public void onUnsatisfied(Outcome.Unsatisfied outcome) {
      end.complete(outcome);
    }

    @Override
    public void onError(Throwable cause) {
      end.complete(cause);
    }
  }
}
