package dev.reprise.gateway.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to one client without waiting for it. A client that is slow has up to {@value
 * #MOST_WAITING} characters waiting for it; only then who gives more waits, as long as the client
 * takes anything within the server's idle time-out. So a slow client does not hold up the others
 * that listen to the same stream. Where replies take all the memory that they may take together, it
 * waits sooner.
 */
public final class EventWriter extends IteratingCallback {
  /** How much waits for a slow client at most, in characters: {@value}. */
  public static final int MOST_WAITING = 4 << 20;

  private final Exchange exchange;
  private final Runnable gone;
  private final BodyMemory.Share memory;
  private final Object lock = new Object();
  private StringBuilder waiting = new StringBuilder();
  private int beingWritten;
  private @Nullable Runnable last;
  private @Nullable Throwable failure;

  /**
   * @param gone is run once the client cannot be written to any more
   */
  public EventWriter(Exchange exchange, Runnable gone) {
    this.exchange = exchange;
    this.gone = gone;
    this.memory = exchange.replies().share();
    exchange.replies().keep(memory);
  }

  /**
   * Takes an event to be written.
   *
   * @throws IOException if the client is gone, or does not read
   */
  public void write(String event) throws IOException {
    synchronized (lock) {
      awaitRoom(event.length());
      if (failure != null) {
        throw new IOException("the client is gone, or does not read", failure);
      }
      waiting.append(event);
    }
    iterate();
  }

  private void awaitRoom(int more) throws InterruptedIOException {
    try {
      while (failure == null && !hasRoom(more)) {
        lock.wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a slow client was waited for");
    }
  }

  /** Where nothing waits for the client, there is room for one event, whatever others take. */
  private boolean hasRoom(int more) {
    boolean isFree = memory.growTo((long) beingWritten + waiting.length() + more);
    return waiting.isEmpty() || (isFree && waiting.length() < MOST_WAITING);
  }

  /** Runs {@code end} after everything was written; not at all where the client is gone. */
  public void end(Runnable end) {
    synchronized (lock) {
      last = end;
    }
    iterate();
  }

  @Override
  protected Action process() {
    String events;
    synchronized (lock) {
      beingWritten = waiting.length();
      memory.shrinkTo(beingWritten);
      if (waiting.isEmpty()) {
        return last == null ? Action.IDLE : Action.SUCCEEDED;
      }
      events = waiting.toString();
      waiting = new StringBuilder();
      lock.notifyAll();
    }
    exchange.write(ByteBuffer.wrap(events.getBytes(StandardCharsets.UTF_8)), this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    Runnable end;
    synchronized (lock) {
      end = last;
    }
    if (end != null) {
      end.run();
    }
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    synchronized (lock) {
      failure = cause;
      lock.notifyAll();
    }
    gone.run();
    exchange.breakOff(cause);
  }
}
