package dev.reprise.engine;

import dev.reprise.curated.CuratedEntry;
import dev.reprise.curated.CuratedSet;
import dev.reprise.curated.JudgeRole;
import dev.reprise.embed.Embedder;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheException;
import dev.reprise.model.internal.Checks;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.NearTier;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierUnreachableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of a {@link CacheEngine}. {@link CacheEngine.Builder} is their public face.
 *
 * @param <B> the builder
 */
abstract class CacheEngineBuilder<B extends CacheEngineBuilder<B>> {
  private static final Logger LOG = LoggerFactory.getLogger("dev.reprise.engine");

  /** Whether hits are served: {@link Mode#LIVE}. */
  public static final Mode DEFAULT_MODE = Mode.LIVE;

  /** What the judge does for curated answers: {@link JudgeRole#PROPOSE}. */
  public static final JudgeRole DEFAULT_CURATED_BY_JUDGE = JudgeRole.PROPOSE;

  /** How long a tier may take to answer a lookup: 50 ms. */
  public static final Duration DEFAULT_TIER_DEADLINE = Duration.ofMillis(50);

  /** How long a tier may take to write in the background: 5 s. */
  public static final Duration DEFAULT_WRITE_DEADLINE = Duration.ofSeconds(5);

  /** How long a request waits for an equal call: 60 s. */
  public static final Duration DEFAULT_FOLLOWER_WAIT = Duration.ofMinutes(1);

  /** Which equal requests share one call: those of all engines that share the exact tier. */
  public static final Coalescing DEFAULT_COALESCING = Coalescing.ACROSS_INSTANCES;

  /** How often a tier whose circuit is open is probed: 1 s. */
  public static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(1);

  /** How often expired rows are swept out of the semantic tier: 1 min. */
  public static final Duration DEFAULT_SWEEP_INTERVAL = Duration.ofMinutes(1);

  /** How long closing waits for queued writes: 5 s. */
  public static final Duration DEFAULT_CLOSE_WAIT = Duration.ofSeconds(5);

  /** The most queued writes: {@value}. */
  public static final int DEFAULT_WRITE_QUEUE_CAPACITY = 1024;

  /** How many neighbours a search returns: {@value}. */
  public static final int DEFAULT_CANDIDATES = 5;

  /** How many requests embed and match at the same time: twice the processors. */
  public static final int DEFAULT_SEARCHES_AT_ONCE = 2 * Runtime.getRuntime().availableProcessors();

  /** How long a request waits for its turn to embed and match: 50 ms. */
  public static final Duration DEFAULT_SEARCH_WAIT = Duration.ofMillis(50);

  /** How many contributors must have asked the same: {@value}, the promotion rule is off. */
  public static final int DEFAULT_PROMOTION_AFTER = 1;

  @Nullable NearTier nearTier;
  @Nullable ExactTier exactTier;
  @Nullable Path pendingRemovals;
  Duration maximumNearStay = ExactTier.DEFAULT_MAXIMUM_NEAR_STAY;
  @Nullable SemanticTier semanticTier;
  @Nullable Embedder embedder;
  @Nullable Matcher matcher;
  Learning learning = Learning.fromFeedbackOnly();
  CachePolicy policy = CachePolicy.defaults();
  Mode mode = DEFAULT_MODE;
  List<CuratedEntry> curatedEntries = List.of();
  JudgeRole curatedByJudge = DEFAULT_CURATED_BY_JUDGE;
  Pricing pricing = Pricing.unknown();
  DocumentVersions documentVersions = DocumentVersions.allCurrent();
  final List<CacheListener> listeners = new ArrayList<>();
  final List<RequestListener> requestListeners = new ArrayList<>();
  Remedies remedies = Remedies.library();
  InstantSource clock = InstantSource.system();
  LongSupplier nanoseconds = System::nanoTime;
  Duration tierDeadline = DEFAULT_TIER_DEADLINE;
  Duration writeDeadline = DEFAULT_WRITE_DEADLINE;
  Duration followerWait = DEFAULT_FOLLOWER_WAIT;
  Coalescing coalescing = DEFAULT_COALESCING;
  Duration probeInterval = DEFAULT_PROBE_INTERVAL;
  Duration sweepInterval = DEFAULT_SWEEP_INTERVAL;
  Duration closeWait = DEFAULT_CLOSE_WAIT;
  int writeQueueCapacity = DEFAULT_WRITE_QUEUE_CAPACITY;
  int candidates = DEFAULT_CANDIDATES;

  int promotionAfter = DEFAULT_PROMOTION_AFTER;
  ContributorResolver contributors = request -> null;
  int searchesAtOnce = DEFAULT_SEARCHES_AT_ONCE;
  Duration searchWait = DEFAULT_SEARCH_WAIT;

  /** Returns the listeners, the log among them. */
  List<CacheListener> allListeners() {
    List<CacheListener> all = new ArrayList<>(listeners);
    all.add(new EngineLog(remedies));
    return all;
  }

  /**
   * Checks that tier and embedder fit, and makes the tier ready. Logs a server that cannot be
   * reached.
   */
  void prepareSemanticTier() {
    SemanticTier tier = semanticTier;
    Embedder embeds = embedder;
    if (tier == null || embeds == null) {
      return;
    }
    OptionalInt held = tier.dimension();
    if (held.isPresent() && held.getAsInt() != embeds.dimension()) {
      throw new CacheException(
          "the semantic tier "
              + tier.name()
              + " is built for vectors of dimension "
              + held.getAsInt()
              + ", but the embedder "
              + embeds.id()
              + " makes vectors of dimension "
              + embeds.dimension()
              + "; build the tier with embedder.dimension()");
    }
    try {
      tier.ensureReady();
    } catch (TierUnreachableException e) {
      LOG.warn(
          "The semantic tier {} is not ready; the cache starts without it, and asks it again: {}",
          tier.name(),
          e.getMessage());
    }
  }

  /**
   * Sets the advice that the log gives about requests that are not cached. Default: {@link
   * Remedies#library}.
   */
  public B remedies(Remedies remedies) {
    this.remedies = Objects.requireNonNull(remedies, "remedies");
    return self();
  }

  /** Returns the builder. */
  abstract B self();

  /**
   * Sets the one exact tier. Default: {@link CaffeineExactTier} with its defaults. The engine
   * closes it.
   */
  public B exactTier(ExactTier tier) {
    this.nearTier = null;
    this.exactTier = Objects.requireNonNull(tier, "tier");
    return self();
  }

  /** Sets two exact tiers, stacked: see {@link ExactTier#stacked}. The engine closes them. */
  public B exactTiers(NearTier near, ExactTier far) {
    this.nearTier = Objects.requireNonNull(near, "near");
    this.exactTier = Objects.requireNonNull(far, "far");
    return self();
  }

  /**
   * Sets a file for pending removals: those that a tier did not carry out because it did not
   * answer. An engine that starts with the same file does not serve these entries, and removes
   * them. Use one file per engine. Default: none; pending removals are lost when the process ends.
   */
  public B pendingRemovals(Path file) {
    Objects.requireNonNull(file, "file");
    this.pendingRemovals = file;
    return self();
  }

  /**
   * Sets how long an entry stays in the near exact tier. If the far tier does not report removals,
   * this process may serve a removed entry that long. Default: {@link
   * ExactTier#DEFAULT_MAXIMUM_NEAR_STAY}.
   *
   * @param stay from 1 ms to 1 day
   * @throws IllegalArgumentException if it is out of range
   */
  public B maximumNearStay(Duration stay) {
    this.maximumNearStay =
        Checks.inRange("maximumNearStay", stay, Duration.ofMillis(1), Duration.ofDays(1));
    return self();
  }

  /**
   * Sets the semantic tier and the embedder. It needs a {@link #matcher}. Default: none, exact
   * matches only. The engine closes the tier.
   */
  public B semanticTier(SemanticTier tier, Embedder embedder) {
    this.semanticTier = Objects.requireNonNull(tier, "tier");
    this.embedder = Objects.requireNonNull(embedder, "embedder");
    return self();
  }

  /**
   * Sets the matcher, which decides on near questions: for example {@link Matcher#verified}.
   * Required with a semantic tier. There is no default, since the core has no model. A matcher that
   * learns belongs to one open engine: {@code build()} refuses it for a second one.
   */
  public B matcher(Matcher matcher) {
    this.matcher = Objects.requireNonNull(matcher, "matcher");
    return self();
  }

  /** Sets how the matcher learns in place. Default: {@link Learning#fromFeedbackOnly}. */
  public B learning(Learning learning) {
    this.learning = Objects.requireNonNull(learning, "learning");
    return self();
  }

  /**
   * Sets the policy, which decides what is looked up and stored. Default: {@link
   * CachePolicy#defaults}.
   */
  public B policy(CachePolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
    return self();
  }

  /**
   * Sets the mode of requests for which the policy sets none. {@link Mode#SHADOW} serves no hit and
   * records what it would have served: {@link CacheStats#shadow}. Default: {@link #DEFAULT_MODE}.
   */
  public B mode(Mode mode) {
    this.mode = Objects.requireNonNull(mode, "mode");
    return self();
  }

  /**
   * Sets the application's own curated answers. They are served beside those that are imported with
   * {@link CacheEngine#curated}; of two entries with the same identifier the imported one counts.
   * {@link dev.reprise.curated.CuratedFile} reads them from a file. Default: none.
   *
   * @throws IllegalArgumentException if there are too many, or two have the same identifier
   */
  public B curated(List<CuratedEntry> entries) {
    this.curatedEntries = CuratedSet.checked(Objects.requireNonNull(entries, "entries"));
    return self();
  }

  /**
   * Sets the promotion rule of shared scopes, against poisoned answers. An answer that one
   * contributor stored serves other contributors by meaning only after {@code contributors}
   * different ones asked the same, the first one included, or after {@link CacheEngine#approve} or
   * a judge approved it. To ask the same is to send an equal request, or a question that differs
   * only in its wording; a hit that a verifier accepted does not count. Exact hits are not limited.
   *
   * <p>The rule applies to requests that name their contributor, by {@link
   * dev.reprise.model.CacheControl#withContributor} or by {@link #contributors}. Answers without a
   * contributor serve everybody.
   *
   * @param contributors from 1, which switches the rule off, to 100. Default: {@value
   *     #DEFAULT_PROMOTION_AFTER}
   * @throws IllegalArgumentException if it is out of range
   */
  public B promotionAfter(int contributors) {
    this.promotionAfter = Checks.inRange("promotionAfter", contributors, 1, 100);
    return self();
  }

  /**
   * Sets what becomes of a question that was near a curated one, if the judge of the {@link
   * #learning} finds that the model gave the curated answer. Without a judge, the embedder compares
   * the answers. Default: {@link #DEFAULT_CURATED_BY_JUDGE}.
   */
  public B curatedByJudge(JudgeRole role) {
    this.curatedByJudge = Objects.requireNonNull(role, "role");
    return self();
  }

  /**
   * Sets who asks, for requests that do not name their contributor themselves. Default: nobody
   * knows.
   */
  public B contributors(ContributorResolver contributors) {
    this.contributors = Objects.requireNonNull(contributors, "contributors");
    return self();
  }

  /** Sets the prices from which savings are computed. Default: {@link Pricing#unknown}. */
  public B pricing(Pricing pricing) {
    this.pricing = Objects.requireNonNull(pricing, "pricing");
    return self();
  }

  /**
   * Sets how the engine checks whether a document changed. Default: {@link
   * DocumentVersions#allCurrent}.
   */
  public B documentVersions(DocumentVersions documentVersions) {
    this.documentVersions = Objects.requireNonNull(documentVersions, "documentVersions");
    return self();
  }

  /** Adds a listener that receives every event. */
  public B listener(CacheListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /** Adds a listener that receives each request with its outcome. */
  public B requestListener(RequestListener listener) {
    requestListeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /** Sets the clock for ages and expiries. Default: the system's. */
  public B clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return self();
  }

  /** Sets the clock for durations, in nanoseconds. Default: {@link System#nanoTime}. */
  public B nanoseconds(LongSupplier nanoseconds) {
    this.nanoseconds = Objects.requireNonNull(nanoseconds, "nanoseconds");
    return self();
  }

  /**
   * Sets how long a tier may take to answer a lookup. Tiers that own their deadline ({@code
   * DeadlineOwner.TIER}) have an option of their own. Default: {@link #DEFAULT_TIER_DEADLINE}.
   *
   * @param deadline from 1 ms to 1 min
   * @throws IllegalArgumentException if it is out of range
   */
  public B tierDeadline(Duration deadline) {
    this.tierDeadline =
        Checks.inRange("tierDeadline", deadline, Duration.ofMillis(1), Duration.ofMinutes(1));
    return self();
  }

  /**
   * Sets how long a tier may take to write in the background. Default: {@link
   * #DEFAULT_WRITE_DEADLINE}.
   *
   * @param deadline from 1 ms to 10 min
   * @throws IllegalArgumentException if it is out of range
   */
  public B writeDeadline(Duration deadline) {
    this.writeDeadline =
        Checks.inRange("writeDeadline", deadline, Duration.ofMillis(1), Duration.ofMinutes(10));
    return self();
  }

  /**
   * Sets how long a request waits for an equal call. After that it calls the upstream itself.
   * Default: {@link #DEFAULT_FOLLOWER_WAIT}.
   *
   * @param wait from 1 ms to 1 h
   * @throws IllegalArgumentException if it is out of range
   */
  public B followerWait(Duration wait) {
    this.followerWait =
        Checks.inRange("followerWait", wait, Duration.ofMillis(1), Duration.ofHours(1));
    return self();
  }

  /**
   * Sets which equal requests in flight share one upstream call. Default: {@link
   * Coalescing#ACROSS_INSTANCES}.
   */
  public B coalescing(Coalescing coalescing) {
    this.coalescing = Objects.requireNonNull(coalescing, "coalescing");
    return self();
  }

  /**
   * Sets how often a tier whose circuit is open is probed. Default: {@link
   * #DEFAULT_PROBE_INTERVAL}.
   *
   * @param interval from 10 ms to 10 min
   * @throws IllegalArgumentException if it is out of range
   */
  public B probeInterval(Duration interval) {
    this.probeInterval =
        Checks.inRange("probeInterval", interval, Duration.ofMillis(10), Duration.ofMinutes(10));
    return self();
  }

  /**
   * Sets how often expired rows are swept out of the semantic tier. Default: {@link
   * #DEFAULT_SWEEP_INTERVAL}.
   *
   * @param interval from 1 s to 1 day
   * @throws IllegalArgumentException if it is out of range
   */
  public B sweepInterval(Duration interval) {
    this.sweepInterval =
        Checks.inRange("sweepInterval", interval, Duration.ofSeconds(1), Duration.ofDays(1));
    return self();
  }

  /**
   * Sets how long closing waits for queued writes. Default: {@link #DEFAULT_CLOSE_WAIT}.
   *
   * @param wait from 1 ms to 10 min
   * @throws IllegalArgumentException if it is out of range
   */
  public B closeWait(Duration wait) {
    this.closeWait =
        Checks.inRange("closeWait", wait, Duration.ofMillis(1), Duration.ofMinutes(10));
    return self();
  }

  /**
   * Sets the capacity of the queue of writes to the semantic tier. Further writes are dropped.
   * Default: {@value #DEFAULT_WRITE_QUEUE_CAPACITY}.
   *
   * @param capacity from 1 to 1,000,000
   * @throws IllegalArgumentException if it is out of range
   */
  public B writeQueueCapacity(int capacity) {
    this.writeQueueCapacity = Checks.inRange("writeQueueCapacity", capacity, 1, 1_000_000);
    return self();
  }

  /**
   * Sets how many neighbours a search of the semantic tier returns. Default: {@value
   * #DEFAULT_CANDIDATES}.
   *
   * @param candidates from 1 to 100
   * @throws IllegalArgumentException if it is out of range
   */
  public B candidates(int candidates) {
    this.candidates = Checks.inRange("candidates", candidates, 1, 100);
    return self();
  }

  /**
   * Sets how many requests embed and match at the same time. A further request waits up to {@link
   * #searchWait}. After that it is looked up exactly only. Default: twice the processors.
   *
   * @param searches from 1 to 10,000
   * @throws IllegalArgumentException if it is out of range
   */
  public B searchesAtOnce(int searches) {
    this.searchesAtOnce = Checks.inRange("searchesAtOnce", searches, 1, 10_000);
    return self();
  }

  /**
   * Sets how long a request waits for its turn to embed and match. Default: {@link
   * #DEFAULT_SEARCH_WAIT}.
   *
   * @param wait from 0 to 1 min
   * @throws IllegalArgumentException if it is out of range
   */
  public B searchWait(Duration wait) {
    this.searchWait = Checks.inRange("searchWait", wait, Duration.ZERO, Duration.ofMinutes(1));
    return self();
  }

  Matcher matcher() {
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
}
