package dev.reprise.milvus;

import dev.reprise.embed.Vector;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.TierException;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.client.RetryConfig;
import io.milvus.v2.service.vector.request.SearchReq;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * The SDK connects in its client's constructor, waits there, and gives each client one deadline for all calls. So there are two
 * clients, one that searches and one that does everything else, and neither is ever made on a caller's thread that searches: a
 * search without a connection fails at once and has one made in the background.
 *
 * Repair. A lost connection comes back by itself in gRPC, but after a long outage only minutes later (its pauses grow to two
 * minutes), and a collection that was dropped or released does not come back at all. So each failure that new clients or a new
 * look at the collection can mend starts a repair, unless one is under way: fresh clients, the collection checked, created or
 * loaded, then the old clients are replaced. What fails is tried again after a pause, for as long as the tier is open.
 */
/** The clients of one tier: makes them, hands them out, replaces them after a failure. */
final class Connection implements AutoCloseable {
  private static final Duration REPAIR_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_REPAIR_PAUSE = Duration.ofSeconds(15);
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
  private static final int WARM_UPS = 5;
  private static final Fingerprint NOBODYS = Fingerprint.ofHex("0".repeat(64));

  private final Options options;
  private final ExecutorService repairs;
  private final AtomicReference<@Nullable Clients> clients = new AtomicReference<>();
  private final AtomicReference<@Nullable TierException> lastFailure = new AtomicReference<>();
  private final AtomicBoolean repairing = new AtomicBoolean();
  private final ReentrantLock preparing = new ReentrantLock();
  private volatile boolean closed;

  Connection(Options options) {
    this.options = options;
    repairs =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "reprise-milvus-repair");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * @param searching has the short deadline
   * @param writing has the long one
   * @param layout what they found the collection to be
   */
  record Clients(MilvusClientV2 searching, MilvusClientV2 writing, Layout layout) {
    void close() {
      close(searching);
      close(writing);
    }

    private static void close(MilvusClientV2 client) {
      try {
        // The channel ends by itself; nobody waits for it, least of all a search.
        client.close(0);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Returns the clients, without waiting.
   *
   * @throws TierException if there are none at the moment
   */
  Clients clients() {
    Clients current = clients.get();
    if (current != null) {
      return current;
    }
    if (closed) {
      throw new TierException(MilvusSemanticTier.NAME, "it is closed");
    }
    repairInBackground();
    TierException failure = lastFailure.get();
    throw failure != null
        ? new TierException(
            MilvusSemanticTier.NAME,
            "not connected, trying again: " + failure.getMessage(),
            failure)
        : new TierException(
            MilvusSemanticTier.NAME,
            "not connected yet to " + options.server().uri() + "; call ensureReady() before use");
  }

  /** Connects and prepares the collection on the caller's thread. */
  void prepare() {
    preparing.lock();
    try {
      if (closed) {
        throw new TierException(MilvusSemanticTier.NAME, "it is closed");
      }
      Clients fresh = connect();
      try {
        Layout layout = Schema.prepare(options, fresh.writing());
        fresh = new Clients(fresh.searching(), fresh.writing(), layout);
        warmUp(fresh);
      } catch (RuntimeException e) {
        fresh.close();
        throw e;
      }
      replace(fresh);
      lastFailure.set(null);
    } catch (TierException e) {
      // It stands in the way of every use, until somebody changes the collection or the options.
      replace(null);
      lastFailure.set(e);
      throw e;
    } catch (RuntimeException e) {
      TierException failure = MilvusFailures.of(options, "preparing the collection", e);
      lastFailure.set(failure);
      throw failure;
    } finally {
      preparing.unlock();
    }
  }

  private void replace(@Nullable Clients fresh) {
    Clients old = clients.getAndSet(fresh);
    if (old != null) {
      old.close();
    }
  }

  private Clients connect() {
    MilvusClientV2 writing = connect(options.deadlines().write());
    try {
      return new Clients(connect(options.deadlines().search()), writing, Layout.SCHEMA_1);
    } catch (RuntimeException e) {
      Clients.close(writing);
      throw e;
    }
  }

  private MilvusClientV2 connect(Duration deadline) {
    ConnectConfig.ConnectConfigBuilder config =
        ConnectConfig.builder()
            .uri(options.server().uri())
            .connectTimeoutMs(options.deadlines().connect().toMillis())
            .rpcDeadlineMs(deadline.toMillis())
            // The SDK's default, a ping each 10 seconds of idleness, makes a server hang up that
            // keeps to
            // gRPC's own limits. A dead connection shows in the first call, and is then replaced.
            .keepAliveTimeMs(KEEP_ALIVE.toMillis())
            .keepAliveWithoutCalls(false);
    if (!options.server().token().isEmpty()) {
      config.token(options.server().token());
    }
    if (!options.server().user().isEmpty()) {
      config.username(options.server().user()).password(options.server().password());
    }
    MilvusClientV2 client = new MilvusClientV2(config.build());
    // The SDK's default of 75 attempts would multiply the deadline.
    client.retryConfig(RetryConfig.builder().maxRetryTimes(1).retryOnRateLimit(false).build());
    return client;
  }

  // A client's first calls load classes and open streams, which alone takes longer than a search
  // may.
  private void warmUp(Clients fresh) {
    float[] vector = new float[options.index().dimension()];
    vector[0] = 1;
    SearchReq request =
        RowCollection.request(
            options,
            fresh.layout(),
            NOBODYS,
            Vector.normalized(vector),
            1,
            options.clock().instant());
    for (int i = 0; i < WARM_UPS; i++) {
      fresh.writing().search(request);
      try {
        fresh.searching().search(request);
      } catch (RuntimeException e) {
        if (MilvusFailures.kind(e) != MilvusFailures.Kind.UNREACHABLE) {
          throw e;
        }
        // Slower than the deadline: so will be a lookup, and its circuit breaker says so.
      }
    }
  }

  /** Takes note of a failure of one of {@code used}, and has mended what can be mended. */
  void failed(Clients used, Throwable failure) {
    switch (MilvusFailures.kind(failure)) {
      case COLLECTION_GONE -> {
        // Until it is there again, the server need not be asked.
        if (clients.compareAndSet(used, null)) {
          lastFailure.set(MilvusFailures.of(options, "the last call", failure));
          used.close();
        }
        repairInBackground();
      }
      case UNREACHABLE, UNREADABLE, DENIED -> repairInBackground();
      case OTHER -> {}
    }
  }

  private void repairInBackground() {
    if (!closed && repairing.compareAndSet(false, true)) {
      try {
        repairs.execute(this::repair);
      } catch (RejectedExecutionException e) {
        // Closed meanwhile: nothing is repaired any more.
        repairing.set(false);
      }
    }
  }

  private void repair() {
    try {
      Duration pause = REPAIR_PAUSE;
      while (!closed && !prepared()) {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_REPAIR_PAUSE) < 0 ? next : LONGEST_REPAIR_PAUSE;
      }
      // After a success too: a server that is merely slow is not connected to all the time.
      TimeUnit.MILLISECONDS.sleep(REPAIR_PAUSE.toMillis());
    } catch (InterruptedException e) {
      // The tier is closed, and the thread ends.
      Thread.currentThread().interrupt();
    } finally {
      repairing.set(false);
    }
  }

  private boolean prepared() {
    try {
      prepare();
      return true;
    } catch (TierException e) {
      // It stands in lastFailure, where the next caller finds it.
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    repairs.shutdownNow();
    preparing.lock();
    try {
      replace(null);
    } finally {
      preparing.unlock();
    }
  }
}
