package dev.reprise.engine;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.key.Canonicalizer;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.key.UncanonicalException;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Checks;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Plan;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One lookup, end to end (docs/ARCHITECTURE.md):
 *
 *   plan -> exact tier -> flight -> embed -> semantic tier -> matcher -> upstream -> admission -> write-back -> event
 *
 * Lookup holds what is looked up, Flight who waits for whom, TierGuard what a broken tier may cost. This class holds them
 * together, once for answers that are awaited and once for streams.
 */
/**
 * The cache: it answers again what was already answered, and calls the upstream where it was not.
 * Safe for use by several threads. Its own trouble is a miss, an event and a counter, never the
 * caller's.
 */
public final class CacheEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CacheEngine.class);
  private static final int DEADLINE_THREADS = 32;
  private static final int DELIVERY_THREADS = 4;

  private final CachePolicy policy;
  private final Pricing pricing;
  private final InstantSource clock;
  private final LongSupplier nanoseconds;
  private final Duration followerWait;
  private final @Nullable Embedder embedder;
  private final List<CacheListener> listeners;

  private final StatsCounter stats = new StatsCounter();
  private final FlightTable flights = new FlightTable();
  private final InvalidationLog invalidations = new InvalidationLog();
  private final List<GuardedExactTier> guardedExact = new ArrayList<>();
  private final ExactTier exact;
  private final @Nullable GuardedSemanticTier semantic;
  private final Lookup.Parts parts;
  private final WriteBehind writeBehind;
  private final ExecutorService deadlines;
  private final ExecutorService deliveries;
  private final ScheduledExecutorService maintenance;

  private CacheEngine(Builder builder, List<ExactTier> exactTiers) {
    this.policy = builder.policy;
    this.pricing = builder.pricing;
    this.clock = builder.clock;
    this.nanoseconds = builder.nanoseconds;
    this.followerWait = builder.followerWait;
    this.embedder = builder.embedder;
    this.listeners = List.copyOf(builder.listeners);
    this.deadlines =
        new ThreadPoolExecutor(
            0,
            DEADLINE_THREADS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Threads.daemon("reprise-tier"));
    // Each follower of a stream has at most one task in this queue: callers bound it.
    this.deliveries =
        new ThreadPoolExecutor(
            DELIVERY_THREADS,
            DELIVERY_THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.daemon("reprise-stream"));
    this.writeBehind = new WriteBehind(builder.writeQueueCapacity, builder.closeWait);
    for (ExactTier tier : exactTiers) {
      guardedExact.add(
          new GuardedExactTier(
              tier, guard(builder, tier.name(), tier.deadlineOwner(), builder.tierDeadline)));
    }
    this.exact =
        guardedExact.size() == 1
            ? guardedExact.get(0)
            : ExactTier.stacked(guardedExact.get(0), guardedExact.get(1));
    SemanticTier near = builder.semanticTier;
    this.semantic =
        near == null
            ? null
            : new GuardedSemanticTier(
                near,
                guard(builder, near.name(), near.deadlineOwner(), builder.tierDeadline),
                guard(builder, near.name(), near.deadlineOwner(), builder.writeDeadline),
                writeBehind);
    this.parts =
        new Lookup.Parts(
            exact,
            semantic,
            builder.embedder,
            builder.matcher,
            builder.candidates,
            builder.documentVersions,
            clock,
            this::emit);
    this.maintenance =
        Executors.newSingleThreadScheduledExecutor(Threads.daemon("reprise-maintenance"));
    schedule(this::probe, builder.probeInterval);
    schedule(this::sweep, builder.sweepInterval);
  }

  private TierGuard guard(
      Builder builder, String name, dev.reprise.tier.DeadlineOwner owner, Duration deadline) {
    return new TierGuard(
        name, owner, deadline, builder.probeInterval, deadlines, clock, nanoseconds, this::emit);
  }

  private void schedule(Runnable task, Duration interval) {
    var unused =
        maintenance.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                LOG.warn("Maintenance of the cache failed; it goes on", e);
              }
            },
            interval.toNanos(),
            interval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** Returns a builder. Default: an exact tier in the process, no semantic tier. */
  public static Builder builder() {
    return new Builder();
  }

  // --- answers that are awaited -----------------------------------------------------------------

  /**
   * Returns the cached answer to {@code request}, or calls {@code upstream} for it: once for all
   * equal requests that are under way, on the calling thread of one of them.
   *
   * @return how it was obtained; {@link Outcome.Unsatisfied} only where the caller asked for a
   *     cached answer only
   * @throws X what the upstream threw, as it is; followers of a shared call get the same
   */
  public <X extends Exception> Outcome getOrCompute(CacheRequest request, Upstream<X> upstream)
      throws X {
    Stopwatch watch = new Stopwatch(nanoseconds);
    Prepared prepared = prepare(request, watch);
    if (prepared instanceof Prepared.Bypass bypass) {
      return finish(bypass(bypass.reason(), watch, upstream));
    }
    Prepared.Cached cached = (Prepared.Cached) prepared;
    Lookup lookup = cached.lookup();
    long deadline = nanoseconds.getAsLong() + followerWait.toNanos();
    while (true) {
      long landings = flights.landings();
      if (cached.isLookedUp()) {
        Optional<Finding> found = lookup.findExact();
        if (found.isPresent()) {
          return finish(hit(found.get(), lookup));
        }
      }
      if (cached.terms().onMiss() == Plan.OnMiss.REPORT) {
        Optional<Finding> found = cached.isLookedUp() ? lookup.findSemantic() : Optional.empty();
        return finish(
            found
                .<Outcome>map(finding -> hit(finding, lookup))
                .orElseGet(() -> new Outcome.Unsatisfied(watch.timings())));
      }
      if (!cached.isShared()) {
        return alone(cached, upstream);
      }
      Flight<Object> mine = new Flight<>();
      Flight<Object> theirs = flights.board(lookup.key(), mine);
      if (theirs == mine) {
        return lead(cached, mine, landings, upstream);
      }
      if (theirs.isLedByThisThread() || !theirs.join()) {
        return alone(cached, upstream);
      }
      Flight.Landing landing = await(theirs, deadline - nanoseconds.getAsLong());
      watch.lap(Stage.WAIT);
      if (landing == null) {
        flights.leave(lookup.key(), theirs);
        return alone(cached, upstream);
      }
      if (landing instanceof Flight.Landing.Answered answered) {
        return finish(
            new Outcome.Computed(
                answered.answer(), Outcome.Call.SHARED, answered.admission(), watch.timings()));
      }
      if (landing instanceof Flight.Landing.Failed failed) {
        emit(new CacheEvent.Failed(failed.cause()));
        CacheEngine.<X>throwAsItIs(failed.cause());
        throw new AssertionError("unreachable", failed.cause());
      }
      if (landing instanceof Flight.Landing.Found found
          && lookup.mayServe(found.finding().entry(), found.finding().entry().key())) {
        return finish(hit(found.finding(), lookup));
      }
      // Abandoned, or found what is too old for this request: look again, perhaps as the leader.
    }
  }

  private <X extends Exception> Outcome lead(
      Prepared.Cached cached, Flight<Object> flight, long landings, Upstream<X> upstream) throws X {
    Lookup lookup = cached.lookup();
    Flight.Landing landing = new Flight.Landing.Abandoned();
    try {
      Optional<Finding> found = findAsLeader(lookup, landings);
      if (found.isPresent()) {
        landing = new Flight.Landing.Found(found.get());
        return finish(hit(found.get(), lookup));
      }
      Outcome.Computed computed = compute(cached, upstream);
      landing = new Flight.Landing.Answered(computed.answer(), computed.admission());
      return computed;
    } catch (Throwable e) {
      landing = wasCancelled(e) ? new Flight.Landing.Abandoned() : new Flight.Landing.Failed(e);
      throw e;
    } finally {
      flights.land(lookup.key(), flight, landing);
    }
  }

  /** Looks again where a flight landed since the last look, and then by meaning. */
  private Optional<Finding> findAsLeader(Lookup lookup, long landings) {
    Optional<Finding> found =
        flights.landings() == landings ? Optional.empty() : lookup.findExact();
    return found.isPresent() ? found : lookup.findSemantic();
  }

  private <X extends Exception> Outcome alone(Prepared.Cached cached, Upstream<X> upstream)
      throws X {
    if (cached.isLookedUp()) {
      Optional<Finding> found = cached.lookup().findSemantic();
      if (found.isPresent()) {
        return finish(hit(found.get(), cached.lookup()));
      }
    }
    return compute(cached, upstream);
  }

  private <X extends Exception> Outcome.Computed compute(
      Prepared.Cached cached, Upstream<X> upstream) throws X {
    long began = invalidations.now();
    Stopwatch watch = cached.lookup().watch();
    Answer answer = call(upstream);
    Duration upstreamTime = watch.lap(Stage.UPSTREAM);
    Admission admission = writeBack(cached, answer, upstreamTime, began);
    return finish(new Outcome.Computed(answer, Outcome.Call.OWN, admission, watch.timings()));
  }

  private <X extends Exception> Outcome bypass(Reason reason, Stopwatch watch, Upstream<X> upstream)
      throws X {
    Answer answer = call(upstream);
    watch.lap(Stage.UPSTREAM);
    return new Outcome.Bypassed(reason, answer, watch.timings());
  }

  private <X extends Exception> Answer call(Upstream<X> upstream) throws X {
    stats.upstreamCalled();
    try {
      return upstream.call();
    } catch (Throwable e) {
      emit(new CacheEvent.Failed(e));
      throw e;
    }
  }

  /** Waits for a flight to land; null if that takes too long, or if the caller is interrupted. */
  private static Flight.@Nullable Landing await(Flight<Object> flight, long patience) {
    try {
      return flight.landing().get(Math.max(0, patience), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // The caller's own upstream call will notice it, and throw what it throws when it is
      // interrupted.
      Thread.currentThread().interrupt();
      return null;
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new AssertionError("a flight lands, it never throws", e);
    }
  }

  /** Returns whether the leader's caller gave up, so that the failure is not the followers'. */
  private static boolean wasCancelled(Throwable failure) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof InterruptedException
          || e instanceof CancellationException
          || e instanceof ClosedByInterruptException) {
        return true;
      }
    }
    return false;
  }

  /** Throws {@code cause}, checked or not. */
  @SuppressWarnings("unchecked") // The leader's upstream and the follower's throw the same.
  private static <T extends Throwable> void throwAsItIs(Throwable cause) throws T {
    throw (T) cause;
  }

  // --- streams ----------------------------------------------------------------------------------

  /**
   * Streams the cached answer to {@code request}, or that of {@code upstream}: once for all equal
   * requests that are under way, awaited ones included. Who comes late gets the chunks that were
   * missed at once.
   *
   * @param subscriber is called on this thread, on those of the upstream, or on the engine's
   */
  public <C> void stream(
      CacheRequest request, StreamingUpstream<C> upstream, StreamSubscriber<C> subscriber) {
    new StreamCall<>(this, request, upstream, subscriber).start();
  }

  FlightTable flights() {
    return flights;
  }

  ExecutorService deliveries() {
    return deliveries;
  }

  InvalidationLog invalidations() {
    return invalidations;
  }

  StatsCounter counter() {
    return stats;
  }

  Stopwatch stopwatch() {
    return new Stopwatch(nanoseconds);
  }

  // --- what both have in common -----------------------------------------------------------------

  /** What is to be done with a request. */
  sealed interface Prepared {
    record Bypass(Reason reason) implements Prepared {}

    record Cached(Lookup lookup, Plan.Terms terms) implements Prepared {
      boolean isLookedUp() {
        return terms.reading() == Plan.Reading.LOOK_UP;
      }

      /**
       * Returns whether equal requests may share one call: not those that want a fresh answer, or
       * leave none behind.
       */
      boolean isShared() {
        return isLookedUp() && terms.writing() == Plan.Writing.STORE;
      }
    }
  }

  Prepared prepare(CacheRequest request, Stopwatch watch) {
    try {
      Plan plan = policy.plan(request);
      if (plan instanceof Plan.Bypass bypass) {
        return new Prepared.Bypass(bypass.reason());
      }
      Plan.Terms terms =
          plan instanceof Plan.ExactOnly exactOnly
              ? exactOnly.terms()
              : ((Plan.ExactThenSemantic) plan).terms();
      ExactKey key = Canonicalizer.exactKey(request);
      return new Prepared.Cached(new Lookup(parts, request, key, plan, terms, watch), terms);
    } catch (UncanonicalException e) {
      return new Prepared.Bypass(
          new Reason(
              Reason.Code.UNMAPPABLE, "the request has no canonical form: " + e.getMessage()));
    } catch (RuntimeException e) {
      emit(new CacheEvent.Trouble("policy", e));
      return new Prepared.Bypass(new Reason(Reason.Code.UNMAPPABLE, "the policy failed: " + e));
    } finally {
      watch.lap(Stage.KEY);
    }
  }

  Outcome.Hit hit(Finding finding, Lookup lookup) {
    Entry entry = finding.entry();
    Timings timings = lookup.watch().timings();
    Duration age = entry.age(clock.instant());
    Duration time = entry.upstreamTime().minus(timings.total());
    Outcome.Saving saving =
        new Outcome.Saving(
            time.isNegative() ? Duration.ZERO : time,
            pricing.price(entry.model(), entry.answer().usage()));
    if (finding instanceof Finding.Exact found) {
      return new Outcome.ExactHit(entry, found.tier(), age, saving, timings);
    }
    Finding.Semantic found = (Finding.Semantic) finding;
    return new Outcome.SemanticHit(
        entry, found.similarity(), found.confidence(), age, saving, timings);
  }

  /** Stores a fresh answer, if the policy admits it. */
  Admission writeBack(Prepared.Cached cached, Answer answer, Duration upstreamTime, long began) {
    Admission admission = admit(cached, answer, began);
    if (admission instanceof Admission.Store store) {
      Lookup lookup = cached.lookup();
      Instant now = clock.instant();
      Entry entry =
          new Entry(
              lookup.key(),
              lookup.question(),
              answer,
              upstreamTime,
              lookup.request().model(),
              now,
              now.plus(store.timeToLive()),
              store.tags());
      exact.store(entry);
      if (lookup.isByMeaning() && entry.question() instanceof Question.Semantic question) {
        storeRow(entry, question, lookup.vector());
      }
      emit(new CacheEvent.Stored(entry.key()));
      lookup.watch().lap(Stage.STORE);
    } else {
      emit(new CacheEvent.NotStored(((Admission.Skip) admission).reason()));
    }
    return admission;
  }

  private Admission admit(Prepared.Cached cached, Answer answer, long began) {
    if (cached.terms().writing() == Plan.Writing.SKIP) {
      return new Admission.Skip(new Reason(Reason.Code.NO_STORE, "the caller asked for no-store"));
    }
    try {
      Admission admission = policy.admit(cached.lookup().request(), answer, clock.instant());
      if (admission instanceof Admission.Store store
          && invalidations.anySince(began, store.tags())) {
        return new Admission.Skip(
            new Reason(
                Reason.Code.INVALIDATED, "one of its tags was invalidated while it was made"));
      }
      return admission;
    } catch (RuntimeException e) {
      emit(new CacheEvent.Trouble("policy", e));
      return new Admission.Skip(new Reason(Reason.Code.RULE, "the policy failed: " + e));
    }
  }

  private void storeRow(Entry entry, Question.Semantic question, Optional<Vector> known) {
    GuardedSemanticTier tier = semantic;
    if (tier == null) {
      return;
    }
    boolean taken =
        writeBehind.offer(
            () -> {
              Optional<Vector> vector = known.isPresent() ? known : embedLater(question.text());
              if (vector.isPresent()
                  && !tier.store(
                      new SemanticRow(
                          entry.key(), question.fingerprint(), vector.get(), entry.expiresAt()))) {
                emit(new CacheEvent.WriteDropped(entry.key()));
              }
            });
    if (!taken) {
      emit(new CacheEvent.WriteDropped(entry.key()));
    }
  }

  /** Embeds the question of a request that was not looked up. */
  private Optional<Vector> embedLater(String text) {
    try {
      return embedder != null
              && embedder.embed(text) instanceof Embedder.Embedding.Embedded embedded
          ? Optional.of(embedded.vector())
          : Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      emit(new CacheEvent.Trouble("embedder", e));
      return Optional.empty();
    }
  }

  <O extends Outcome> O finish(O outcome) {
    emit(new CacheEvent.Finished(outcome));
    return outcome;
  }

  void emit(CacheEvent event) {
    stats.count(event);
    for (CacheListener listener : listeners) {
      try {
        listener.onEvent(event);
      } catch (RuntimeException e) {
        LOG.warn("A cache listener failed; it is asked again next time", e);
      }
    }
  }

  // --- upkeep -----------------------------------------------------------------------------------

  /**
   * Removes every entry with {@code tag}; answers being made that will carry it are not stored.
   * Returns how many there were.
   */
  public long invalidate(Tag tag) {
    invalidations.invalidate(tag);
    long count = exact.invalidate(tag);
    emit(new CacheEvent.Invalidated(tag, count));
    return count;
  }

  /**
   * Removes every entry that was made from the document {@code documentId}, whatever the version.
   * Returns how many.
   */
  public long invalidateDocument(String documentId) {
    return invalidate(Tag.document(documentId));
  }

  /** Removes one entry. Returns whether there was one. */
  public boolean remove(ExactKey key) {
    boolean was = exact.remove(key);
    if (semantic != null) {
      semantic.removeLater(key);
    }
    return was;
  }

  /** Returns what was counted since the engine was built. */
  public CacheStats stats() {
    return stats.snapshot();
  }

  /**
   * Waits until the writes that are queued for the semantic tier are done.
   *
   * @return false if that takes longer than {@code patience}
   */
  public boolean drain(Duration patience) throws InterruptedException {
    return writeBehind.drain(patience);
  }

  /** Asks the tiers whose circuit is open whether they answer again. */
  void probe() {
    guardedExact.forEach(GuardedExactTier::probe);
    if (semantic != null && embedder != null) {
      semantic.probe(embedder.dimension());
    }
  }

  private void sweep() {
    if (semantic != null) {
      semantic.sweep();
    }
  }

  /**
   * Finishes the queued writes, as far as that is quick, and closes the tiers. Requests under way
   * go on without them.
   */
  @Override
  public void close() {
    maintenance.shutdownNow();
    writeBehind.close();
    guardedExact.forEach(GuardedExactTier::close);
    if (semantic != null) {
      semantic.close();
    }
    deadlines.shutdownNow();
    deliveries.shutdown();
  }

  /** Collects the options of a {@link CacheEngine}. Not safe for use by several threads. */
  public static final class Builder {
    /** How long a tier may take to answer a lookup: 50 ms. */
    public static final Duration DEFAULT_TIER_DEADLINE = Duration.ofMillis(50);

    /** How long a tier may take to write in the background: 5 s. */
    public static final Duration DEFAULT_WRITE_DEADLINE = Duration.ofSeconds(5);

    /** How long an equal call is waited for: 60 s. */
    public static final Duration DEFAULT_FOLLOWER_WAIT = Duration.ofMinutes(1);

    /** How often a tier whose circuit is open is probed: 1 s. */
    public static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(1);

    /** How often expired rows are swept out of the semantic tier: 1 min. */
    public static final Duration DEFAULT_SWEEP_INTERVAL = Duration.ofMinutes(1);

    /** How long closing waits for queued writes: 5 s. */
    public static final Duration DEFAULT_CLOSE_WAIT = Duration.ofSeconds(5);

    /** How many writes are queued at most: {@value}. */
    public static final int DEFAULT_WRITE_QUEUE_CAPACITY = 1024;

    /** How many neighbours the semantic tier is asked for: {@value}. */
    public static final int DEFAULT_CANDIDATES = 5;

    private @Nullable ExactTier near;
    private @Nullable ExactTier far;
    private @Nullable SemanticTier semanticTier;
    private @Nullable Embedder embedder;
    private Matcher matcher = Matcher.defaults();
    private CachePolicy policy = CachePolicy.defaults();
    private Pricing pricing = Pricing.unknown();
    private DocumentVersions documentVersions = DocumentVersions.allCurrent();
    private final List<CacheListener> listeners = new ArrayList<>();
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanoseconds = System::nanoTime;
    private Duration tierDeadline = DEFAULT_TIER_DEADLINE;
    private Duration writeDeadline = DEFAULT_WRITE_DEADLINE;
    private Duration followerWait = DEFAULT_FOLLOWER_WAIT;
    private Duration probeInterval = DEFAULT_PROBE_INTERVAL;
    private Duration sweepInterval = DEFAULT_SWEEP_INTERVAL;
    private Duration closeWait = DEFAULT_CLOSE_WAIT;
    private int writeQueueCapacity = DEFAULT_WRITE_QUEUE_CAPACITY;
    private int candidates = DEFAULT_CANDIDATES;

    private Builder() {}

    /** Sets the one exact tier. The engine closes it. */
    public Builder exactTier(ExactTier tier) {
      this.near = tier;
      this.far = null;
      return this;
    }

    /** Sets two exact tiers, stacked: see {@link ExactTier#stacked}. The engine closes them. */
    public Builder exactTiers(ExactTier near, ExactTier far) {
      this.near = near;
      this.far = far;
      return this;
    }

    /**
     * Sets the semantic tier and what embeds for it. Default: none, exact only. The engine closes
     * the tier.
     */
    public Builder semanticTier(SemanticTier tier, Embedder embedder) {
      this.semanticTier = tier;
      this.embedder = embedder;
      return this;
    }

    /** Sets what decides about near questions. Default: {@link Matcher#defaults}. */
    public Builder matcher(Matcher matcher) {
      this.matcher = matcher;
      return this;
    }

    /** Sets what is looked up and stored. Default: {@link CachePolicy#defaults}. */
    public Builder policy(CachePolicy policy) {
      this.policy = policy;
      return this;
    }

    /** Sets what a hit saves. Default: {@link Pricing#unknown}. */
    public Builder pricing(Pricing pricing) {
      this.pricing = pricing;
      return this;
    }

    /** Sets what tells whether a document changed. Default: {@link DocumentVersions#allCurrent}. */
    public Builder documentVersions(DocumentVersions documentVersions) {
      this.documentVersions = documentVersions;
      return this;
    }

    /** Adds one who is told what happens. */
    public Builder listener(CacheListener listener) {
      listeners.add(listener);
      return this;
    }

    /** Sets the clock that ages and expiries are told by. Default: the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Sets the clock that durations are measured by, in nanoseconds. Default: {@link
     * System#nanoTime}.
     */
    public Builder nanoseconds(LongSupplier nanoseconds) {
      this.nanoseconds = nanoseconds;
      return this;
    }

    /**
     * Sets how long a tier may take to answer a lookup. Tiers that own their deadline ({@link
     * dev.reprise.tier.DeadlineOwner#TIER}) have it as an option of their own. Default: {@link
     * #DEFAULT_TIER_DEADLINE}.
     *
     * @param deadline from 1 ms to 1 min
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder tierDeadline(Duration deadline) {
      this.tierDeadline =
          Checks.inRange("tierDeadline", deadline, Duration.ofMillis(1), Duration.ofMinutes(1));
      return this;
    }

    /**
     * Sets how long a tier may take to write in the background. Default: {@link
     * #DEFAULT_WRITE_DEADLINE}.
     *
     * @param deadline from 1 ms to 10 min
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder writeDeadline(Duration deadline) {
      this.writeDeadline =
          Checks.inRange("writeDeadline", deadline, Duration.ofMillis(1), Duration.ofMinutes(10));
      return this;
    }

    /**
     * Sets how long an equal call is waited for; after that a request calls the upstream itself.
     * Default: {@link #DEFAULT_FOLLOWER_WAIT}.
     *
     * @param wait from 1 ms to 1 h
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder followerWait(Duration wait) {
      this.followerWait =
          Checks.inRange("followerWait", wait, Duration.ofMillis(1), Duration.ofHours(1));
      return this;
    }

    /**
     * Sets how often a tier whose circuit is open is probed. Default: {@link
     * #DEFAULT_PROBE_INTERVAL}.
     *
     * @param interval from 10 ms to 10 min
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder probeInterval(Duration interval) {
      this.probeInterval =
          Checks.inRange("probeInterval", interval, Duration.ofMillis(10), Duration.ofMinutes(10));
      return this;
    }

    /**
     * Sets how often expired rows are swept out of the semantic tier. Default: {@link
     * #DEFAULT_SWEEP_INTERVAL}.
     *
     * @param interval from 1 s to 1 day
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder sweepInterval(Duration interval) {
      this.sweepInterval =
          Checks.inRange("sweepInterval", interval, Duration.ofSeconds(1), Duration.ofDays(1));
      return this;
    }

    /**
     * Sets how long closing waits for queued writes. Default: {@link #DEFAULT_CLOSE_WAIT}.
     *
     * @param wait from 1 ms to 10 min
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder closeWait(Duration wait) {
      this.closeWait =
          Checks.inRange("closeWait", wait, Duration.ofMillis(1), Duration.ofMinutes(10));
      return this;
    }

    /**
     * Sets how many writes for the semantic tier are queued at most; one more is given up. Default:
     * {@value #DEFAULT_WRITE_QUEUE_CAPACITY}.
     *
     * @param capacity from 1 to 1,000,000
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder writeQueueCapacity(int capacity) {
      this.writeQueueCapacity = Checks.inRange("writeQueueCapacity", capacity, 1, 1_000_000);
      return this;
    }

    /**
     * Sets how many neighbours the semantic tier is asked for. Default: {@value
     * #DEFAULT_CANDIDATES}.
     *
     * @param candidates from 1 to 100
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder candidates(int candidates) {
      this.candidates = Checks.inRange("candidates", candidates, 1, 100);
      return this;
    }

    /**
     * Returns the engine. Its tiers must be ready: see {@link SemanticTier#ensureReady}.
     *
     * @throws CacheException if no exact tier was set
     */
    public CacheEngine build() {
      List<ExactTier> tiers = new ArrayList<>();
      if (near == null) {
        throw new CacheException("exactTier is not set");
      }
      tiers.add(near);
      if (far != null) {
        tiers.add(far);
      }
      return new CacheEngine(this, tiers);
    }
  }
}
