package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.integer;
import static dev.reprise.redis.RedisWire.milliseconds;
import static dev.reprise.redis.RedisWire.number;
import static dev.reprise.redis.RedisWire.script;

import dev.reprise.key.ExactKey;
import dev.reprise.tier.SharedFlights;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The lead is a key that expires: a token of the leader's, renewed while its flight goes on. Its name puts it on the server that has
 * the entry, so that one script looks for the entry and takes the lead. The end is published; who hears nothing asks again. One
 * thread renews and ends leases, so that a renewal never comes behind the end.
 */
/** Coalesces the requests of several processes by leases on the server. */
final class RedisFlights implements SharedFlights, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);

  /** So often a lease is renewed before it would expire. */
  private static final int RENEWALS = 4;

  /** So often a follower asks for the lead during one lease. */
  private static final int LOOKS = 10;

  /** A lease is not renewed for longer: its flight is stuck, or was forgotten. */
  private static final long LONGEST_NANOSECONDS = TimeUnit.MINUTES.toNanos(15);

  private static final long CLOSE_MILLISECONDS = 200;
  private static final int LEASES_PER_TRIP = 500;

  private final RedisCalls calls;
  private final RedisKeys keys;
  private final Removals messages;
  private final Duration lease;
  private final Runnable start;
  private final String process = UUID.randomUUID().toString();
  private final ConcurrentHashMap<ExactKey, Set<Waiter>> waiting = new ConcurrentHashMap<>();
  private final Map<Held, Boolean> held = new ConcurrentHashMap<>();
  private final AtomicBoolean isStarted = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread;

  /**
   * @param messages publishes how flights end
   * @param start has messages received
   */
  RedisFlights(
      RedisCalls calls, RedisKeys keys, Removals messages, Duration lease, Runnable start) {
    this.calls = calls;
    this.keys = keys;
    this.messages = messages;
    this.lease = lease;
    this.start = start;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "reprise-redis-flights");
              made.setDaemon(true);
              return made;
            });
    messages.onEnding(this::ended);
  }

  @Override
  public Boarding board(ExactKey key, IfStored ifStored) {
    begin();
    // First, so that no message is missed.
    CompletableFuture<Ending> ending = follow(key);
    Held mine = new Held(key, process + ":" + UUID.randomUUID(), System.nanoTime());
    try {
      int answer =
          (int)
              integer(
                  calls.send(
                      script(
                          RedisScripts.BOARD,
                          List.of(keys.flight(key), keys.entry(key)),
                          List.of(
                              RedisKeys.ascii(mine.token),
                              number(milliseconds(lease)),
                              number(ifStored == IfStored.RETURN ? 1 : 0)))));
      switch (answer) {
        case RedisScripts.BOARD_LEADS -> {
          ending.cancel(false);
          held.put(mine, true);
          return new Leading(mine);
        }
        case RedisScripts.BOARD_STORED -> {
          ending.cancel(false);
          return new Stored();
        }
        default -> {
          return new Following(ending, lease.dividedBy(LOOKS));
        }
      }
    } catch (RuntimeException e) {
      ending.cancel(false);
      throw e;
    }
  }

  /** One who waits for a flight to end. */
  private static final class Waiter {
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  }

  private CompletableFuture<Ending> follow(ExactKey key) {
    Waiter waiter = new Waiter();
    waiting.compute(
        key,
        (any, all) -> {
          Set<Waiter> some = all == null ? ConcurrentHashMap.newKeySet() : all;
          some.add(waiter);
          return some;
        });
    var unused = waiter.ending.whenComplete((end, failed) -> unfollow(key, waiter));
    return waiter.ending;
  }

  private void unfollow(ExactKey key, Waiter waiter) {
    waiting.computeIfPresent(
        key,
        (any, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  private void ended(ExactKey key, Ending end) {
    Set<Waiter> all = waiting.get(key);
    if (all != null) {
      List.copyOf(all).forEach(each -> each.ending.complete(end));
    }
  }

  private void begin() {
    if (isStarted.compareAndSet(false, true)) {
      start.run();
      long interval = Math.max(1, lease.dividedBy(RENEWALS).toMillis());
      var unused =
          thread.scheduleWithFixedDelay(this::renew, interval, interval, TimeUnit.MILLISECONDS);
    }
  }

  private void renew() {
    long now = System.nanoTime();
    held.keySet().removeIf(each -> now - each.since > LONGEST_NANOSECONDS);
    List<Held> all = new ArrayList<>(held.keySet());
    for (int from = 0; from < all.size(); from += LEASES_PER_TRIP) {
      List<Held> some = all.subList(from, Math.min(all.size(), from + LEASES_PER_TRIP));
      quietly(
          () ->
              calls.sendAll(
                  some.stream()
                      .map(
                          each ->
                              script(
                                  RedisScripts.RENEW,
                                  List.of(keys.flight(each.key)),
                                  List.of(
                                      RedisKeys.ascii(each.token), number(milliseconds(lease)))))
                      .toList()));
    }
  }

  private void end(Held ended, Ending end) {
    quietly(
        () ->
            calls.send(
                script(
                    RedisScripts.END,
                    List.of(keys.flight(ended.key)),
                    List.of(
                        RedisKeys.ascii(ended.token),
                        keys.removals(),
                        messages.message(ended.key, end)))));
  }

  /** A lease that is not renewed or ended expires: the others wait for as long as that. */
  private static void quietly(Runnable call) {
    try {
      call.run();
    } catch (TierException e) {
      LOG.debug("A lease could not be renewed or ended; it expires", e);
    }
  }

  /** Gives up the leads of this process, so that others take them over at once. */
  @Override
  public void close() {
    held.keySet().forEach(each -> each.end(Ending.ABANDONED));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** A lease of this process. */
  private final class Held implements Lease {
    private final ExactKey key;
    private final String token;
    private final long since;

    Held(ExactKey key, String token, long since) {
      this.key = key;
      this.token = token;
      this.since = since;
    }

    @Override
    public void end(Ending ending) {
      if (held.remove(this) == null) {
        return;
      }
      try {
        thread.execute(() -> RedisFlights.this.end(this, ending));
      } catch (RejectedExecutionException e) {
        LOG.debug("The tier is closed; the lease expires", e);
      }
    }
  }
}
