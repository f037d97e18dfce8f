package dev.reprise.engine;

import dev.reprise.engine.CacheEngine.Prepared;
import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import dev.reprise.policy.Plan;
import dev.reprise.policy.UpstreamTemperature;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A stream is in one of three positions:
 *
 * - alone: chunks go from the upstream to the subscriber;
 * - leader of a flight: the same, and each chunk goes to the flight, too;
 * - follower of a flight: chunks come through a queue of its own, drained on the engine's threads, so that a slow follower
 *   holds up neither the upstream nor the others.
 */
/**
 * One streamed request.
 *
 * @param <C> the door's own kind of chunk
 */
final class StreamCall<C> implements StreamSubscriber.Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(StreamCall.class);

  private final CacheEngine engine;
  private final StreamingUpstream<C> upstream;
  private final StreamSubscriber<C> subscriber;
  private final Stopwatch watch;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean cancelled;
  private volatile @Nullable CacheRequest request;
  private final AtomicReference<@Nullable Boarded> boarded = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> stopAlone = new AtomicReference<>();

  /** The flight that is led or followed; whoever takes it out leaves it, once. */
  private record Boarded(ExactKey key, Flight<Object> flight) {}

  StreamCall(CacheEngine engine, StreamingUpstream<C> upstream, StreamSubscriber<C> subscriber) {
    this.engine = engine;
    this.upstream = upstream;
    this.subscriber = subscriber;
    this.watch = engine.stopwatch();
  }

  void start(CacheRequest request, AnswerReader reader) {
    this.request = request;
    Prepared prepared = engine.prepare(request, reader, watch);
    if (prepared instanceof Prepared.Bypass bypass) {
      bypass(bypass.reason(), request.control());
      return;
    }
    Prepared.Cached cached = (Prepared.Cached) prepared;
    this.request = cached.lookup().request();
    seek(cached);
  }

  void bypass(Reason reason, CacheControl control) {
    if (control.has(CacheControl.Directive.ONLY_IF_CACHED)) {
      endUnsatisfied();
    } else {
      quietly(() -> subscriber.onBypass(reason));
      callUpstream(new Passthrough(reason), UpstreamTemperature.AS_REQUESTED);
    }
  }

  private void seek(Prepared.Cached cached) {
    Lookup looking = cached.lookup();
    long landings = engine.flights().landings();
    if (cached.isLookedUp()) {
      Optional<Finding> found = looking.findExact();
      if (found.isPresent()) {
        endWhole(engine.hit(found.get(), looking));
        return;
      }
    }
    if (cached.terms().onMiss() == Plan.OnMiss.REPORT || !cached.isShared()) {
      seekAlone(cached);
      return;
    }
    while (true) {
      Flight<Object> mine = new Flight<>();
      Flight<Object> theirs = engine.flights().board(looking.key(), mine);
      if (theirs == mine) {
        board(looking, mine);
        lead(cached, mine, landings);
        return;
      }
      Follower follower = new Follower(cached);
      switch (theirs.join(follower)) {
        case JOINED -> {
          board(looking, theirs);
          follower.begin();
          return;
        }
        case ABANDONED -> engine.flights().forget(looking.key(), theirs);
        case TOO_LATE -> {
          seekAlone(cached);
          return;
        }
      }
    }
  }

  /** Remembers the flight for {@link #cancel}, which may have come already. */
  private void board(Lookup looking, Flight<Object> joined) {
    boarded.set(new Boarded(looking.key(), joined));
    if (cancelled) {
      leave();
    }
  }

  private void leave() {
    Boarded left = boarded.getAndSet(null);
    if (left != null) {
      engine.flights().leave(left.key(), left.flight());
    }
  }

  private void seekAlone(Prepared.Cached cached) {
    Optional<Finding> found =
        cached.isLookedUp() ? cached.lookup().findSemantic() : Optional.empty();
    if (found.isPresent()) {
      endWhole(engine.hit(found.get(), cached.lookup()));
    } else if (cached.terms().onMiss() == Plan.OnMiss.REPORT) {
      endUnsatisfied();
    } else {
      callUpstream(new Alone(cached), cached.lookup().temperature());
    }
  }

  private void lead(Prepared.Cached cached, Flight<Object> mine, long landings) {
    Leader leader = new Leader(cached, mine);
    Lookup looking = cached.lookup();
    try {
      Optional<Finding> found = engine.findAsLeader(looking, landings);
      if (found.isPresent()) {
        engine.flights().land(looking.key(), mine, new Flight.Landing.Found(found.get()));
        endWhole(engine.hit(found.get(), looking));
        return;
      }
    } catch (Throwable e) {
      leader.fail(e);
      return;
    }
    if (!mine.landing().isDone()) {
      start(leader, looking.temperature());
      mine.leaderReturned();
    }
  }

  /** Calls the upstream for this request alone, unless it was cancelled. */
  private void callUpstream(StreamingUpstream.Sink<C> sink, UpstreamTemperature temperature) {
    if (!ended.get()) {
      start(sink, temperature);
    }
  }

  private Outcome.Computed fresh(Prepared.Cached cached, Answer answer, Admission admission) {
    return new Outcome.Computed(
        answer,
        Outcome.Call.OWN,
        admission,
        cached.lookup().nearest(),
        cached.lookup().temperature(),
        watch.timings());
  }

  private void start(StreamingUpstream.Sink<C> sink, UpstreamTemperature temperature) {
    engine.counter().upstreamCalled();
    try {
      upstream.start(sink, temperature);
    } catch (Throwable e) {
      sink.fail(e);
    }
  }

  // --- the subscriber's side --------------------------------------------------------------------

  private void chunk(C chunk) {
    if (!cancelled && !ended.get()) {
      quietly(() -> subscriber.onChunk(chunk, this));
    }
  }

  private void endWhole(Outcome.Answered outcome) {
    end(new CacheEvent.Finished(outcome), () -> subscriber.onWhole(outcome));
  }

  private void endComplete(Outcome.Answered outcome) {
    end(new CacheEvent.Finished(outcome), () -> subscriber.onComplete(outcome));
  }

  private void endUnsatisfied() {
    Outcome.Unsatisfied outcome = new Outcome.Unsatisfied(watch.timings());
    end(new CacheEvent.Finished(outcome), () -> subscriber.onUnsatisfied(outcome));
  }

  private void endFailed(Throwable cause) {
    end(new CacheEvent.Failed(cause), () -> subscriber.onError(cause));
  }

  /**
   * Ends the stream, if nothing has yet. The event comes first, so that the subscriber finds it
   * counted.
   */
  private void end(CacheEvent.Terminal event, Runnable last) {
    if (ended.compareAndSet(false, true)) {
      engine.end(request, event);
      quietly(last);
    }
  }

  private static void quietly(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      LOG.warn("A stream's subscriber or its stop failed; the stream goes on", e);
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void cancel() {
    cancelled = true;
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    engine.end(request, new CacheEvent.Cancelled());
    quietly(this::leave);
    stopAlone();
  }

  private void stopAloneWith(Runnable stop) {
    stopAlone.set(stop);
    if (cancelled) {
      stopAlone();
    }
  }

  private void stopAlone() {
    Runnable stop = stopAlone.getAndSet(null);
    if (stop != null) {
      quietly(stop);
    }
  }

  // --- the upstream's side ----------------------------------------------------------------------

  /** Takes what the upstream gives to a request that bypasses the cache. */
  private final class Passthrough implements StreamingUpstream.Sink<C> {
    private final Reason reason;

    Passthrough(Reason reason) {
      this.reason = reason;
    }

    @Override
    public void cancelWith(Runnable cancel) {
      stopAloneWith(cancel);
    }

    @Override
    public void next(C chunk) {
      chunk(chunk);
    }

    @Override
    public void complete(Answer answer) {
      watch.lap(Stage.UPSTREAM);
      endComplete(new Outcome.Bypassed(reason, answer, watch.timings()));
    }

    @Override
    public void fail(Throwable cause) {
      endFailed(cause);
    }
  }

  /** Takes what the upstream gives to a request that shares its call with nobody. */
  private final class Alone implements StreamingUpstream.Sink<C> {
    private final Prepared.Cached cached;
    private final long began = engine.invalidations().now();

    Alone(Prepared.Cached cached) {
      this.cached = cached;
    }

    @Override
    public void cancelWith(Runnable cancel) {
      stopAloneWith(cancel);
    }

    @Override
    public void next(C chunk) {
      chunk(chunk);
    }

    @Override
    public void complete(Answer answer) {
      if (ended.get()) {
        return;
      }
      Duration upstreamTime = watch.lap(Stage.UPSTREAM);
      Admission admission = engine.writeBack(cached, answer, upstreamTime, began);
      endComplete(fresh(cached, answer, admission));
    }

    @Override
    public void fail(Throwable cause) {
      endFailed(cause);
    }
  }

  /** Takes what the upstream gives to the leader of a flight. */
  private final class Leader implements StreamingUpstream.Sink<C> {
    private final Prepared.Cached cached;
    private final Flight<Object> led;
    private final long began = engine.invalidations().now();
    private final AtomicBoolean landed = new AtomicBoolean();

    Leader(Prepared.Cached cached, Flight<Object> led) {
      this.cached = cached;
      this.led = led;
    }

    @Override
    public void cancelWith(Runnable cancel) {
      quietly(() -> led.cancelWith(cancel));
    }

    @Override
    public void next(C chunk) {
      if (!landed.get()) {
        led.deliver(() -> chunk(chunk));
        led.next(chunk);
      }
    }

    @Override
    public void complete(Answer answer) {
      if (!landed.compareAndSet(false, true) || led.landing().isDone()) {
        return;
      }
      Duration upstreamTime = watch.lap(Stage.UPSTREAM);
      Admission admission = engine.writeBack(cached, answer, upstreamTime, began);
      Outcome.Computed outcome = fresh(cached, answer, admission);
      land(
          answer.completion() == Completion.OTHER
              ? new Flight.Landing.Unfinished(answer, admission)
              : new Flight.Landing.Answered(answer, admission));
      endComplete(outcome);
    }

    @Override
    public void fail(Throwable cause) {
      if (landed.compareAndSet(false, true)) {
        land(new Flight.Landing.Failed(cause));
        endFailed(cause);
      }
    }

    private void land(Flight.Landing landing) {
      engine.flights().land(cached.lookup().key(), led, landing);
    }
  }

  /**
   * Takes what a flight gives to one who follows it, and hands it on, one thing at a time, on the
   * engine's threads.
   */
  private final class Follower implements Flight.Listener<Object> {
    private final Prepared.Cached cached;
    private final Queue<Runnable> queue = new ArrayDeque<>();

    /** From the start, so that nothing is handed on before {@link #begin}. */
    private boolean draining = true;

    // Used by the one thread that drains, but for the first value of patience.
    private boolean hasChunk;
    private boolean isOver;
    private @Nullable Future<?> patience;

    Follower(Prepared.Cached cached) {
      this.cached = cached;
    }

    /**
     * Begins to hand on what came and comes. A flight that gives nothing is not waited for longer
     * than agreed.
     */
    void begin() {
      patience = engine.afterFollowerWait(() -> later(this::giveUp));
      engine.deliveryThreads().execute(this::drain);
    }

    private void giveUp() {
      if (!isOver && !hasChunk && !ended.get()) {
        isOver = true;
        watch.lap(Stage.WAIT);
        leave();
        seekAlone(cached);
      }
    }

    private void stopWaiting() {
      Future<?> waiting = patience;
      if (waiting != null) {
        patience = null;
        waiting.cancel(false);
      }
    }

    @Override
    @SuppressWarnings(
        "unchecked") // One key, one door, one kind of chunk: the answer format is in the key.
    public void onChunk(Object chunk) {
      later(
          () -> {
            if (!isOver) {
              hasChunk = true;
              stopWaiting();
              chunk((C) chunk);
            }
          });
    }

    @Override
    public void onLanding(Flight.Landing landing) {
      later(
          () -> {
            stopWaiting();
            if (!isOver) {
              isOver = true;
              landed(landing);
            }
          });
    }

    private void landed(Flight.Landing landing) {
      watch.lap(Stage.WAIT);
      if (landing instanceof Flight.Landing.Answered answered) {
        Outcome.Computed outcome = shared(answered.answer(), answered.admission());
        if (hasChunk) {
          endComplete(outcome);
        } else if (cached.lookup().isReadable(answered.answer())) {
          endWhole(outcome);
        } else if (!ended.get()) {
          boarded.set(null);
          callUpstream(new Alone(cached), cached.lookup().temperature());
        }
      } else if (landing instanceof Flight.Landing.Unfinished half && hasChunk) {
        endComplete(shared(half.answer(), half.admission()));
      } else if (landing instanceof Flight.Landing.Failed failed
          && (hasChunk || upstream.isEndedBy(failed.cause()))) {
        endFailed(failed.cause());
      } else if (landing instanceof Flight.Landing.Found found
          && cached.lookup().mayServe(found.finding())) {
        endWhole(engine.hit(found.finding(), cached.lookup()));
      } else if (!ended.get()) {
        // Abandoned, half an answer, the leader's own failure, or found what is too old for this
        // request: nothing was given to it yet.
        boarded.set(null);
        seek(cached);
      }
    }

    private Outcome.Computed shared(Answer answer, Admission admission) {
      return new Outcome.Computed(
          answer,
          Outcome.Call.SHARED,
          admission,
          Optional.empty(),
          cached.lookup().temperature(),
          watch.timings());
    }

    private void later(Runnable delivery) {
      synchronized (queue) {
        queue.add(delivery);
        if (!draining) {
          draining = true;
          engine.deliveryThreads().execute(this::drain);
        }
      }
    }

    private void drain() {
      while (true) {
        Runnable delivery;
        synchronized (queue) {
          delivery = queue.poll();
          if (delivery == null) {
            draining = false;
            return;
          }
        }
        try {
          delivery.run();
        } catch (Throwable e) {
          endFailed(e);
        }
      }
    }
  }
}
