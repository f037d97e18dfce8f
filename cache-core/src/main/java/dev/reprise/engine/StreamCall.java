package dev.reprise.engine;

import dev.reprise.engine.CacheEngine.Prepared;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import dev.reprise.policy.Plan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final CacheRequest request;
  private final StreamingUpstream<C> upstream;
  private final StreamSubscriber<C> subscriber;
  private final Stopwatch watch;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean cancelled;
  private volatile @Nullable Flight<Object> flight;
  private volatile @Nullable Lookup lookup;
  private volatile @Nullable Runnable cancelAlone;

  StreamCall(
      CacheEngine engine,
      CacheRequest request,
      StreamingUpstream<C> upstream,
      StreamSubscriber<C> subscriber) {
    this.engine = engine;
    this.request = request;
    this.upstream = upstream;
    this.subscriber = subscriber;
    this.watch = engine.stopwatch();
  }

  void start() {
    Prepared prepared = engine.prepare(request, watch);
    if (prepared instanceof Prepared.Bypass bypass) {
      callUpstream(new Passthrough(bypass.reason()));
      return;
    }
    Prepared.Cached cached = (Prepared.Cached) prepared;
    lookup = cached.lookup();
    seek(cached);
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
    Flight<Object> mine = new Flight<>();
    Flight<Object> theirs = engine.flights().board(looking.key(), mine);
    flight = theirs;
    if (theirs == mine) {
      lead(cached, mine, landings);
    } else if (!theirs.join(new Follower(cached))) {
      flight = null;
      seekAlone(cached);
    }
  }

  private void seekAlone(Prepared.Cached cached) {
    Optional<Finding> found =
        cached.isLookedUp() ? cached.lookup().findSemantic() : Optional.empty();
    if (found.isPresent()) {
      endWhole(engine.hit(found.get(), cached.lookup()));
    } else if (cached.terms().onMiss() == Plan.OnMiss.REPORT) {
      Outcome.Unsatisfied outcome = new Outcome.Unsatisfied(watch.timings());
      end(new CacheEvent.Finished(outcome), () -> subscriber.onUnsatisfied(outcome));
    } else {
      callUpstream(new Alone(cached));
    }
  }

  private void lead(Prepared.Cached cached, Flight<Object> mine, long landings) {
    Leader leader = new Leader(cached, mine);
    try {
      Lookup looking = cached.lookup();
      Optional<Finding> found =
          engine.flights().landings() == landings ? Optional.empty() : looking.findExact();
      if (found.isEmpty()) {
        found = looking.findSemantic();
      }
      if (found.isPresent()) {
        engine.flights().land(looking.key(), mine, new Flight.Landing.Found(found.get()));
        endWhole(engine.hit(found.get(), looking));
        return;
      }
    } catch (RuntimeException | Error e) {
      leader.fail(e);
      return;
    }
    callUpstream(leader);
    mine.leaderReturned();
  }

  private void callUpstream(StreamingUpstream.Sink<C> sink) {
    engine.counter().upstreamCalled();
    try {
      upstream.start(sink);
    } catch (RuntimeException | Error e) {
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

  private void endFailed(Throwable cause) {
    end(new CacheEvent.Failed(cause), () -> subscriber.onError(cause));
  }

  /**
   * Ends the stream, if nothing has yet. The event comes first, so that the subscriber finds it
   * counted.
   */
  private void end(CacheEvent.Terminal event, Runnable last) {
    if (ended.compareAndSet(false, true)) {
      engine.emit(event);
      quietly(last);
    }
  }

  private static void quietly(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      LOG.warn("A stream's subscriber failed; the stream goes on", e);
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
    engine.emit(new CacheEvent.Cancelled());
    Flight<Object> joined = flight;
    Lookup looking = lookup;
    if (joined != null && looking != null) {
      engine.flights().leave(looking.key(), joined);
      return;
    }
    Runnable stop = cancelAlone;
    if (stop != null) {
      stop.run();
    }
  }

  private void stopAloneWith(Runnable stop) {
    cancelAlone = stop;
    if (cancelled) {
      stop.run();
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
      endComplete(new Outcome.Computed(answer, Outcome.Call.OWN, admission, watch.timings()));
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
      led.cancelWith(cancel);
    }

    @Override
    public void next(C chunk) {
      if (!landed.get()) {
        chunk(chunk);
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
      Outcome.Computed outcome =
          new Outcome.Computed(answer, Outcome.Call.OWN, admission, watch.timings());
      land(new Flight.Landing.Answered(answer, admission));
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
    private boolean draining;
    private boolean anyChunk;

    Follower(Prepared.Cached cached) {
      this.cached = cached;
    }

    @Override
    @SuppressWarnings(
        "unchecked") // One key, one door, one kind of chunk: the answer format is in the key.
    public void onChunk(Object chunk) {
      later(
          () -> {
            anyChunk = true;
            chunk((C) chunk);
          });
    }

    @Override
    public void onLanding(Flight.Landing landing) {
      later(() -> landed(landing));
    }

    private void landed(Flight.Landing landing) {
      watch.lap(Stage.WAIT);
      if (landing instanceof Flight.Landing.Answered answered) {
        Outcome.Computed outcome =
            new Outcome.Computed(
                answered.answer(), Outcome.Call.SHARED, answered.admission(), watch.timings());
        if (anyChunk) {
          endComplete(outcome);
        } else {
          endWhole(outcome);
        }
      } else if (landing instanceof Flight.Landing.Failed failed) {
        endFailed(failed.cause());
      } else if (landing instanceof Flight.Landing.Found found
          && cached.lookup().mayServe(found.finding().entry(), found.finding().entry().key())) {
        endWhole(engine.hit(found.finding(), cached.lookup()));
      } else if (!ended.get()) {
        flight = null;
        seek(cached);
      }
    }

    private void later(Runnable delivery) {
      synchronized (queue) {
        queue.add(delivery);
        if (!draining) {
          draining = true;
          engine.deliveries().execute(this::drain);
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
        delivery.run();
      }
    }
  }
}
