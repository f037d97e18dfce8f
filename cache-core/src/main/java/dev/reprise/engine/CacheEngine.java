package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.RiskReport;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;
import dev.reprise.policy.UpstreamTemperature;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.InstanceBoard;
import dev.reprise.tier.Scan;
import dev.reprise.tier.SemanticTier;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/* The face of the engine: it plans a request, runs it, and reports its end once. The walk of one request is in docs/ARCHITECTURE.md. */
/**
 * Semantic cache engine. Returns a stored answer or calls the upstream. Failures of the cache are
 * reported as misses, events and metrics; they never reach the caller. Safe for use by several
 * threads.
 */
public final class CacheEngine implements AutoCloseable {
  /** How long {@link #restore} waits for room in the queue of writes at most: 1 min. */
  public static final Duration RESTORE_WAIT = Duration.ofMinutes(1);

  private final EngineParts parts;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CacheEngine(Builder options) {
    parts = EngineParts.of(options);
    parts.start(options);
  }

  /**
   * Returns a builder. Default: an exact tier in the process, no semantic tier. The module {@code
   * reprise-embedded} has a builder with a semantic tier, {@code EmbeddedCache.builder()}.
   */
  public static Builder builder() {
    return new Builder();
  }

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
    Objects.requireNonNull(upstream, "upstream");
    return serve(request, upstream.asUpstream(), AnswerReader.any()).outcome();
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
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(reader, "reader");
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    Planned planned = parts.planner().plan(request, watch);
    return reported(
        planned.request(),
        () ->
            planned instanceof Planned.Bypass bypass
                ? AwaitedCall.bypassed(
                    parts.calls(), bypass.reason(), request.control(), watch, upstream)
                : new AwaitedCall<>(parts.calls(), lookup(planned, reader, watch), upstream).run());
  }

  /** An awaited request on its way. */
  private interface Run<R, X extends Exception> {
    Served<R> run() throws X;
  }

  /** Runs a request and reports its end exactly once. */
  private <R, X extends Exception> Served<R> reported(@Nullable CacheRequest request, Run<R, X> run)
      throws X {
    Served<R> served;
    try {
      served = run.run();
    } catch (Throwable e) {
      parts.events().ended(request, new CacheEvent.Failed(e));
      throw e;
    }
    parts.events().ended(request, new CacheEvent.Finished(served.outcome()));
    return served;
  }

  private Lookup lookup(Planned planned, AnswerReader reader, Stopwatch watch) {
    return new Lookup(parts.lookups(), (Planned.Cached) planned, reader, watch);
  }

  /**
   * Calls {@code upstream} for a request that its integration cannot map into a {@link
   * CacheRequest}, and counts it as bypassed.
   *
   * @param reason why the cache is not asked
   * @param control what the caller asks of the cache
   * @return {@link Outcome.Bypassed} with the call's reply, or {@link Outcome.Unsatisfied} where
   *     the caller asked for a cached answer only
   * @throws X what the upstream threw, as it is
   */
  public <R, X extends Exception> Served<R> bypass(
      Reason reason, CacheControl control, Upstream<R, X> upstream) throws X {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(control, "control");
    Objects.requireNonNull(upstream, "upstream");
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    return reported(
        null, () -> AwaitedCall.bypassed(parts.calls(), reason, control, watch, upstream));
  }

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
   * The same for integrations: a cached answer that {@code reader} cannot read is not served.
   *
   * @param subscriber is called on this thread, on those of the upstream, or on the engine's
   * @return cancels the stream, even before its first chunk
   */
  public <C> StreamSubscriber.Subscription stream(
      CacheRequest request,
      StreamingUpstream<C> upstream,
      StreamSubscriber<C> subscriber,
      AnswerReader reader) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(subscriber, "subscriber");
    Objects.requireNonNull(reader, "reader");
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    Planned planned = parts.planner().plan(request, watch);
    StreamCall<C> call =
        new StreamCall<>(
            parts.calls(), parts.events(), planned.request(), upstream, subscriber, watch);
    if (planned instanceof Planned.Bypass bypass) {
      call.bypass(bypass.reason(), request.control());
    } else {
      call.seek(lookup(planned, reader, watch));
    }
    return call;
  }

  /**
   * Streams what {@code upstream} gives to a request that its integration cannot map into a {@link
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
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(control, "control");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(subscriber, "subscriber");
    StreamCall<C> call =
        new StreamCall<>(
            parts.calls(),
            parts.events(),
            null,
            upstream,
            subscriber,
            new Stopwatch(parts.nanoseconds()));
    call.bypass(reason, control);
    return call;
  }

  /**
   * Remembers that the model of {@code request} refuses a temperature. From then on the engine asks
   * it {@link UpstreamTemperature#AS_REQUESTED} where the policy says {@link
   * UpstreamTemperature#ZERO}; the key stays that of temperature 0. For whoever calls the model:
   * see {@link TemperatureRefusal}.
   */
  public void temperatureRefused(CacheRequest request) {
    Objects.requireNonNull(request, "request");
    parts.refusedTemperatures().add(request);
  }

  /**
   * Removes every entry with {@code tag}; answers being made that will carry it are not stored. A
   * tier that is down is not forgotten: what it holds is not served by this engine, and removed
   * when it is back. Returns how many there were.
   */
  public long invalidate(Tag tag) {
    Objects.requireNonNull(tag, "tag");
    return parts.writeBack().invalidate(tag);
  }

  /** Removes every entry that was made from a document, whatever the version. Returns how many. */
  public long invalidateDocument(String documentId) {
    return invalidate(Tag.document(documentId));
  }

  /**
   * Removes every entry with {@code tag} as {@link #invalidate} does, and says whether all tiers
   * have done so.
   */
  public Removal removeAll(Tag tag) {
    Objects.requireNonNull(tag, "tag");
    return parts.writeBack().removeAll(tag);
  }

  /** Removes one entry as {@link #remove} does, and says whether all tiers have done so. */
  public Removal removeEntry(ExactKey key) {
    Objects.requireNonNull(key, "key");
    return parts.writeBack().removeEntry(key);
  }

  /** Removes one entry. Returns whether there was one. */
  public boolean remove(ExactKey key) {
    Objects.requireNonNull(key, "key");
    return parts.writeBack().remove(key);
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
    Objects.requireNonNull(visitor, "visitor");
    return parts.tiers().exact().scan(visitor);
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
    Objects.requireNonNull(entry, "entry");
    return parts.writeBack().restore(entry, RESTORE_WAIT);
  }

  /**
   * Explains a lookup of {@code request} as it would run now: every candidate, stage and score.
   * Nothing is served, counted, learnt or stored, and no upstream is called.
   */
  public LookupExplanation explain(CacheRequest request) {
    Objects.requireNonNull(request, "request");
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    Planned planned = parts.planner().plan(request, watch);
    return planned instanceof Planned.Bypass bypass
        ? LookupExplanation.bypassed(bypass.reason())
        : lookup(planned, AnswerReader.any(), watch).explain();
  }

  /**
   * Records the application's feedback on an answer that was served for {@code request}. What is
   * reported as wrong never happens again: where the entry answers this very request, it is
   * removed; where it answers another question, neither this pair nor one near it is ever a hit
   * again. Both teach the matcher.
   *
   * @param entry the key of the entry that was served: {@link Outcome.Hit#entry}
   * @return false if there is no such entry any more, or if it could not be recorded for the other
   *     processes that share the exact tier; it holds in this one, and is told to them later
   */
  public boolean feedback(CacheRequest request, ExactKey entry, Feedback feedback) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(feedback, "feedback");
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    return parts.planner().plan(request, watch) instanceof Planned.Cached planned
        && parts.feedbacks().accept(lookup(planned, AnswerReader.any(), watch), entry, feedback);
  }

  /**
   * Records the application's feedback on an entry, where the request is not known any more. If it
   * was wrong, nobody knows for which question: the entry is removed, and no question that this
   * process remembers to have served it for by meaning is a hit of it again. That it was right is
   * learnt only where it was served for one question.
   *
   * @param entry the key of the entry that was served: {@link Outcome.Hit#entry}
   * @return false if nothing is known of such an entry, or if it could not be recorded for the
   *     other processes that share the exact tier; each of them forbids what it served the entry
   *     for
   */
  public boolean feedback(ExactKey entry, Feedback feedback) {
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(feedback, "feedback");
    return parts.feedbacks().accept(entry, feedback);
  }

  /**
   * Returns how often the matcher is wrong, as far as it knows by now. Empty if it is one that
   * cannot know.
   */
  public Optional<RiskReport> risk() {
    return parts.matcher() instanceof LearningMatcher learning ? learning.risk() : Optional.empty();
  }

  /**
   * Returns the board on which the processes that share the exact tier publish texts; empty where
   * no other process shares it. Its methods may throw {@link dev.reprise.tier.TierException}.
   */
  public Optional<InstanceBoard> instanceBoard() {
    return parts.tiers().exact().instanceBoard();
  }

  /** Returns the counters since the engine was built. */
  public CacheStats stats() {
    return parts.events().stats().snapshot(flights().followers());
  }

  /**
   * Waits until the writes that are queued for the semantic tier are done.
   *
   * @return false if that takes longer than {@code patience}
   */
  public boolean drain(Duration patience) throws InterruptedException {
    Objects.requireNonNull(patience, "patience");
    return parts.writeBehind().drain(patience);
  }

  /** Asks the tiers whose circuit is open whether they answer again. */
  void probe() {
    parts.tiers().probe();
  }

  /** Writes what tiers did not take before. */
  void repair() {
    parts.writeBack().repair();
  }

  void emit(CacheEvent event) {
    parts.events().emit(event);
  }

  FlightTable flights() {
    return parts.calls().flights();
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
    parts.close();
  }

  /** Collects the options of a {@link CacheEngine}. Not safe for use by several threads. */
  public static final class Builder extends CacheEngineBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Returns the engine, and makes the semantic tier ready: {@link SemanticTier#ensureReady}. A
     * server that cannot be reached, or is starting, is logged and asked again in the background.
     *
     * @throws dev.reprise.model.CacheException if the embedder and the semantic tier do not fit
     *     each other
     * @throws IllegalStateException if there is a semantic tier and no {@link #matcher}
     */
    public CacheEngine build() {
      prepareSemanticTier();
      return new CacheEngine(this);
    }
  }
}
