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
 * @param <C> the door's own kind of chunk
 */
final class Flight<C> {

  /** How a flight ends. */
  sealed interface Landing {
    /** The upstream answered. */
    record Answered(Answer answer, Admission admission) implements Landing {}

    /** The leader found an answer that was stored meanwhile, or that of a near question. */
    record Found(Finding finding) implements Landing {}

    /** The upstream failed: so do all followers. */
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

  private volatile @Nullable Thread leader = Thread.currentThread();
  private final CompletableFuture<Landing> landing = new CompletableFuture<>();
  private final Object lock = new Object();
  private final List<C> chunks = new ArrayList<>();
  private final List<Listener<C>> listeners = new ArrayList<>();
  private int waiting = 1; // the leader
  private boolean closed;
  private boolean abandoned;
  private @Nullable Runnable cancel;

  /**
   * Returns whether the calling thread leads this flight, so that waiting for it would never end.
   */
  boolean isLedByThisThread() {
    return leader == Thread.currentThread() && !landing.isDone();
  }

  /** Tells that the leader's thread has started the upstream's stream and is free to wait again. */
  void leaderReturned() {
    leader = null;
  }

  /** Returns what is completed when the flight lands. */
  CompletableFuture<Landing> landing() {
    return landing;
  }

  /** Joins as somebody who wants the answer as a whole. Returns false if it is too late. */
  boolean join() {
    synchronized (lock) {
      if (abandoned || closed) {
        return false;
      }
      waiting++;
      return true;
    }
  }

  /**
   * Joins as somebody who wants the chunks: those that came already are given at once. Returns
   * false if it is too late.
   */
  boolean join(Listener<C> listener) {
    synchronized (lock) {
      if (abandoned || closed) {
        return false;
      }
      waiting++;
      for (C chunk : chunks) {
        listener.onChunk(chunk);
      }
      listeners.add(listener);
    }
    var unused = landing.thenAccept(listener::onLanding);
    return true;
  }

  /**
   * Leaves. If nobody is left, the upstream is stopped and the flight abandoned. Returns whether it
   * was.
   */
  boolean leave() {
    Runnable stop;
    synchronized (lock) {
      waiting--;
      if (waiting > 0 || abandoned || landing.isDone()) {
        return false;
      }
      abandoned = true;
      stop = cancel;
    }
    if (stop != null) {
      stop.run();
    }
    return true;
  }

  /** Tells how the upstream is stopped. */
  void cancelWith(Runnable stop) {
    boolean late;
    synchronized (lock) {
      cancel = stop;
      late = abandoned;
    }
    if (late) {
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
        chunks.add(chunk);
        if (chunks.size() >= KEPT_CHUNKS) {
          closed = true;
          chunks.clear();
        }
      }
      for (Listener<C> listener : listeners) {
        listener.onChunk(chunk);
      }
    }
  }

  /** Lands; the first landing counts. */
  void land(Landing end) {
    landing.complete(end);
  }
}
