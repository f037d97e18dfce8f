package dev.reprise.engine;

import dev.reprise.embed.Vector;
import dev.reprise.engine.SearchTrace.Embedded;
import dev.reprise.engine.SearchTrace.End;
import dev.reprise.key.Question;
import dev.reprise.model.CacheControl.WrongAnswers;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.tier.Neighbour;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches for a near question: embeds, asks the semantic tier, and lets the matcher decide about
 * each neighbour. Safe for use by several threads.
 */
final class SemanticSearch {
  private final EngineTiers tiers;
  private final GuardedEmbedder embedder;
  private final GuardedMatcher matcher;
  private final Learner learner;
  private final CuratedSearch curated;
  private final Promotion promotion;
  private final SearchBudget budget;
  private final int limit;
  private final EventHub events;

  /** Whether a search serves, and stops at the first accepted candidate, or explains them all. */
  enum Purpose {
    SERVE,
    EXPLAIN
  }

  /** What is searched for. */
  record Query(
      CacheRequest request,
      Question.Semantic asked,
      WrongAnswers wrongAnswers,
      Servable servable,
      Purpose purpose) {
    Scope scope() {
      return request.scope();
    }

    /** Returns who asks; null if unknown. */
    @Nullable Contributor asker() {
      return request.control().contributor();
    }

    /** Returns whether the request allows fewer wrong answers than the matcher may. */
    boolean isStrict() {
      return isStrict(wrongAnswers);
    }

    static boolean isStrict(WrongAnswers wrongAnswers) {
      return wrongAnswers instanceof WrongAnswers.AtMost atMost && atMost.rate() < 1;
    }

    /** Returns whether no wrong answer at all is allowed, which no matcher can promise. */
    static boolean isExactOnly(WrongAnswers wrongAnswers) {
      return wrongAnswers instanceof WrongAnswers.AtMost atMost && atMost.rate() == 0;
    }
  }

  private final DanglingRows dangling = new DanglingRows();

  SemanticSearch(
      EngineTiers tiers,
      GuardedEmbedder embedder,
      GuardedMatcher matcher,
      Learner learner,
      CuratedSearch curated,
      Promotion promotion,
      SearchBudget budget,
      int limit,
      EventHub events) {
    this.tiers = tiers;
    this.embedder = embedder;
    this.matcher = matcher;
    this.learner = learner;
    this.curated = curated;
    this.promotion = promotion;
    this.budget = budget;
    this.limit = limit;
    this.events = events;
  }

  /** Returns whether there is a semantic tier that answers, or curated answers. */
  boolean isAsked() {
    return !curated.isEmpty() || isTierAsked();
  }

  private boolean isTierAsked() {
    GuardedSemanticTier semantic = tiers.semantic();
    return semantic != null && semantic.isAsked();
  }

  /** Searches; where too many do so already, the trace says so. */
  SearchTrace run(Query query, Stopwatch watch) {
    GuardedSemanticTier semantic = tiers.semantic();
    if (semantic == null) {
      return SearchTrace.ended(End.NO_TIER);
    }
    if (!budget.enter()) {
      events.emit(new CacheEvent.SearchSkipped());
      return SearchTrace.ended(End.BUSY);
    }
    try {
      return run(semantic, query, watch);
    } finally {
      budget.leave();
    }
  }

  private SearchTrace run(GuardedSemanticTier semantic, Query query, Stopwatch watch) {
    Embedded embedded = embed(query.scope(), query.asked().text());
    watch.lap(Stage.EMBED);
    if (embedded.vector().isEmpty()) {
      return SearchTrace.ended(End.NO_VECTOR, Optional.of(embedded));
    }
    Vector vector = embedded.vector().get();
    NeighbourWalk.Rules rules =
        new NeighbourWalk.Rules(deciding(query), learner.forbidden(query.scope(), vector));
    CuratedSearch.Seen seen = curated.near(query, vector, rules);
    watch.lap(Stage.MATCH);
    boolean isServed = query.purpose() == Purpose.SERVE;
    if (isServed && seen.found().isPresent()) {
      return SearchTrace.ended(End.ANSWERED, Optional.of(embedded)).with(seen);
    }
    if (isServed && !isTierAsked()) {
      return SearchTrace.ended(End.UNAVAILABLE, Optional.of(embedded)).with(seen);
    }
    Optional<List<Neighbour>> answer = semantic.search(query.asked().fingerprint(), vector, limit);
    List<Neighbour> neighbours = answer.orElse(List.of());
    watch.lap(Stage.SEARCH);
    NeighbourWalk walk = new NeighbourWalk(this, tiers, semantic, query, rules, neighbours);
    walk.walk();
    End end = answer.isEmpty() || walk.isUnavailable() ? End.UNAVAILABLE : End.ANSWERED;
    SearchTrace trace = walk.trace(embedded, end).with(seen);
    if (isServed) {
      tell(trace);
    }
    watch.lap(Stage.MATCH);
    return trace;
  }

  /** Returns the matcher, within what the request allows. */
  private GuardedMatcher deciding(Query query) {
    return query.isStrict() && query.wrongAnswers() instanceof WrongAnswers.AtMost atMost
        ? matcher.within(atMost.rate())
        : matcher;
  }

  /** Returns the least similarity that the matcher could ever accept. */
  Similarity floor() {
    return matcher.floor();
  }

  /** Returns the rule that limits what other contributors stored. */
  Promotion promotion() {
    return promotion;
  }

  /** Returns the counter of rows whose answer is gone. */
  DanglingRows dangling() {
    return dangling;
  }

  void emit(CacheEvent event) {
    events.emit(event);
  }

  /** Tells the learner how a search for an answer ended. */
  private void tell(SearchTrace trace) {
    if (trace.accepted().isPresent()) {
      learner.hit(trace.accepted().get());
    } else if (trace.end() == End.ANSWERED) {
      learner.missed(trace.surest().orElse(null));
    }
  }

  /** Embeds the comparable form of {@code question}. */
  Embedded embed(Scope scope, String question) {
    String text = matcher.comparable(scope, question);
    return new Embedded(text, embedder.embed(text));
  }

  /**
   * Embeds the comparable form of {@code question} again, where the matcher has learnt another one
   * since.
   */
  Embedded embedAgain(Scope scope, String question, Optional<Embedded> before) {
    String text = matcher.comparable(scope, question);
    return before
        .filter(known -> known.text().equals(text))
        .orElseGet(() -> new Embedded(text, embedder.embed(text)));
  }
}
