package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.policy.Admission;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a flight gives to one who follows it, and hands it on, one thing at a time, on the
 * engine's threads: a slow follower holds up neither the upstream nor the others.
 *
 * @param <C> the integration's own kind of chunk
 */
final class StreamFollower<C> implements Flight.Listener<Object> {
  /** So many chunks wait for a slow follower at most: {@value}. */
  static final int MOST_CHUNKS = 2 * Flight.KEPT_CHUNKS;

  /**
   * A chunk is added to at most so many characters that wait for it, where chunks tell: {@value}.
   * So one chunk may weigh more.
   */
  static final int MOST_CHARACTERS = 2 * Flight.KEPT_CHARACTERS;

  private final StreamCall<C> call;
  private final CallParts parts;
  private final Lookup lookup;
  private final Queue<Runnable> queue = new ArrayDeque<>();

  // What waits in the queue; guarded by it.
  private int chunks;
  private long characters;
  private boolean isCutOff;

  /** From the start, so that nothing is handed on before {@link #begin}. */
  private boolean draining = true;

  // Used by the one thread that drains, but for the first value of patience.
  private boolean hasChunk;
  private boolean isOver;
  private @Nullable Future<?> patience;

  StreamFollower(StreamCall<C> call, CallParts parts, Lookup lookup) {
    this.call = call;
    this.parts = parts;
    this.lookup = lookup;
  }

  /**
   * Begins to hand on what came and comes. A flight that gives nothing is not waited for longer
   * than agreed.
   */
  void begin() {
    patience = parts.threads().afterFollowerWait(() -> submit(this::giveUp));
    parts.threads().deliveries().execute(this::drain);
  }

  private void giveUp() {
    if (!isOver && !hasChunk && !call.outlet().hasEnded()) {
      isOver = true;
      lookup.watch().lap(Stage.WAIT);
      call.leave();
      call.seekAlone(lookup);
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
      "unchecked") // One key, one integration, one kind of chunk: the answer format is in the key.
  public void onChunk(Object chunk) {
    long weight = chunk instanceof Weighed weighed ? weighed.weight() : 0;
    synchronized (queue) {
      if (isCutOff) {
        return;
      }
      chunks++;
      characters += weight;
      if (chunks > MOST_CHUNKS || characters - weight > MOST_CHARACTERS) {
        cutOff();
        return;
      }
    }
    submit(
        () -> {
          synchronized (queue) {
            chunks--;
            characters -= weight;
          }
          if (!isOver) {
            hasChunk = true;
            stopWaiting();
            call.outlet().chunk((C) chunk);
          }
        });
  }

  /** Ends a follower that does not take what comes: it would have to be kept for it. */
  private void cutOff() {
    isCutOff = true;
    queue.clear();
    submit(
        () -> {
          stopWaiting();
          if (!isOver) {
            isOver = true;
            call.leave();
            call.outlet()
                .endFailed(
                    new CacheException(
                        "the reader of this stream is more than "
                            + MOST_CHARACTERS
                            + " characters or "
                            + MOST_CHUNKS
                            + " chunks behind the model; it was cut off"));
          }
        });
  }

  @Override
  public void onLanding(Flight.Landing landing) {
    submit(
        () -> {
          stopWaiting();
          if (!isOver) {
            isOver = true;
            landed(landing);
          }
        });
  }

  private void landed(Flight.Landing landing) {
    lookup.watch().lap(Stage.WAIT);
    if (landing instanceof Flight.Landing.Answered answered) {
      Outcome.Computed outcome = shared(answered.answer(), answered.admission());
      if (hasChunk) {
        call.outlet().endComplete(outcome);
      } else if (lookup.isReadable(answered.answer())) {
        call.outlet().endWhole(outcome);
      } else if (!call.outlet().hasEnded()) {
        call.disembark();
        call.callAlone(lookup);
      }
    } else if (landing instanceof Flight.Landing.Unfinished half && hasChunk) {
      call.outlet().endComplete(shared(half.answer(), half.admission()));
    } else if (landing instanceof Flight.Landing.Failed failed
        && (hasChunk || call.isEndedBy(failed.cause()))) {
      call.outlet().endFailed(failed.cause());
    } else if (landing instanceof Flight.Landing.Found found && lookup.mayServe(found.finding())) {
      call.outlet().endWhole(parts.hits().hit(found.finding(), lookup));
    } else if (!call.outlet().hasEnded()) {
      // Abandoned, half an answer, the leader's own failure, or found what is too old for this
      // request: nothing was given to it yet.
      call.disembark();
      call.seek(lookup);
    }
  }

  private Outcome.Computed shared(Answer answer, Admission admission) {
    return FreshAnswers.shared(lookup, answer, admission);
  }

  private void submit(Runnable delivery) {
    synchronized (queue) {
      // Behind the end of a follower that is cut off, only its landing comes, which does nothing.
      queue.add(delivery);
      if (!draining) {
        draining = true;
        parts.threads().deliveries().execute(this::drain);
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
        call.outlet().endFailed(e);
      }
    }
  }
}
