package dev.reprise.engine;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.key.internal.UncanonicalException;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.match.RiskReport;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.internal.Checks;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Plan;
import dev.reprise.policy.UpstreamTemperature;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.NearTier;
import dev.reprise.tier.Scan;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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

  /** What the circuit of the semantic tier's writes is called, behind the tier's name. */
  private static final String WRITES = "-writes";

  /** Two exact tiers, the semantic tier's reads, its writes. */
  private static final int GUARDS = 4;

  private static final int DELIVERY_THREADS = 64;

  /** How often it is looked whether the matcher's operating point moved. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

  /** How often what was learnt is saved. */
  private static final Duration SAVE_INTERVAL = Duration.ofSeconds(30);

  /** How long {@link #restore} waits for room in the queue of writes at most: 1 min. */
  public static final Duration RESTORE_WAIT = Duration.ofMinutes(1);

  /** Where the question of a restored entry is compared whose scope nobody knows any more. */
  private static final Scope UNKNOWN_SCOPE = Scope.of("restored");

  /** How many causes of an exception are looked at. */
  private static final int CAUSES = 32;

  private final CachePolicy policy;
  private final Pricing pricing;
  private final InstantSource clock;
  private final LongSupplier nanoseconds;
  private final Duration followerWait;
  private final @Nullable Embedder embedder;
  private final List<CacheListener> listeners;
  private final List<RequestListener> requestListeners;

  private final StatsCounter stats = new StatsCounter();
  private final FlightTable flights = new FlightTable();
  private final InvalidationLog invalidations = new InvalidationLog();
  private final RefusedTemperatures refusedTemperatures = new RefusedTemperatures();
  private final List<GuardedExactTier> guardedExact = new ArrayList<>();
  private final ExactTier exact;
  private final @Nullable GuardedSemanticTier semantic;
  private final Learner learner;
  private final Lookup.Parts parts;
  private final Unanswered unanswered = new Unanswered();
  private final WriteBehind writeBehind;
  private final ExecutorService deadlines;
  private final ExecutorService deliveries;
  private final ScheduledExecutorService maintenance;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CacheEngine(Builder builder) {
    // First, since it may refuse: no thread is started yet.
    Matcher matcher = builder.matcher();
    this.policy = builder.policy;
    this.pricing = builder.pricing;
    this.clock = builder.clock;
    this.nanoseconds = builder.nanoseconds;
    this.followerWait = builder.followerWait;
    this.embedder = builder.embedder;
    this.listeners = List.copyOf(builder.listeners);
    this.requestListeners = List.copyOf(builder.requestListeners);
    // Each guard has a thread for each of its permits, so that one slow tier takes none from
    // another.
    this.deadlines =
        new ThreadPoolExecutor(
            0,
            GUARDS * TierGuard.CALLS_AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Threads.daemon("reprise-tier"));
    this.deliveries = deliveries();
    this.writeBehind = new WriteBehind(builder.writeQueueCapacity, builder.closeWait);
    this.exact = exactTier(builder);
    SemanticTier near = builder.semanticTier;
    this.semantic =
        near == null
            ? null
            : new GuardedSemanticTier(
                near,
                guard(near.name(), near.deadlineOwner(), builder.tierDeadline),
                guard(near.name() + WRITES, near.deadlineOwner(), builder.writeDeadline),
                writeBehind);
    this.learner = new Learner(builder.learning, matcher, builder.embedder, this::emit);
    this.parts =
        new Lookup.Parts(
            exact,
            unanswered,
            semantic,
            builder.embedder,
            matcher,
            builder.candidates,
            builder.documentVersions,
            learner,
            new Turns(exact),
            clock,
            this::emit);
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(1, Threads.daemon("reprise-maintenance"));
    scheduler.setRemoveOnCancelPolicy(true);
    this.maintenance = scheduler;
    schedule(this::probe, builder.probeInterval);
    schedule(this::sweep, builder.sweepInterval);
    schedule(learner::look, LOOK_INTERVAL);
    schedule(learner::save, SAVE_INTERVAL);
  }

  private ExactTier exactTier(Builder builder) {
    NearTier near = builder.nearTier;
    ExactTier tier = builder.exactTier;
    if (near != null && tier != null) {
      return ExactTier.stacked(
          guarded(new GuardedNearTier(near, guard(builder, near), builder.writeDeadline, clock)),
          guarded(new GuardedExactTier(tier, guard(builder, tier), builder.writeDeadline, clock)),
          builder.maximumNearStay);
    }
    ExactTier only = tier != null ? tier : CaffeineExactTier.builder().clock(clock).build();
    return guarded(new GuardedExactTier(only, guard(builder, only), builder.writeDeadline, clock));
  }

  private <T extends GuardedExactTier> T guarded(T tier) {
    guardedExact.add(tier);
    return tier;
  }

  private TierGuard guard(Builder builder, ExactTier tier) {
    return guard(tier.name(), tier.deadlineOwner(), builder.tierDeadline);
  }

  private TierGuard guard(String name, DeadlineOwner owner, Duration deadline) {
    return new TierGuard(name, owner, deadline, deadlines, nanoseconds, this::emit, unanswered);
  }

  /*
   * Each follower of a stream has at most one task in the queue: callers bound it. A stream that goes on after the engine was
   * closed still gets its end, on a thread of its own.
   */
  private static ExecutorService deliveries() {
    ThreadFactory threads = Threads.daemon("reprise-stream");
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            DELIVERY_THREADS,
            DELIVERY_THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads,
            (task, unused) -> threads.newThread(task).start());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private void schedule(Runnable task, Duration interval) {
    var unused =
        maintenance.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (Throwable e) {
                LOG.warn("Maintenance of the cache failed; it goes on", e);
              }
            },
            interval.toNanos(),
            interval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /**
   * Returns a builder. Default: an exact tier in the process, no semantic tier. The module {@code
   * reprise-embedded} has a builder with a semantic tier, {@code EmbeddedCache.builder()}.
   */
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
  public <X extends Exception> Outcome getOrCompute(
      CacheRequest request, AnswerSupplier<X> upstream) throws X {
    return serve(request, replying(upstream), AnswerReader.any()).outcome();
  }

  private static <X extends Exception> Upstream<Answer, X> replying(AnswerSupplier<X> upstream) {
    return () -> {
      Answer answer = upstream.get();
      return new Reply<>(answer, answer);
    };
  }

  /**
   * The same for integrations: a cached answer that {@code reader} cannot read is not served, and
   * the reply of this request's own call is returned in the integration's own form.
   *
   * @return how it was obtained, and the reply of the request's own call, if one was made and
   *     served
   * @throws X what the upstream threw, as it is; followers of a shared call get the same, where
   *     {@link Upstream#isEndedBy} says so
   */
  public <R, X extends Exception> Served<R> serve(
      CacheRequest request, Upstream<R, X> upstream, AnswerReader reader) throws X {
    Stopwatch watch = new Stopwatch(nanoseconds);
    Prepared prepared = prepare(request, reader, watch);
    if (prepared instanceof Prepared.Bypass bypass) {
      return bypass(request, bypass.reason(), request.control(), watch, upstream);
    }
    Prepared.Cached cached = (Prepared.Cached) prepared;
    Lookup lookup = cached.lookup();
    long deadline = nanoseconds.getAsLong() + followerWait.toNanos();
    while (true) {
      long landings = flights.landings();
      if (cached.isLookedUp()) {
        Optional<Finding> found = lookup.findExact();
        if (found.isPresent()) {
          return Served.of(finish(lookup.request(), hit(found.get(), lookup)));
        }
      }
      if (cached.terms().onMiss() == Plan.OnMiss.REPORT) {
        Optional<Finding> found = cached.isLookedUp() ? lookup.findSemantic() : Optional.empty();
        return Served.of(
            finish(
                lookup.request(),
                found
                    .<Outcome>map(finding -> hit(finding, lookup))
                    .orElseGet(() -> new Outcome.Unsatisfied(watch.timings()))));
      }
      if (!cached.isShared()) {
        return alone(cached, upstream);
      }
      Flight<Object> mine = new Flight<>();
      Flight<Object> theirs = flights.board(lookup.key(), mine);
      if (theirs == mine) {
        return lead(cached, mine, landings, upstream);
      }
      if (theirs.isLedByThisThread()) {
        return alone(cached, upstream);
      }
      if (!theirs.join()) {
        flights.forget(lookup.key(), theirs);
        continue;
      }
      Flight.Landing landing = await(theirs, deadline - nanoseconds.getAsLong());
      watch.lap(Stage.WAIT);
      if (landing == null) {
        flights.leave(lookup.key(), theirs);
        return alone(cached, upstream);
      }
      if (landing instanceof Flight.Landing.Answered answered) {
        if (!lookup.isReadable(answered.answer())) {
          return compute(cached, upstream);
        }
        return Served.of(
            finish(
                lookup.request(),
                new Outcome.Computed(
                    answered.answer(),
                    Outcome.Call.SHARED,
                    answered.admission(),
                    Optional.empty(),
                    lookup.temperature(),
                    watch.timings())));
      }
      if (landing instanceof Flight.Landing.Failed failed && upstream.isEndedBy(failed.cause())) {
        end(lookup.request(), new CacheEvent.Failed(failed.cause()));
        CacheEngine.<X>throwAsItIs(failed.cause());
        throw new AssertionError("unreachable", failed.cause());
      }
      if (landing instanceof Flight.Landing.Found found && lookup.mayServe(found.finding())) {
        return Served.of(finish(lookup.request(), hit(found.finding(), lookup)));
      }
      // Abandoned, half an answer, the leader's own failure, or found what is too old for this
      // request: look again, perhaps as the leader.
    }
  }

  private <R, X extends Exception> Served<R> lead(
      Prepared.Cached cached, Flight<Object> flight, long landings, Upstream<R, X> upstream)
      throws X {
    Lookup lookup = cached.lookup();
    Flight.Landing landing = new Flight.Landing.Abandoned();
    try {
      Optional<Finding> found = findAsLeader(lookup, landings);
      if (found.isPresent()) {
        landing = new Flight.Landing.Found(found.get());
        return Served.of(finish(lookup.request(), hit(found.get(), lookup, upstream)));
      }
      Served<R> served = compute(cached, upstream);
      Outcome.Computed computed = (Outcome.Computed) served.outcome();
      landing = new Flight.Landing.Answered(computed.answer(), computed.admission());
      return served;
    } catch (Throwable e) {
      landing = wasCancelled(e) ? new Flight.Landing.Abandoned() : new Flight.Landing.Failed(e);
      throw e;
    } finally {
      flights.land(lookup.key(), flight, landing);
    }
  }

  /** Looks again where a flight landed since the last look, and then by meaning. */
  Optional<Finding> findAsLeader(Lookup lookup, long landings) {
    Optional<Finding> found =
        flights.landings() == landings || lookup.isExactSilent()
            ? Optional.empty()
            : lookup.findExact();
    return found.isPresent() ? found : lookup.findSemantic();
  }

  private <R, X extends Exception> Served<R> alone(Prepared.Cached cached, Upstream<R, X> upstream)
      throws X {
    if (cached.isLookedUp()) {
      Optional<Finding> found = cached.lookup().findSemantic();
      if (found.isPresent()) {
        return Served.of(
            finish(cached.lookup().request(), hit(found.get(), cached.lookup(), upstream)));
      }
    }
    return compute(cached, upstream);
  }

  private <R, X extends Exception> Served<R> compute(
      Prepared.Cached cached, Upstream<R, X> upstream) throws X {
    long began = invalidations.now();
    Lookup lookup = cached.lookup();
    Stopwatch watch = lookup.watch();
    Reply<R> reply = call(lookup.request(), upstream, lookup.temperature());
    Duration upstreamTime = watch.lap(Stage.UPSTREAM);
    Admission admission = writeBack(cached, reply.answer(), upstreamTime, began);
    return Served.of(
        finish(
            lookup.request(),
            new Outcome.Computed(
                reply.answer(),
                Outcome.Call.OWN,
                admission,
                lookup.nearest(),
                lookup.temperature(),
                watch.timings())),
        reply);
  }

  /**
   * Calls {@code upstream} for a request that its door cannot map into a {@link CacheRequest}, and
   * counts it as bypassed.
   *
   * @param reason why the cache is not asked
   * @param control what the caller asks of the cache
   * @return {@link Outcome.Bypassed} with the call's reply, or {@link Outcome.Unsatisfied} where
   *     the caller asked for a cached answer only
   * @throws X what the upstream threw, as it is
   */
  public <R, X extends Exception> Served<R> bypass(
      Reason reason, CacheControl control, Upstream<R, X> upstream) throws X {
    return bypass(null, reason, control, new Stopwatch(nanoseconds), upstream);
  }

  private <R, X extends Exception> Served<R> bypass(
      @Nullable CacheRequest request,
      Reason reason,
      CacheControl control,
      Stopwatch watch,
      Upstream<R, X> upstream)
      throws X {
    if (control.has(CacheControl.Directive.ONLY_IF_CACHED)) {
      return Served.of(finish(request, new Outcome.Unsatisfied(watch.timings())));
    }
    Reply<R> reply = call(request, upstream, UpstreamTemperature.AS_REQUESTED);
    watch.lap(Stage.UPSTREAM);
    return Served.of(
        finish(request, new Outcome.Bypassed(reason, reply.answer(), watch.timings())), reply);
  }

  private <R, X extends Exception> Reply<R> call(
      @Nullable CacheRequest request, Upstream<R, X> upstream, UpstreamTemperature temperature)
      throws X {
    stats.upstreamCalled();
    try {
      return upstream.call(temperature);
    } catch (Throwable e) {
      end(request, new CacheEvent.Failed(e));
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
    Throwable e = failure;
    for (int i = 0; i < CAUSES && e != null; i++, e = e.getCause()) {
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
   * @return cancels the stream, even before its first chunk
   */
  public <C> StreamSubscriber.Subscription stream(
      CacheRequest request, StreamingUpstream<C> upstream, StreamSubscriber<C> subscriber) {
    return stream(request, upstream, subscriber, AnswerReader.any());
  }

  /**
   * The same, for a door that has to read the answers that it once wrote down: one that {@code
   * reader} cannot read is not served.
   *
   * @param subscriber is called on this thread, on those of the upstream, or on the engine's
   * @return cancels the stream, even before its first chunk
   */
  public <C> StreamSubscriber.Subscription stream(
      CacheRequest request,
      StreamingUpstream<C> upstream,
      StreamSubscriber<C> subscriber,
      AnswerReader reader) {
    StreamCall<C> call = new StreamCall<>(this, upstream, subscriber);
    call.start(request, reader);
    return call;
  }

  /**
   * Streams what {@code upstream} gives to a request that its door cannot map into a {@link
   * CacheRequest}, and counts it as bypassed.
   *
   * @param reason why the cache is not asked
   * @param control what the caller asks of the cache
   * @param subscriber is called on this thread or on those of the upstream
   * @return cancels the stream, even before its first chunk
   */
  public <C> StreamSubscriber.Subscription bypass(
      Reason reason,
      CacheControl control,
      StreamingUpstream<C> upstream,
      StreamSubscriber<C> subscriber) {
    StreamCall<C> call = new StreamCall<>(this, upstream, subscriber);
    call.bypass(reason, control);
    return call;
  }

  /** Runs {@code task} once the follower's wait is over; never, if the engine was closed. */
  Future<?> afterFollowerWait(Runnable task) {
    try {
      return maintenance.schedule(task, followerWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  FlightTable flights() {
    return flights;
  }

  Executor deliveryThreads() {
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

    /**
     * It is looked up.
     *
     * @param policy the policy that planned it, which also admits its answer
     */
    record Cached(Lookup lookup, Plan.Terms terms, CachePolicy policy) implements Prepared {
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

  Prepared prepare(CacheRequest request, AnswerReader reader, Stopwatch watch) {
    try {
      CachePolicy now = policy.current();
      Plan plan = now.plan(request);
      if (plan instanceof Plan.Bypass bypass) {
        return new Prepared.Bypass(bypass.reason());
      }
      Plan.Terms terms =
          plan instanceof Plan.ExactOnly exactOnly
              ? exactOnly.terms()
              : ((Plan.ExactThenSemantic) plan).terms();
      CacheRequest asked = request;
      if (terms.temperature() == UpstreamTemperature.ZERO) {
        asked = request.withParameter(CacheRequest.TEMPERATURE, 0L);
        terms = refusedTemperatures.has(asked) ? terms.asRequested() : terms;
      }
      ExactKey key = Canonicalizer.exactKey(asked);
      return new Prepared.Cached(
          new Lookup(parts, asked, reader, key, plan, terms, watch), terms, now);
    } catch (UncanonicalException e) {
      return new Prepared.Bypass(
          new Reason(
              Reason.Code.UNMAPPABLE, "the request has no canonical form: " + e.getMessage()));
    } catch (Throwable e) {
      emit(new CacheEvent.Trouble("policy", e));
      return new Prepared.Bypass(
          new Reason(Reason.Code.UNMAPPABLE, "the policy failed: " + e.getClass().getName()));
    } finally {
      watch.lap(Stage.KEY);
    }
  }

  private Outcome.Hit hit(Finding finding, Lookup lookup, Upstream<?, ?> upstream) {
    if (finding instanceof Finding.Semantic) {
      lookup
          .accepted()
          .ifPresent(accepted -> learner.maybeCheck(accepted, () -> admitted(lookup, upstream)));
    }
    return hit(finding, lookup);
  }

  /** Calls the upstream for a check; empty where its answer is none that would be stored. */
  private Optional<Answer> admitted(Lookup lookup, Upstream<?, ?> upstream) throws Exception {
    stats.upstreamCalled();
    Answer answer = upstream.call(lookup.temperature()).answer();
    return policy.admit(lookup.request(), answer, clock.instant()) instanceof Admission.Store
        ? Optional.of(answer)
        : Optional.empty();
  }

  Outcome.Hit hit(Finding finding, Lookup lookup) {
    Entry entry = finding.entry();
    Timings timings = lookup.watch().timings();
    Duration age = entry.age(clock.instant());
    Duration time = entry.upstreamTime().minus(timings.total());
    Outcome.Saving saving =
        new Outcome.Saving(time.isNegative() ? Duration.ZERO : time, price(entry));
    if (finding instanceof Finding.Exact found) {
      return new Outcome.ExactHit(entry, found.tier(), age, saving, lookup.temperature(), timings);
    }
    Finding.Semantic found = (Finding.Semantic) finding;
    return new Outcome.SemanticHit(
        entry, found.similarity(), found.confidence(), age, saving, lookup.temperature(), timings);
  }

  private Cost price(Entry entry) {
    try {
      return pricing.price(entry.model(), entry.answer().usage());
    } catch (Throwable e) {
      emit(new CacheEvent.Trouble("pricing", e));
      return new Cost.Unknown();
    }
  }

  /** Stores a fresh answer, if the policy admits it. */
  Admission writeBack(Prepared.Cached cached, Answer answer, Duration upstreamTime, long began) {
    Admission admission = admit(cached, answer, began);
    if (admission instanceof Admission.Store store) {
      try {
        admission = store(cached.lookup(), answer, upstreamTime, began, store);
      } catch (Throwable e) {
        emit(new CacheEvent.Trouble("store", e));
        admission = skip(Reason.Code.UNAVAILABLE, "it could not be stored");
      }
      cached.lookup().watch().lap(Stage.STORE);
    }
    if (admission instanceof Admission.Skip skip) {
      emit(new CacheEvent.NotStored(skip.reason()));
    }
    return admission;
  }

  private Admission store(
      Lookup lookup, Answer answer, Duration upstreamTime, long began, Admission.Store store) {
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
    int before = unanswered.count();
    exact.store(entry);
    if (unanswered.count() != before) {
      return skip(Reason.Code.UNAVAILABLE, "a tier did not take it");
    }
    if (invalidations.anySince(began, store.tags())) {
      // The invalidation may have passed between the policy's answer and the tier's.
      exact.remove(entry.key());
      return invalidated();
    }
    emit(new CacheEvent.Stored(entry.key()));
    lookup.surest().ifPresent(surest -> learner.answered(surest, answer));
    if (lookup.isByMeaning() && entry.question() instanceof Question.Semantic question) {
      storeRow(entry, question, lookup);
    }
    return store;
  }

  private static Admission skip(Reason.Code code, String detail) {
    return new Admission.Skip(new Reason(code, detail));
  }

  private static Admission invalidated() {
    return skip(Reason.Code.INVALIDATED, "one of its tags was invalidated while it was made");
  }

  private Admission admit(Prepared.Cached cached, Answer answer, long began) {
    if (cached.terms().writing() == Plan.Writing.SKIP) {
      return skip(Reason.Code.NO_STORE, "the caller asked for no-store");
    }
    try {
      Admission admission =
          cached.policy().admit(cached.lookup().request(), answer, clock.instant());
      if (admission instanceof Admission.Store store
          && invalidations.anySince(began, store.tags())) {
        return invalidated();
      }
      return admission;
    } catch (Throwable e) {
      emit(new CacheEvent.Trouble("policy", e));
      return skip(Reason.Code.RULE, "the policy failed: " + e.getClass().getName());
    }
  }

  private void storeRow(Entry entry, Question.Semantic question, Lookup lookup) {
    GuardedSemanticTier tier = semantic;
    if (tier == null || (lookup.isEmbedded() && !lookup.hasVector())) {
      // It was embedded without success: too long for the embedder, or the embedder is in trouble.
      return;
    }
    boolean taken =
        writeBehind.offer(
            () -> {
              lookup.stored(question.text(), entry.answer());
              Optional<Vector> vector = lookup.vectorToStore(question.text());
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

  private <O extends Outcome> O finish(@Nullable CacheRequest request, O outcome) {
    end(request, new CacheEvent.Finished(outcome));
    return outcome;
  }

  /**
   * Tells how a request ended.
   *
   * @param request null where its door could not map it
   */
  void end(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    emit(end);
    for (RequestListener listener : requestListeners) {
      try {
        listener.onEnd(request, end);
      } catch (Throwable e) {
        LOG.warn("A listener to requests failed; it is asked again next time", e);
      }
    }
  }

  void emit(CacheEvent event) {
    stats.count(event);
    for (CacheListener listener : listeners) {
      try {
        listener.onEvent(event);
      } catch (Throwable e) {
        LOG.warn("A cache listener failed; it is asked again next time", e);
      }
    }
  }

  /**
   * Remembers that the model of {@code request} refuses a temperature. From then on the engine asks
   * it {@link UpstreamTemperature#AS_REQUESTED} where the policy says {@link
   * UpstreamTemperature#ZERO}; the key stays that of temperature 0. For whoever calls the model:
   * see {@link TemperatureRefusal}.
   */
  public void temperatureRefused(CacheRequest request) {
    refusedTemperatures.add(request);
  }

  // --- upkeep -----------------------------------------------------------------------------------

  /**
   * Removes every entry with {@code tag}; answers being made that will carry it are not stored. A
   * tier that is down is not forgotten: what it holds is not served by this engine, and removed
   * when it is back. Returns how many there were.
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

  /**
   * Shows {@code visitor} every live entry of the exact tier, in no order, until it returns false:
   * see {@link ExactTier#scan}. Of two stacked tiers, what the farther one holds is shown. It is
   * for administrators: it takes as long as there are many entries.
   *
   * @param visitor is called by one thread at a time, not always this one; what it throws reaches
   *     the caller
   * @return {@link Scan#BROKEN_OFF} where the tier failed on the way, or is not asked: entries are
   *     missing then
   */
  public Scan entries(Predicate<Entry> visitor) {
    return exact.scan(visitor);
  }

  /**
   * Stores an entry that an earlier process wrote down, in place of one with the same key. Where it
   * can be compared by meaning and there is a semantic tier, its question is embedded anew, in the
   * background; a full queue is waited for, {@link #RESTORE_WAIT} at most. The matcher learns from
   * its answer what it learns from a fresh one, where a {@linkplain Tag#scope tag} tells its scope.
   *
   * @return false if it was not stored: it is expired, or a tier did not take it
   */
  public boolean restore(Entry entry) throws InterruptedException {
    if (entry.isExpired(clock.instant())) {
      return false;
    }
    int before = unanswered.count();
    exact.store(entry);
    if (unanswered.count() != before) {
      return false;
    }
    GuardedSemanticTier tier = semantic;
    if (tier != null && entry.question() instanceof Question.Semantic question) {
      if (!writeBehind.offer(() -> restoreRow(entry, question, tier), RESTORE_WAIT)) {
        emit(new CacheEvent.WriteDropped(entry.key()));
      }
    }
    return true;
  }

  private void restoreRow(Entry entry, Question.Semantic question, GuardedSemanticTier tier) {
    Optional<Scope> known =
        entry.tags().stream().flatMap(tag -> tag.asScope().stream()).findFirst();
    known.ifPresent(scope -> learner.restored(scope, question.text(), entry.answer()));
    Optional<Vector> vector = learner.vector(known.orElse(UNKNOWN_SCOPE), question.text());
    if (vector.isPresent()
        && !tier.store(
            new SemanticRow(
                entry.key(), question.fingerprint(), vector.get(), entry.expiresAt()))) {
      emit(new CacheEvent.WriteDropped(entry.key()));
    }
  }

  /**
   * Says what a lookup of {@code request} would see now: every candidate, every stage, every score.
   * Nothing is served, counted, learnt or stored, and no upstream is called.
   */
  public LookupExplanation explain(CacheRequest request) {
    Prepared prepared = prepare(request, AnswerReader.any(), new Stopwatch(nanoseconds));
    return prepared instanceof Prepared.Bypass bypass
        ? LookupExplanation.bypassed(bypass.reason())
        : ((Prepared.Cached) prepared).lookup().explain();
  }

  /**
   * Takes what the application says of an answer that was served for {@code request}. What is
   * reported as wrong never happens again: where the entry answers this very request, it is
   * removed; where it answers another question, neither this pair nor one near it is ever a hit
   * again. Both teach the matcher.
   *
   * @param entry the key of the entry that was served: {@link Outcome.Hit#entry}
   * @return false if there is no such entry any more
   */
  public boolean feedback(CacheRequest request, ExactKey entry, Feedback feedback) {
    if (!(prepare(request, AnswerReader.any(), stopwatch()) instanceof Prepared.Cached prepared)) {
      return false;
    }
    Lookup lookup = prepared.lookup();
    if (lookup.key().equals(entry)) {
      return feedback == Feedback.RIGHT ? exact.fetch(entry).isPresent() : remove(entry);
    }
    if (!(lookup.question() instanceof Question.Semantic asked)) {
      return false;
    }
    Optional<Entry> stored = exact.fetch(entry).map(ExactTier.Fetched::entry);
    boolean isKnown;
    if (stored.isPresent()
        && stored.get().question() instanceof Question.Semantic cached
        && cached.fingerprint().equals(asked.fingerprint())) {
      learner.feedback(request.scope(), asked.text(), stored.get(), cached.text(), feedback);
      isKnown = true;
    } else {
      // It is gone, or the conversation that it was served in is not known any more.
      isKnown = learner.feedback(entry, request.scope(), asked.text(), feedback);
    }
    if (isKnown && feedback == Feedback.WRONG) {
      parts.turns().forget(entry);
    }
    return isKnown;
  }

  /**
   * Takes what the application says of an entry's answer, where it does not know the request any
   * more. If it was wrong, nobody knows for which question: the entry is removed, and no question
   * that this process remembers to have served it for by meaning is a hit of it again. That it was
   * right is learnt only where it was served for one question.
   *
   * @param entry the key of the entry that was served: {@link Outcome.Hit#entry}
   * @return false if nothing is known of such an entry
   */
  public boolean feedback(ExactKey entry, Feedback feedback) {
    boolean isRemembered = learner.feedback(entry, feedback);
    if (feedback == Feedback.RIGHT) {
      return isRemembered || exact.fetch(entry).isPresent();
    }
    parts.turns().forget(entry);
    return remove(entry) || isRemembered;
  }

  /**
   * Returns how often the matcher is wrong, as far as it knows by now. Empty if it is one that
   * cannot know.
   */
  public Optional<RiskReport> risk() {
    return parts.matcher().risk();
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
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    maintenance.shutdownNow();
    writeBehind.close();
    quietly(learner::close);
    guardedExact.forEach(tier -> quietly(tier::close));
    if (semantic != null) {
      quietly(semantic::close);
    }
    deadlines.shutdownNow();
    deliveries.shutdown();
  }

  private static void quietly(Runnable close) {
    try {
      close.run();
    } catch (Throwable e) {
      LOG.warn("A tier could not be closed", e);
    }
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

    private @Nullable NearTier nearTier;
    private @Nullable ExactTier exactTier;
    private Duration maximumNearStay = ExactTier.DEFAULT_MAXIMUM_NEAR_STAY;
    private @Nullable SemanticTier semanticTier;
    private @Nullable Embedder embedder;
    private @Nullable Matcher matcher;
    private Learning learning = Learning.fromFeedbackOnly();
    private CachePolicy policy = CachePolicy.defaults();
    private Pricing pricing = Pricing.unknown();
    private DocumentVersions documentVersions = DocumentVersions.allCurrent();
    private final List<CacheListener> listeners = new ArrayList<>();
    private final List<RequestListener> requestListeners = new ArrayList<>();
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

    /**
     * Sets the one exact tier. Default: {@link CaffeineExactTier} with its defaults. The engine
     * closes it.
     */
    public Builder exactTier(ExactTier tier) {
      this.nearTier = null;
      this.exactTier = tier;
      return this;
    }

    /** Sets two exact tiers, stacked: see {@link ExactTier#stacked}. The engine closes them. */
    public Builder exactTiers(NearTier near, ExactTier far) {
      this.nearTier = near;
      this.exactTier = far;
      return this;
    }

    /**
     * Sets how long an entry stays in the nearer of two exact tiers: so long at most this process
     * serves what another one has removed. Default: {@link ExactTier#DEFAULT_MAXIMUM_NEAR_STAY}.
     *
     * @param stay from 1 ms to 1 day
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumNearStay(Duration stay) {
      this.maximumNearStay =
          Checks.inRange("maximumNearStay", stay, Duration.ofMillis(1), Duration.ofDays(1));
      return this;
    }

    /**
     * Sets the semantic tier and the embedder. It needs a {@link #matcher}. Default: none, exact
     * matches only. The engine closes the tier.
     */
    public Builder semanticTier(SemanticTier tier, Embedder embedder) {
      this.semanticTier = tier;
      this.embedder = embedder;
      return this;
    }

    /**
     * Sets what decides about near questions, for example {@link Matcher#verified}. A semantic tier
     * needs one; there is no default, since the core brings no model.
     */
    public Builder matcher(Matcher matcher) {
      this.matcher = matcher;
      return this;
    }

    /**
     * Sets how the matcher learns in place. Default: {@link Learning#fromFeedbackOnly}. A matcher
     * learns for one engine: two engines have two.
     */
    public Builder learning(Learning learning) {
      this.learning = learning;
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

    /** Adds one who is told how each request ended, and what it was. */
    public Builder requestListener(RequestListener listener) {
      requestListeners.add(listener);
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

    private Matcher matcher() {
      if (matcher != null) {
        return matcher;
      }
      if (semanticTier != null) {
        throw new IllegalStateException(
            "The semantic tier "
                + semanticTier.name()
                + " has no matcher. Set one with matcher(...), for example"
                + " Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults()) from"
                + " reprise-embedded, or start from EmbeddedCache.builder().");
      }
      // Without a semantic tier no matcher is ever asked.
      return Matcher.threshold(1);
    }

    /**
     * Returns the engine. Its tiers must be ready: see {@link SemanticTier#ensureReady}.
     *
     * @throws IllegalStateException if there is a semantic tier and no {@link #matcher}
     */
    public CacheEngine build() {
      return new CacheEngine(this);
    }
  }
}
