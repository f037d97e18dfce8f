package dev.reprise.engine;

import dev.reprise.engine.SearchTrace.Embedded;
import dev.reprise.engine.SearchTrace.End;
import dev.reprise.key.Question;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchStage;
import dev.reprise.model.Similarity;
import dev.reprise.tier.Entry;
import dev.reprise.tier.FetchResult;
import dev.reprise.tier.Neighbour;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One walk along the neighbours of a question. Used by one thread. */
final class NeighbourWalk {
  static final MatchDecision.Reject FORBIDDEN =
      new MatchDecision.Reject(
          -1, MatchStage.FEEDBACK, "a hit of this pair, or of one near it, was reported as wrong");

  private static final MatchDecision.Reject HOPELESS =
      new MatchDecision.Reject(
          -1, MatchStage.MATCHER, "not read: what was read of nearer ones leaves it no chance");

  private final SemanticSearch search;
  private final EngineTiers tiers;
  private final GuardedSemanticTier semantic;
  private final SemanticSearch.Query query;
  private final List<Neighbour> neighbours;
  private final List<Similarity> around;
  private final GuardedMatcher deciding;
  private final Vetoes.Forbidden forbidden;
  private final Prospects prospects = new Prospects();
  private final List<SearchTrace.Candidate> candidates = new ArrayList<>();
  private Learner.@Nullable Considered accepted;
  private Learner.@Nullable Considered surest;
  private @Nullable NearMiss nearest;
  private boolean isUnavailable;

  /** What lies behind a neighbour. */
  private sealed interface Loaded {
    /** An entry that may be served, if the matcher accepts it. */
    record Ready(Entry entry, MatchCandidate candidate) implements Loaded {}

    /** An entry that may not be served for this request. */
    record Unusable(String why) implements Loaded {}

    /** No entry any more. */
    record Dangling() implements Loaded {}

    /** The exact tier did not answer. */
    record Unavailable() implements Loaded {}
  }

  /** What decides about the candidates of one question, whatever they are. */
  record Rules(GuardedMatcher deciding, Vetoes.Forbidden forbidden) {}

  NeighbourWalk(
      SemanticSearch search,
      EngineTiers tiers,
      GuardedSemanticTier semantic,
      SemanticSearch.Query query,
      Rules rules,
      List<Neighbour> neighbours) {
    this.search = search;
    this.tiers = tiers;
    this.semantic = semantic;
    this.query = query;
    this.neighbours = neighbours;
    this.around = neighbours.stream().map(Neighbour::similarity).toList();
    this.deciding = rules.deciding();
    this.forbidden = rules.forbidden();
  }

  /**
   * Looks at the neighbours: until one is accepted or none has a chance, or at all of them to
   * explain.
   */
  void walk() {
    boolean isExplained = query.purpose() == SemanticSearch.Purpose.EXPLAIN;
    if (!isExplained && !neighbours.isEmpty()) {
      search.dangling().searched();
    }
    Similarity floor = search.floor();
    for (int i = 0; i < neighbours.size(); i++) {
      Neighbour neighbour = neighbours.get(i);
      if (!isExplained
          && (!neighbour.similarity().isAtLeast(floor)
              || prospects.areGone(neighbour.similarity()))) {
        return;
      }
      Loaded loaded = load(neighbour, i + 1);
      if (!isExplained && loaded instanceof Loaded.Unavailable) {
        return;
      }
      judge(neighbour, loaded);
      if (!isExplained && accepted != null) {
        return;
      }
    }
  }

  private void judge(Neighbour neighbour, Loaded loaded) {
    if (loaded instanceof Loaded.Ready ready) {
      decide(neighbour, ready);
    } else if (loaded instanceof Loaded.Unusable unusable) {
      rejected(neighbour, unusable.why());
    } else if (loaded instanceof Loaded.Unavailable) {
      rejected(neighbour, "the exact tier did not answer");
    } else {
      rejected(neighbour, "its entry is gone");
      if (query.purpose() == SemanticSearch.Purpose.SERVE) {
        search.dangling().found();
        semantic.removeLater(neighbour.pointer());
      }
    }
  }

  private void rejected(Neighbour neighbour, String why) {
    candidates.add(
        new SearchTrace.Candidate(
            neighbour.pointer(),
            "",
            neighbour.similarity(),
            MatchExplanation.of(new MatchDecision.Reject(-1, MatchStage.MATCHER, why))));
  }

  private void decide(Neighbour neighbour, Loaded.Ready ready) {
    MatchExplanation matched = match(ready);
    MatchExplanation match = search.promotion().limit(ready.entry(), query.asker(), matched);
    Learner.Considered considered =
        new Learner.Considered(
            ready.entry(),
            ready.candidate(),
            match.decision().confidence(),
            Promotion.standing(match));
    if (query.purpose() == SemanticSearch.Purpose.SERVE && matched.isSameWording()) {
      search.promotion().asked(ready.entry(), query.asker());
    }
    candidates.add(
        new SearchTrace.Candidate(
            neighbour.pointer(), ready.candidate().cached(), neighbour.similarity(), match));
    if (match.decision() instanceof MatchDecision.Reject reject) {
      prospects.rejected(neighbour.similarity(), reject);
      rejected(considered, reject, match.language());
    } else if (accepted == null && query.servable().isReadable(ready.entry().answer())) {
      accepted = considered;
    }
  }

  private MatchExplanation match(Loaded.Ready ready) {
    MatchCandidate candidate = ready.candidate();
    boolean isForbidden =
        forbidden.has(
            candidate.asked(),
            candidate.cached(),
            () -> search.embed(candidate.scope(), candidate.cached()).vector());
    if (isForbidden) {
      return MatchExplanation.of(FORBIDDEN);
    }
    if (prospects.areGone(candidate.similarity())) {
      return MatchExplanation.of(HOPELESS);
    }
    // An explanation also tells the language, and whether the wording alone was enough.
    return deciding.explain(candidate);
  }

  private void rejected(
      Learner.Considered considered, MatchDecision.Reject reject, String language) {
    if (surest == null || considered.confidence() > surest.confidence()) {
      surest = considered;
      nearest =
          new NearMiss(
              considered.entry().key(),
              considered.candidate().cached(),
              considered.candidate().similarity(),
              considered.confidence(),
              reject.stage(),
              reject.why());
    }
    if (query.purpose() == SemanticSearch.Purpose.SERVE) {
      search.emit(
          new CacheEvent.Rejected(
              considered.entry().key(), reject.stage(), reject.why(), language));
    }
  }

  private Loaded load(Neighbour neighbour, int rank) {
    if (!neighbour.fingerprint().equals(query.asked().fingerprint())) {
      return new Loaded.Unusable("it is not of the same scope, model and context");
    }
    FetchResult fetched = tiers.exact().tryFetch(neighbour.pointer());
    if (!(fetched instanceof FetchResult.Found found)) {
      isUnavailable |= fetched.isUnavailable();
      return fetched.isUnavailable() ? new Loaded.Unavailable() : new Loaded.Dangling();
    }
    Entry entry = found.fetched().entry();
    if (!(entry.question() instanceof Question.Semantic cached)
        || !cached.fingerprint().equals(query.asked().fingerprint())) {
      return new Loaded.Unusable("its entry is another one's");
    }
    if (!query.servable().mayServe(entry, neighbour.pointer())) {
      return new Loaded.Unusable(
          "its entry has expired, is too old, or was made from a document that changed");
    }
    return new Loaded.Ready(
        entry,
        new MatchCandidate(
            query.scope(),
            query.asked().text(),
            cached.text(),
            entry.answer(),
            neighbour.similarity(),
            rank,
            around));
  }

  /** Returns whether the exact tier did not answer when a payload was fetched. */
  boolean isUnavailable() {
    return isUnavailable;
  }

  /** Returns what the walk saw. */
  SearchTrace trace(Embedded embedded, End end) {
    return new SearchTrace(
        Optional.of(embedded),
        end,
        candidates,
        Optional.ofNullable(accepted),
        Optional.ofNullable(surest),
        Optional.ofNullable(nearest),
        CuratedSearch.Seen.NOTHING);
  }
}
