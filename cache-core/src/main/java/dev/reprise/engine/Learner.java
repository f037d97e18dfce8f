package dev.reprise.engine;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Embedder.Embedding;
import dev.reprise.embed.Vector;
import dev.reprise.engine.CacheEvent.Occasion;
import dev.reprise.engine.RememberedHits.Hit;
import dev.reprise.key.ExactKey;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Exchange;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.Matcher;
import dev.reprise.match.Observation;
import dev.reprise.match.OperatingPoint;
import dev.reprise.match.OperatingPoint.Origin;
import dev.reprise.match.RiskReport;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.tier.Entry;
import dev.reprise.tier.SharedLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Teaches the matcher: from misses, from hits that are checked, and from what the application
 * reports. What is reported as wrong is remembered here, and forbidden. Safe for use by several
 * threads; its trouble is an event.
 *
 * <p>Judging, checking and saving each have a thread and a short queue of their own. A judge may
 * take as long as a model does, a check as long as the upstream, a store as long as its disk. What
 * finds its queue full is not learnt from; nobody waits for it.
 */
final class Learner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Learner.class);

  private static final int MOST_JUDGEMENTS = 256;
  private static final int MOST_CHECKS = 16;

  private static final long CLOSE_WAIT_SECONDS = 1;

  private final Learning learning;
  private final Matcher matcher;
  private final @Nullable Embedder embedder;
  private final Consumer<CacheEvent> events;
  private final Vetoes vetoes = new Vetoes();
  private final SharedVetoes shared;
  private final SharedLearning sharing;
  private final Promotion promotion;
  private final RememberedHits served = new RememberedHits();
  private final ThreadPoolExecutor judging = oneThread("reprise-judge", MOST_JUDGEMENTS);
  private final ThreadPoolExecutor checking = oneThread("reprise-check", MOST_CHECKS);
  private final ThreadPoolExecutor saving = oneThread("reprise-learnt", 1);
  private final AtomicLong drawn = new AtomicLong();
  private final AtomicLong changes = new AtomicLong();
  private long savedChanges;
  private @Nullable OperatingPoint lastPoint;

  /** A candidate that was decided about, and how sure the matcher was. */
  record Considered(
      Entry entry, MatchCandidate candidate, double confidence, Promotion.Standing standing) {}

  Learner(
      Learning learning,
      Matcher matcher,
      @Nullable Embedder embedder,
      @Nullable SharedLog log,
      SharedLearning sharing,
      Promotion promotion,
      Consumer<CacheEvent> events) {
    this.learning = learning;
    this.matcher = matcher;
    this.embedder = embedder;
    this.events = events;
    this.shared = new SharedVetoes(log, embedderId(), events);
    this.sharing = sharing;
    this.promotion = promotion;
    load();
    lastPoint = point();
    shared.follow(this::reportedElsewhere, this::reportedElsewhere, vetoes::all);
  }

  private static ThreadPoolExecutor oneThread(String name, int capacity) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(capacity), Threads.daemon(name));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  // --- what lookups tell ------------------------------------------------------------------------

  /** A lookup by meaning ended with a hit. */
  void hit(Considered accepted) {
    observe(new Observation.LookedUp(accepted.confidence(), true));
    served.add(
        accepted.entry().key(),
        new Hit(
            accepted.candidate().scope(),
            accepted.candidate().asked(),
            accepted.candidate().cached(),
            accepted.confidence()));
  }

  /** A lookup by meaning ended without a hit. */
  void missed(@Nullable Considered surest) {
    observe(new Observation.LookedUp(surest == null ? -1 : surest.confidence(), false));
  }

  /** A miss was answered, and the answer was stored. */
  void answered(Considered surest, Answer fresh) {
    if (surest.confidence() > 0 && learning.judge() != AnswerJudge.NONE) {
      submit(judging, () -> judge(surest, fresh, Occasion.MISS));
    }
  }

  /**
   * Checks a hit, if it is its turn.
   *
   * @param upstream is called on a thread of this class; gives no answer where it gave none that
   *     would be stored
   */
  void maybeCheck(Considered accepted, Callable<Optional<Answer>> upstream) {
    if (isTurn()) {
      submit(
          checking,
          () -> {
            try {
              upstream.call().ifPresent(fresh -> judge(accepted, fresh, Occasion.CHECK));
            } catch (Throwable e) {
              events.accept(new CacheEvent.Trouble("check", e));
            }
          });
    }
  }

  /** Spreads the checks evenly: with a share of 0.02, every fiftieth hit. */
  private boolean isTurn() {
    double share = learning.checked();
    if (share <= 0) {
      return false;
    }
    long now = drawn.incrementAndGet();
    return Math.floor(now * share) > Math.floor((now - 1) * share);
  }

  /** Runs {@code task} where other judgements run; not at all where too many wait already. */
  void whenFree(Runnable task) {
    submit(judging, task);
  }

  /** Shadow mode compared what it would have served. It teaches where answers are judged at all. */
  void compared(Considered accepted, boolean isSame) {
    if (learning.judge() != AnswerJudge.NONE) {
      observe(new Observation.Judged(accepted.confidence(), true, isSame));
    }
  }

  private void judge(Considered considered, Answer fresh, Occasion occasion) {
    Judgement verdict;
    try {
      verdict =
          learning
              .judge()
              .judge(
                  new Exchange(considered.candidate().asked(), fresh.text()),
                  new Exchange(
                      considered.candidate().cached(), considered.candidate().answer().text()));
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("judge", e));
      return;
    }
    if (verdict != Judgement.UNKNOWN) {
      boolean isSame = verdict == Judgement.SAME;
      if (isSame) {
        promotion.confirmed(considered, learning.judge());
      }
      observe(new Observation.Judged(considered.confidence(), occasion == Occasion.CHECK, isSame));
      events.accept(
          new CacheEvent.Judged(
              considered.entry().key(), considered.confidence(), occasion, isSame));
    }
  }

  private static void submit(ThreadPoolExecutor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // The queue is full, the engine is closed, or there is no thread to be had: this one is not
      // learnt from.
      return;
    }
  }

  /** The matcher learnt something of use to the matchers of other processes. */
  void learned(List<String> records) {
    sharing.learned(records);
  }

  private void observe(Observation observation) {
    changes.incrementAndGet();
    sharing.observed(observation);
    try {
      if (matcher instanceof LearningMatcher learning) {
        learning.observe(observation);
      }
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("matcher", e));
    }
  }

  // --- feedback ---------------------------------------------------------------------------------

  /**
   * Takes what the application says of an entry's answer, whoever it was served to. If it was
   * wrong, no pair that is remembered is a hit again. That it was right is learnt only where it was
   * served for one question: else nobody knows which is meant.
   *
   * @return false if nothing of the kind is remembered
   */
  boolean feedback(ExactKey entry, Feedback feedback) {
    List<Hit> remembered = served.of(entry);
    if (remembered.isEmpty()) {
      return false;
    }
    if (feedback == Feedback.WRONG) {
      served.remove(entry);
      remembered.forEach(hit -> mark(entry, hit, feedback));
    } else if (remembered.size() == 1) {
      mark(entry, remembered.get(0), feedback);
    }
    reportMovedPoint();
    return true;
  }

  /**
   * Takes what the application says of an answer that was served for {@code asked}, as far as that
   * hit is remembered.
   *
   * @return false if it is not, or if it could not be recorded for other processes
   */
  boolean feedback(ExactKey entry, Scope scope, String asked, Feedback feedback) {
    Optional<Hit> remembered =
        served.of(entry).stream().filter(hit -> hit.isFor(scope, asked)).findFirst();
    if (remembered.isEmpty()) {
      return false;
    }
    served.forget(entry, scope, asked);
    boolean isRecorded = mark(entry, remembered.get(), feedback);
    reportMovedPoint();
    return isRecorded;
  }

  /**
   * Takes what the application says of an answer that was served for another question.
   *
   * @return false if it could not be recorded for other processes
   */
  boolean feedback(Scope scope, String asked, Entry entry, String cached, Feedback feedback) {
    served.forget(entry.key(), scope, asked);
    boolean isRecorded =
        mark(
            entry.key(),
            new Hit(scope, asked, cached, confidence(scope, asked, entry, cached)),
            feedback);
    reportMovedPoint();
    return isRecorded;
  }

  /** Returns what the matcher thinks of a pair now. */
  private double confidence(Scope scope, String asked, Entry entry, String cached) {
    Optional<Vector> one = vector(scope, asked);
    Optional<Vector> other = vector(scope, cached);
    if (one.isEmpty() || other.isEmpty()) {
      return -1;
    }
    try {
      return matcher
          .decide(
              MatchCandidate.alone(
                  scope, asked, cached, entry.answer(), one.get().similarity(other.get())))
          .confidence();
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("matcher", e));
      return -1;
    }
  }

  /** Returns whether it was recorded. */
  private boolean mark(ExactKey entry, Hit hit, Feedback feedback) {
    boolean isRight = feedback == Feedback.RIGHT;
    boolean isRecorded = isRight || forbid(hit);
    observe(new Observation.Judged(hit.confidence(), true, isRight));
    events.accept(new CacheEvent.Judged(entry, hit.confidence(), Occasion.FEEDBACK, isRight));
    return isRecorded;
  }

  /** Forbids a pair here, and elsewhere. Returns whether the others will know of it. */
  private boolean forbid(Hit hit) {
    Optional<Vector> asked = vector(hit.scope(), hit.asked());
    Optional<Vector> cached = vector(hit.scope(), hit.cached());
    Vetoes.Veto veto =
        new Vetoes.Veto(
            hit.scope(),
            Vetoes.pair(hit.asked(), hit.cached()),
            asked.flatMap(one -> cached.map(other -> new Vetoes.Place(one, other))));
    vetoes.add(veto);
    return shared.report(veto);
  }

  /** Another process, or this one, reported a pair. */
  private void reportedElsewhere(Vetoes.Veto veto) {
    changes.incrementAndGet();
    vetoes.add(veto);
  }

  /** Another process was told that an entry was wrong, and this one may know for what. */
  private void reportedElsewhere(ExactKey entry) {
    served.remove(entry).forEach(hit -> mark(entry, hit, Feedback.WRONG));
  }

  /**
   * Tells other processes that an entry was wrong: they may remember for what they served it.
   *
   * @return whether they will know of it
   */
  boolean reportWrong(ExactKey entry) {
    return shared.report(entry);
  }

  /** Tells other processes what they could not be told before. */
  void settle() {
    shared.settle();
  }

  /** Returns what the application reported as wrong for a question at {@code asked}, or near it. */
  Vetoes.Forbidden forbidden(Scope scope, Vector asked) {
    return vetoes.forbidden(scope, asked);
  }

  /** Returns whether the answer to {@code cached} was reported as wrong for {@code asked}. */
  boolean isReported(Scope scope, String asked, String cached) {
    return vetoes.isReported(scope, asked, cached);
  }

  /** Returns the vector of a question as the matcher compares it; empty where it has none. */
  Optional<Vector> vector(Scope scope, String question) {
    try {
      return embedder != null
              && embedder.embed(matcher.wording().comparable(scope, question))
                  instanceof Embedding.Embedded embedded
          ? Optional.of(embedded.vector())
          : Optional.empty();
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("embedder", e));
      return Optional.empty();
    }
  }

  // --- upkeep -----------------------------------------------------------------------------------

  /** Logs and publishes an operating point that moved. */
  synchronized void reportMovedPoint() {
    OperatingPoint now = point();
    OperatingPoint before = lastPoint;
    if (now == null || before == null || now.equals(before)) {
      return;
    }
    lastPoint = now;
    if (now.origin() == Origin.TIGHTENED) {
      LOG.warn(
          "The matcher was wrong more often than it may be: it now accepts from a confidence of {}"
              + " on, before from {}",
          now.leastConfidence(),
          before.leastConfidence());
    }
    events.accept(new CacheEvent.OperatingPointMoved(before, now));
  }

  private @Nullable OperatingPoint point() {
    try {
      return matcher instanceof LearningMatcher learning
          ? learning.risk().map(RiskReport::point).orElse(null)
          : null;
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("matcher", e));
      return null;
    }
  }

  private void load() {
    try {
      Optional<String> kept = learning.store().load();
      Matcher restored = sharing.hasObservations() ? LearnerSnapshot.NOBODY : matcher;
      if (kept.isPresent() && !LearnerSnapshot.read(kept.get(), embedderId(), restored, vetoes)) {
        LOG.warn(
            "What was learnt before is of another matcher, calibration or embedder, or damaged; it"
                + " is set aside, and learnt anew");
        learning.store().setAside();
      }
    } catch (Exception e) {
      events.accept(new CacheEvent.Trouble("learning-store", e));
    }
  }

  private String embedderId() {
    return embedder == null ? "" : embedder.id();
  }

  /** Saves what was learnt since the last time, on a thread that nobody waits for. */
  void save() {
    submit(saving, this::saveNow);
  }

  /** Called on the thread of {@code saving} only. */
  private void saveNow() {
    long now = changes.get();
    if (now == savedChanges) {
      return;
    }
    try {
      learning.store().save(LearnerSnapshot.write(embedderId(), matcher, vetoes));
      savedChanges = now;
    } catch (Throwable e) {
      events.accept(new CacheEvent.Trouble("learning-store", e));
    }
  }

  /** Stops judging and checking, and saves; each of the two may take a second. */
  @Override
  public void close() {
    checking.shutdownNow();
    end(judging);
    save();
    end(saving);
  }

  private static void end(ThreadPoolExecutor executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
