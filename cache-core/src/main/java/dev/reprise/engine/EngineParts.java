package dev.reprise.engine;

import dev.reprise.curated.CuratedAnswers;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.EmbeddingJudge;
import dev.reprise.match.Matcher;
import dev.reprise.tier.SharedLog;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The parts of an engine. Each has a class of its own. This one connects them. */
record EngineParts(
    LongSupplier nanoseconds,
    EventHub events,
    EngineThreads threads,
    WriteBehind writeBehind,
    EngineTiers tiers,
    Matcher matcher,
    Learner learner,
    SharedLearning sharing,
    Planner planner,
    RefusedTemperatures refusedTemperatures,
    Lookup.Parts lookups,
    WriteBack writeBack,
    Feedbacks feedbacks,
    CuratedAnswers curated,
    CuratedSearch curatedSearch,
    CallParts calls) {
  /** How often the engine checks whether the matcher's operating point moved. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

  /** How often learned counts are sent to the other engines. */
  private static final Duration SHARE_INTERVAL = Duration.ofSeconds(1);

  /** How often the row of an entry that is hit exactly is looked for again. */
  private static final Duration ROWS_INTERVAL = Duration.ofHours(1);

  /** How often the learner is saved. */
  private static final Duration SAVE_INTERVAL = Duration.ofSeconds(30);

  static EngineParts of(CacheEngineBuilder<?> options) {
    // First, since it may throw: no thread is started yet.
    Matcher matcher = options.matcher();
    EventHub events = new EventHub(options.allListeners(), options.requestListeners);
    EngineThreads threads = new EngineThreads(options.followerWait);
    WriteBehind writeBehind = new WriteBehind(options.writeQueueCapacity, options.closeWait);
    EngineTiers tiers = new EngineTiers(options, threads, events, writeBehind);
    SharedLearning sharing =
        new SharedLearning(
            tiers.exact(),
            options.embedder == null ? "" : options.embedder.id(),
            matcher,
            events::emit);
    Promotion promotion = new Promotion(options.promotionAfter, sharing);
    Learner learner =
        new Learner(
            options.learning,
            matcher,
            options.embedder,
            tiers.exact().sharedLog(SharedLog.Topic.REPORTS).orElse(null),
            sharing,
            promotion,
            events::emit);
    ConversationContext context = new ConversationContext(tiers.exact(), sharing, learner);
    sharing.follow(context::answeredElsewhere, promotion::changed);
    RefusedTemperatures refused = new RefusedTemperatures();
    GuardedMatcher guarded = new GuardedMatcher(matcher, events);
    GuardedEmbedder embedder = new GuardedEmbedder(options.embedder, events, options.nanoseconds);
    CuratedAnswers curated =
        CuratedAnswers.on(tiers.exact(), options.clock, options.curatedEntries);
    CuratedSearch curatedSearch =
        new CuratedSearch(curated, embedder, guarded, learner, options.candidates, events);
    SemanticSearch search =
        search(options, tiers, embedder, guarded, learner, curatedSearch, promotion, events);
    CuratedJudge curatedJudge =
        new CuratedJudge(
            curated, options.curatedByJudge, judge(options), learner, options.clock, events);
    WriteBack writeBack =
        new WriteBack(tiers, search, guarded, learner, curatedJudge, writeBehind, options, events);
    Hits hits = new Hits(options.pricing, options.clock, learner, writeBack, events);
    Comparisons comparisons = new Comparisons(judge(options), learner, options.clock, events);
    return new EngineParts(
        options.nanoseconds,
        events,
        threads,
        writeBehind,
        tiers,
        matcher,
        learner,
        sharing,
        new Planner(options.policy, options.mode, options.contributors, refused, events),
        refused,
        new Lookup.Parts(
            tiers,
            search,
            curatedSearch,
            context,
            promotion,
            options.documentVersions,
            options.clock,
            events),
        writeBack,
        new Feedbacks(tiers, writeBack, learner, promotion, context, curatedSearch),
        curated,
        curatedSearch,
        new CallParts(
            new FlightTable(),
            tiers.sharedFlights(),
            new FreshAnswers(writeBack, hits, comparisons),
            hits,
            events.stats(),
            threads,
            options.nanoseconds));
  }

  /**
   * Returns the judge of the learning. Where nothing is learnt, the engine's own embedder compares
   * answers, so that shadow mode and curated answers have a judge without further settings.
   */
  private static AnswerJudge judge(CacheEngineBuilder<?> options) {
    AnswerJudge judge = options.learning.judge();
    return judge == AnswerJudge.NONE && options.embedder != null
        ? EmbeddingJudge.of(options.embedder)
        : judge;
  }

  private static SemanticSearch search(
      CacheEngineBuilder<?> options,
      EngineTiers tiers,
      GuardedEmbedder embedder,
      GuardedMatcher matcher,
      Learner learner,
      CuratedSearch curated,
      Promotion promotion,
      EventHub events) {
    return new SemanticSearch(
        tiers,
        embedder,
        matcher,
        learner,
        curated,
        promotion,
        new SearchBudget(options.searchesAtOnce, options.searchWait),
        options.candidates,
        events);
  }

  /** Starts the background tasks. */
  void start(CacheEngineBuilder<?> options) {
    threads.schedule(tiers::probe, options.probeInterval);
    threads.schedule(writeBack::repair, options.probeInterval);
    threads.schedule(writeBack::forgetKnownRows, ROWS_INTERVAL);
    threads.schedule(learner::settle, options.probeInterval);
    threads.schedule(tiers::sweep, options.sweepInterval);
    threads.schedule(learner::reportMovedPoint, LOOK_INTERVAL);
    threads.schedule(sharing::share, SHARE_INTERVAL);
    threads.schedule(learner::save, SAVE_INTERVAL);
    threads.schedule(curatedSearch::upkeep, SHARE_INTERVAL);
  }

  /** Finishes queued writes within the close wait, and closes every part. */
  void close() {
    planner.close();
    threads.stopMaintenance();
    writeBehind.close();
    EngineTiers.quietly(curatedSearch::close);
    EngineTiers.quietly(learner::close);
    EngineTiers.quietly(sharing::shareAll);
    tiers.close();
    threads.close();
  }
}
