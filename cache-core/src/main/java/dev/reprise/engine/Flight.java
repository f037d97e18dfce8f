package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.policy.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of the upstream, and everybody who waits for it: the leader that makes it, followers
 * that want the answer as a whole, and followers that want the chunks.
 *
 * @param <C> the integration's type of chunk
 */
final class Flight<C> {

  /** How a flight ends. */
  sealed interface Landing {
    /** The upstream answered. */
    record Answered(Answer answer, Admission admission) implements Landing {}

    /**
     * A stream ended, and nobody knows whether its answer is whole: who has its chunks saw as much
     * as the leader; who waits for the answer looks again, perhaps as the leader.
     */
    record Unfinished(Answer answer, Admission admission) implements Landing {}

    /** The leader found an answer that was stored meanwhile, or that of a near question. */
    record Found(Finding finding) implements Landing {}

    /** The upstream failed: so do all followers, but for those whose upstream says otherwise. */
    record Failed(Throwable cause) implements Landing {}

    /** The leader was cancelled: a follower leads the next flight. */
    record Abandoned() implements Landing {}
  }

  /**
   * Takes a flight's chunks, under the flight's lock: it hands them on to another thread and
   * returns.
   */
  interface Listener<C> {
    void onChunk(C chunk);

    void onLanding(Landing landing);
  }

  /** So many chunks are kept for those who join late: {@value}. After that nobody can join. */
  static final int KEPT_CHUNKS = 1 << 16;

  /** So many characters of chunks are kept for them, where chunks tell: {@value}. */
  static final int KEPT_CHARACTERS = 4 << 20;

  private final KeptChunks room;
  private volatile @Nullable Thread leader = Thread.currentThread();
  private volatile @Nullable Thread deliverer;
  private final CompletableFuture<Landing> landing = new CompletableFuture<>();
  private final Object lock = new Object();
  private final List<C> chunks = new ArrayList<>();
  private final List<Listener<C>> listeners = new ArrayList<>();
  private int waiting = 1; // the leader
  private long kept;
  private boolean closed;
  private boolean abandoned;
  private @Nullable Runnable cancel;

  /** Makes one that keeps its chunks by itself. */
  Flight() {
    this(new KeptChunks(Long.MAX_VALUE));
  }

  /**
   * @param room for the chunks of all flights
   */
  Flight(KeptChunks room) {
    this.room = room;
  }

  /**
   * Returns whether the calling thread makes this flight's call or delivers its chunks, so that
   * waiting for it would never end.
   */
  boolean isLedByThisThread() {
    Thread current = Thread.currentThread();
    return (leader == current || deliverer == current) && !landing.isDone();
  }

  /** Runs what gives the leader a chunk, on the thread of the upstream. */
  void deliver(Runnable delivery) {
    deliverer = Thread.currentThread();
    try {
      delivery.run();
    } finally {
      deliverer = null;
    }
  }

  /** Tells that the leader goes on, on the calling thread. */
  void leadsOnThisThread() {
    leader = Thread.currentThread();
  }

  /** Tells that the leader's thread has started the upstream's stream and is free to wait again. */
  void leaderReturned() {
    leader = null;
  }

  /** Returns what is completed when the flight lands. */
  CompletableFuture<Landing> landing() {
    return landing;
  }

  /** Joins as somebody who wants the answer as a whole. Returns false if it was abandoned. */
  boolean join() {
    synchronized (lock) {
      if (abandoned) {
        return false;
      }
      waiting++;
      return true;
    }
  }

  /** What becomes of somebody who wants to join for the chunks. */
  enum Boarding {
    /** It gets every chunk, those that came already at once. */
    JOINED,
    /** Nobody waits any more: another flight is to be taken. */
    ABANDONED,
    /** There were more chunks than are kept. */
    TOO_LATE
  }

  /** Joins as somebody who wants the chunks. */
  Boarding join(Listener<C> listener) {
    synchronized (lock) {
      if (abandoned) {
        return Boarding.ABANDONED;
      }
      if (closed) {
        return Boarding.TOO_LATE;
      }
      waiting++;
      for (C chunk : chunks) {
        listener.onChunk(chunk);
      }
      listeners.add(listener);
    }
    var unused = landing.thenAccept(listener::onLanding);
    return Boarding.JOINED;
  }

  /**
   * Leaves. Returns whether nobody is left and the flight is abandoned by that: it is to be landed,
   * and {@link #stopIfAbandoned stopped}.
   */
  boolean leave() {
    synchronized (lock) {
      waiting--;
      if (waiting > 0 || abandoned || landing.isDone()) {
        return false;
      }
      abandoned = true;
      return true;
    }
  }

  /** Tells how the upstream is stopped. */
  void cancelWith(Runnable stop) {
    synchronized (lock) {
      cancel = stop;
    }
    stopIfAbandoned();
  }

  /** Stops the upstream of an abandoned flight, once, as soon as it is known how. */
  void stopIfAbandoned() {
    Runnable stop;
    synchronized (lock) {
      if (!abandoned) {
        return;
      }
      stop = cancel;
      cancel = null;
    }
    if (stop != null) {
      stop.run();
    }
  }

  /** Passes on a chunk. */
  void next(C chunk) {
    synchronized (lock) {
      if (landing.isDone()) {
        return;
      }
      if (!closed) {
        keep(chunk);
      }
      for (Listener<C> listener : listeners) {
        listener.onChunk(chunk);
      }
    }
  }

  private void keep(C chunk) {
    long weight = chunk instanceof Weighed weighed ? weighed.weight() : 0;
    if (chunks.size() + 1 < KEPT_CHUNKS && kept + weight < KEPT_CHARACTERS && room.take(weight)) {
      chunks.add(chunk);
      kept += weight;
    } else {
      closed = true;
      chunks.clear();
      giveBack();
    }
  }

  private void giveBack() {
    room.giveBack(kept);
    kept = 0;
  }

  /** Returns how many wait for it, the leader included. */
  int waiting() {
    synchronized (lock) {
      return waiting;
    }
  }

  /** Lands; the first landing counts. */
  void land(Landing end) {
    if (landing.complete(end)) {
      synchronized (lock) {
        giveBack();
      }
    }
  }
}
