package dev.reprise.engine;

import dev.reprise.curated.CuratedAnswers;
import dev.reprise.key.ExactKey;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.Matcher;
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

/**
 * Semantic cache engine. Returns a stored answer or calls the upstream. Failures of the cache are
 * reported as misses, events and metrics; they never reach the caller. Safe for use by several
 * threads.
 */
public final class CacheEngine implements AutoCloseable {
  /** The longest time that {@link #restore} waits for room in the write queue: 1 min. */
  public static final Duration RESTORE_WAIT = Duration.ofMinutes(1);

  private final EngineParts parts;
  private final EventHub events;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CacheEngine(Builder options) {
    parts = EngineParts.of(options);
    events = parts.events();
    parts.start(options);
  }

  /**
   * Returns a builder. Default: an exact tier in the process, no semantic tier. {@code
   * EmbeddedCache.builder()} in {@code reprise-embedded} adds a semantic tier.
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the cached answer to {@code request}, or calls {@code upstream}. Equal requests in
   * flight share one call, on the thread of one of their callers.
   *
   * @return the answer and how it was obtained; {@link Outcome.Unsatisfied} only if the caller
   *     allowed a cached answer only
   * @throws X the upstream's exception, unchanged; all requests of a shared call get it
   */
  public <X extends Exception> Outcome getOrCompute(
      CacheRequest request, AnswerSupplier<X> upstream) throws X {
    Objects.requireNonNull(upstream, "upstream");
    return serve(request, upstream.asUpstream(), AnswerReader.any()).outcome();
  }

  /**
   * The same for integrations. A cached answer is served only if {@code reader} can read it. The
   * reply of this request's own call is returned in the integration's own type.
   *
   * @return the outcome, and the reply of this request's own call if one was made and served
   * @throws X the upstream's exception, unchanged; a request that shared the call gets it if {@link
   *     Upstream#isEndedBy} returns true
   */
  public <R, X extends Exception> Served<R> serve(
      CacheRequest request, Upstream<R, X> upstream, AnswerReader reader) throws X {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(reader, "reader");
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    Planned planned = parts.planner().plan(request, watch);
    return events.reporting(
        planned.request(),
        () ->
            planned instanceof Planned.Bypass bypass
                ? AwaitedCall.bypassed(
                    parts.calls(), bypass.reason(), request.control(), watch, upstream)
                : new AwaitedCall<>(parts.calls(), lookup(planned, reader, watch), upstream).run());
  }

  private Lookup lookup(Planned planned, AnswerReader reader, Stopwatch watch) {
    return new Lookup(parts.lookups(), (Planned.Cached) planned, reader, watch);
  }

  /**
   * Calls {@code upstream} for a request that the integration cannot map to a {@link CacheRequest}.
   * Counts it as bypassed.
   *
   * @param reason the reason for the bypass
   * @param control the caller's cache control
   * @return {@link Outcome.Bypassed} with the reply, or {@link Outcome.Unsatisfied} if the caller
   *     allowed a cached answer only
   * @throws X the upstream's exception, unchanged
   */
  public <R, X extends Exception> Served<R> bypass(
      Reason reason, CacheControl control, Upstream<R, X> upstream) throws X {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(control, "control");
    Objects.requireNonNull(upstream, "upstream");
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    return events.reporting(
        null, () -> AwaitedCall.bypassed(parts.calls(), reason, control, watch, upstream));
  }

  /**
   * Streams the cached answer to {@code request}, or the upstream's. Equal requests in flight share
   * one call, awaited ones included. A late subscriber gets the earlier chunks at once.
   *
   * @param subscriber called on this thread, on an upstream thread, or on an engine thread
   * @return cancels the stream, even before its first chunk
   */
  public <C> StreamSubscriber.Subscription stream(
      CacheRequest request, StreamingUpstream<C> upstream, StreamSubscriber<C> subscriber) {
    return stream(request, upstream, subscriber, AnswerReader.any());
  }

  /**
   * The same for integrations. A cached answer is served only if {@code reader} can read it.
   *
   * @param subscriber called on this thread, on an upstream thread, or on an engine thread
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
            parts.calls(), events.endOf(planned.request()), upstream, subscriber, watch);
    if (planned instanceof Planned.Bypass bypass) {
      call.bypass(bypass.reason(), request.control());
    } else {
      call.seek(lookup(planned, reader, watch));
    }
    return call;
  }

  /**
   * Streams the upstream's answer to a request that the integration cannot map to a {@link
   * CacheRequest}. Counts it as bypassed.
   *
   * @param reason the reason for the bypass
   * @param control the caller's cache control
   * @param subscriber called on this thread or on an upstream thread
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
    Stopwatch watch = new Stopwatch(parts.nanoseconds());
    StreamCall<C> call =
        new StreamCall<>(parts.calls(), events.endOf(null), upstream, subscriber, watch);
    call.bypass(reason, control);
    return call;
  }

  /**
   * Records that the model of {@code request} rejects a temperature. From then on the engine uses
   * {@link UpstreamTemperature#AS_REQUESTED} for it where the policy says {@link
   * UpstreamTemperature#ZERO}. The key stays that of temperature 0. {@link TemperatureRefusal}
   * recognizes such a rejection.
   */
  public void temperatureRefused(CacheRequest request) {
    Objects.requireNonNull(request, "request");
    parts.refusedTemperatures().add(request);
  }

  /**
   * Removes every entry with {@code tag}, and returns how many there were. Answers in flight that
   * will carry the tag are not stored. While a tier is down, this engine does not serve its entries
   * with the tag. It removes them when the tier is back.
   */
  public long invalidate(Tag tag) {
    Objects.requireNonNull(tag, "tag");
    return parts.writeBack().invalidate(tag);
  }

  /** Removes every entry made from a document, of any version. Returns how many there were. */
  public long invalidateDocument(String documentId) {
    return invalidate(Tag.document(documentId));
  }

  /** Like {@link #invalidate}, and also returns whether all tiers have removed the entries. */
  public Removal removeAll(Tag tag) {
    Objects.requireNonNull(tag, "tag");
    return parts.writeBack().removeAll(tag);
  }

  /** Like {@link #remove}, and also returns whether all tiers have removed the entry. */
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
   * Passes every live entry of the exact tier to {@code visitor}, in no order, until it returns
   * false: see {@link ExactTier#scan}. Of two stacked tiers, the farther one is read. Meant for
   * administration, since it reads all entries.
   *
   * @param visitor called by one thread at a time, not always this one; its exception reaches the
   *     caller
   * @return {@link Scan#BROKEN_OFF} if the tier failed or its circuit is open; entries are missing
   *     then
   */
  public Scan entries(Predicate<Entry> visitor) {
    Objects.requireNonNull(visitor, "visitor");
    return parts.tiers().exact().scan(visitor);
  }

  /**
   * Imports an exported entry, replacing any entry with the same key. With a semantic tier, its
   * question is embedded again in the background. If the write queue is full, this method waits up
   * to {@link #RESTORE_WAIT}. The matcher is told of its answer if a {@linkplain Tag#scope tag}
   * names the scope.
   *
   * @return false if the entry is expired or a tier did not store it
   */
  public boolean restore(Entry entry) throws InterruptedException {
    Objects.requireNonNull(entry, "entry");
    return parts.writeBack().restore(entry, RESTORE_WAIT);
  }

  /**
   * Explains a lookup of {@code request} as it would run now: every candidate, stage and score. It
   * serves, counts, learns and stores nothing, and calls no upstream.
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
   * Records the application's feedback on an answer that was served for {@code request}. A wrong
   * exact hit is removed. A wrong semantic hit stays stored, but this pair of questions and pairs
   * near it are never a hit again. The matcher learns from feedback on semantic hits.
   *
   * @param entry the key of the served entry: {@link Outcome.Hit#entry}
   * @return false if the entry no longer exists, or if the feedback could not yet be recorded for
   *     the other processes that share the exact tier; it holds in this process, and is sent later
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
   * Records the application's feedback on an entry whose request is no longer known. A wrong entry
   * is removed. It is never a hit again for the questions that this process remembers to have
   * served it for. A right one teaches the matcher only if it was served for one question.
   *
   * @param entry the key of the served entry: {@link Outcome.Hit#entry}
   * @return false if the entry is unknown, or if the feedback could not be recorded for the other
   *     processes that share the exact tier; each forbids the questions it served the entry for
   */
  public boolean feedback(ExactKey entry, Feedback feedback) {
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(feedback, "feedback");
    return parts.feedbacks().accept(entry, feedback);
  }

  /**
   * Returns the curated answers: reviewed question-answer pairs that are served before anything a
   * model said. Import, list, approve and roll back there. They are kept where the exact tier keeps
   * a log (Redis, a data directory), and shared with the processes that share it.
   */
  public CuratedAnswers curated() {
    return parts.curated();
  }

  /**
   * Approves the stored answer of an entry: it serves all contributors of its scope by meaning, see
   * {@link Builder#promotionAfter}. Another answer that is stored under the same key later needs
   * another approval. Other processes that share the exact tier know of it within two seconds.
   *
   * @param entry the key of the entry: {@link Outcome.Hit#entry}, or {@link NearMiss#entry}
   * @return false if there is no such entry
   */
  public boolean approve(ExactKey entry) {
    Objects.requireNonNull(entry, "entry");
    return parts.feedbacks().approve(entry);
  }

  /** Returns the matcher's estimate of its wrong answers. Empty if the matcher does not learn. */
  public Optional<RiskReport> risk() {
    return parts.matcher() instanceof LearningMatcher learning ? learning.risk() : Optional.empty();
  }

  /**
   * Returns the board on which processes with the same exact tier publish texts. Empty if the tier
   * is not shared. Its methods may throw {@link dev.reprise.tier.TierException}.
   */
  public Optional<InstanceBoard> instanceBoard() {
    return parts.tiers().exact().instanceBoard();
  }

  /** Returns the counters since the engine was built. */
  public CacheStats stats() {
    return events.stats().snapshot(parts.calls().flights().followers());
  }

  /**
   * Waits until the queued writes to the semantic tier are done.
   *
   * @return false if that takes longer than {@code patience}
   */
  public boolean drain(Duration patience) throws InterruptedException {
    Objects.requireNonNull(patience, "patience");
    return parts.writeBehind().drain(patience);
  }

  /** Returns the parts, for tests in this package. */
  EngineParts parts() {
    return parts;
  }

  /**
   * Finishes queued writes within the close wait, and closes the tiers. Requests in flight go on
   * without them.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        parts.close();
      } finally {
        MatcherOwners.release(parts.matcher());
      }
    }
  }

  /** Collects the options of a {@link CacheEngine}. Not safe for use by several threads. */
  public static final class Builder extends CacheEngineBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Returns the engine, and makes the semantic tier ready: {@link SemanticTier#ensureReady}. If a
     * server cannot be reached, the engine logs it and tries again in the background.
     *
     * @throws dev.reprise.model.CacheException if embedder and semantic tier do not fit together
     * @throws IllegalStateException if there is a semantic tier and no {@link #matcher}, or if the
     *     matcher learns and belongs to another engine that is open
     */
    public CacheEngine build() {
      prepareSemanticTier();
      Matcher matcher = matcher();
      MatcherOwners.claim(matcher);
      try {
        return new CacheEngine(this);
      } catch (RuntimeException | Error e) {
        MatcherOwners.release(matcher);
        throw e;
      }
    }
  }
}
