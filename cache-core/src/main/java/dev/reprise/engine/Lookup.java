package dev.reprise.engine;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl.WrongAnswers;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Document;
import dev.reprise.model.Similarity;
import dev.reprise.policy.Plan;
import dev.reprise.policy.UpstreamTemperature;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Neighbour;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks one request up: first exactly, then by meaning. What it learns on the way is kept for the
 * write-back.
 */
final class Lookup {

  /** What a lookup asks. */
  record Parts(
      ExactTier exact,
      Unanswered unanswered,
      @Nullable GuardedSemanticTier semantic,
      @Nullable Embedder embedder,
      Matcher matcher,
      int candidates,
      DocumentVersions documentVersions,
      Learner learner,
      Turns turns,
      InstantSource clock,
      Consumer<CacheEvent> events) {}

  private static final MatchDecision.Reject FORBIDDEN =
      new MatchDecision.Reject(
          -1, MatchStage.FEEDBACK, "a hit of this pair, or of one near it, was reported as wrong");

  private final Parts parts;
  private final CacheRequest request;
  private final AnswerReader reader;
  private final ExactKey key;
  private final Duration maximumAge;
  private final UpstreamTemperature temperature;
  private final boolean byMeaning;
  private final WrongAnswers wrongAnswers;
  private final Stopwatch watch;
  private @Nullable Question question;
  private @Nullable Vector vector;
  private @Nullable String embeddedText;
  private boolean isExactSilent;
  private Learner.@Nullable Considered accepted;
  private Learner.@Nullable Considered surest;
  private @Nullable NearMiss nearest;
  private @Nullable Matcher deciding;

  Lookup(
      Parts parts,
      CacheRequest request,
      AnswerReader reader,
      ExactKey key,
      Plan plan,
      Plan.Terms terms,
      Stopwatch watch) {
    this.parts = parts;
    this.request = request;
    this.reader = reader;
    this.key = key;
    this.maximumAge = terms.maximumAge();
    this.temperature = terms.temperature();
    this.byMeaning = plan instanceof Plan.ExactThenSemantic;
    this.wrongAnswers = request.control().wrongAnswers();
    this.watch = watch;
  }

  /** Returns whether the request allows fewer wrong answers than the matcher may. */
  private boolean isStrict() {
    return wrongAnswers instanceof WrongAnswers.AtMost atMost && atMost.rate() < 1;
  }

  /** Returns whether no wrong answer at all is allowed, which no matcher can promise. */
  private boolean isExactOnly() {
    return wrongAnswers instanceof WrongAnswers.AtMost atMost && atMost.rate() == 0;
  }

  CacheRequest request() {
    return request;
  }

  ExactKey key() {
    return key;
  }

  /** Returns at which temperature the model is asked. */
  UpstreamTemperature temperature() {
    return temperature;
  }

  Stopwatch watch() {
    return watch;
  }

  /** Returns what of the request can be compared by meaning. */
  Question question() {
    Question known = question;
    if (known == null) {
      known = Canonicalizer.question(request);
      // What an earlier turn was taken for was decided by the bound of that time.
      if (isByMeaning() && !isStrict() && known instanceof Question.Semantic semantic) {
        known = parts.turns().inContext(request, semantic);
      }
      question = known;
    }
    return known;
  }

  /** Returns whether a fresh answer is to be found by meaning, too. */
  boolean isByMeaning() {
    return byMeaning && parts.semantic() != null;
  }

  /** Returns whether the lookup came so far as to embed the question. */
  boolean isEmbedded() {
    return embeddedText != null;
  }

  /** Returns whether the question was embedded, and has a vector. */
  boolean hasVector() {
    return vector != null;
  }

  /** Looks into the exact tier. */
  Optional<Finding> findExact() {
    Optional<ExactTier.Fetched> fetched = fetch(key);
    watch.lap(Stage.EXACT);
    return fetched
        .filter(found -> mayServe(found.entry(), key) && isReadable(found.entry().answer()))
        .map(found -> new Finding.Exact(found.entry(), found.tier()));
  }

  /** Fetches an entry, and remembers whether "none" is an answer or the lack of one. */
  private Optional<ExactTier.Fetched> fetch(ExactKey pointer) {
    int before = parts.unanswered().count();
    Optional<ExactTier.Fetched> fetched = parts.exact().fetch(pointer);
    isExactSilent = fetched.isEmpty() && parts.unanswered().count() != before;
    return fetched;
  }

  /**
   * Returns whether the exact tier left the last fetch without an answer, so that nobody knows
   * whether there is an entry.
   */
  boolean isExactSilent() {
    return isExactSilent;
  }

  /** Looks for a near question in the semantic tier; of no use where no payload can be fetched. */
  Optional<Finding> findSemantic() {
    GuardedSemanticTier semantic = parts.semantic();
    if (!byMeaning || isExactOnly() || semantic == null || !semantic.isAsked() || isExactSilent) {
      return Optional.empty();
    }
    try {
      return question() instanceof Question.Semantic asked
          ? findSemantic(semantic, asked)
          : Optional.empty();
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("lookup", e));
      return Optional.empty();
    }
  }

  private Optional<Finding> findSemantic(GuardedSemanticTier semantic, Question.Semantic asked) {
    Vector query = embed(asked.text());
    watch.lap(Stage.EMBED);
    if (query == null) {
      return Optional.empty();
    }
    int before = parts.unanswered().count();
    List<Neighbour> neighbours = semantic.search(asked.fingerprint(), query, parts.candidates());
    watch.lap(Stage.SEARCH);
    accepted = null;
    surest = null;
    nearest = null;
    Optional<Finding> finding = firstAccepted(semantic, asked, query, neighbours);
    if (accepted != null) {
      parts.learner().hit(accepted);
      parts.turns().answered(key, accepted.entry());
    } else if (parts.unanswered().count() == before) {
      parts.learner().missed(surest);
    }
    watch.lap(Stage.MATCH);
    return finding;
  }

  /** Returns the candidate whose answer was found by meaning, if one was. */
  Optional<Learner.Considered> accepted() {
    return Optional.ofNullable(accepted);
  }

  /** Returns the surest candidate that was rejected, if the lookup by meaning missed. */
  Optional<Learner.Considered> surest() {
    return Optional.ofNullable(accepted == null ? surest : null);
  }

  /** Returns the same for people. */
  Optional<NearMiss> nearest() {
    return Optional.ofNullable(accepted == null ? nearest : null);
  }

  /**
   * Embeds the comparable form of {@code question}, unless that was done last; null where it is too
   * long or the embedder fails.
   */
  private @Nullable Vector embed(String question) {
    Embedder embedder = parts.embedder();
    String text = comparable(question);
    if (embedder == null || text.equals(embeddedText)) {
      return vector;
    }
    embeddedText = text;
    vector = null;
    try {
      if (embedder.embed(text) instanceof Embedder.Embedding.Embedded embedded) {
        vector = embedded.vector();
      }
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("embedder", e));
    }
    return vector;
  }

  /**
   * Returns the vector of {@code question} for its row. Where the answer taught the matcher
   * something about the question, that is another one than was searched for.
   */
  Optional<Vector> vectorToStore(String question) {
    return Optional.ofNullable(embed(question));
  }

  private String comparable(String question) {
    try {
      return parts.matcher().comparable(request.scope(), question);
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("matcher", e));
      return question;
    }
  }

  /** Tells the matcher that the answer to this request has been stored. */
  void stored(String question, Answer answer) {
    try {
      parts.matcher().stored(request.scope(), question, answer);
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("matcher", e));
    }
  }

  private Optional<Finding> firstAccepted(
      GuardedSemanticTier semantic,
      Question.Semantic asked,
      Vector query,
      List<Neighbour> neighbours) {
    Similarity floor = parts.matcher().floor();
    List<Similarity> around = similarities(neighbours);
    Vetoes.Forbidden forbidden = parts.learner().forbidden(request.scope(), query);
    for (int i = 0; i < neighbours.size(); i++) {
      Neighbour neighbour = neighbours.get(i);
      if (!neighbour.similarity().isAtLeast(floor)) {
        break;
      }
      Loaded loaded = load(neighbour, asked, i + 1, around);
      if (isExactSilent) {
        break;
      }
      if (loaded instanceof Loaded.Dangling) {
        semantic.removeLater(neighbour.pointer());
      } else if (loaded instanceof Loaded.Ready ready) {
        MatchDecision decision =
            isForbidden(forbidden, ready.candidate()) ? FORBIDDEN : decide(ready.candidate());
        Learner.Considered considered =
            new Learner.Considered(ready.entry(), ready.candidate(), decision.confidence());
        if (decision instanceof MatchDecision.Reject reject) {
          rejected(considered, reject);
        } else if (isReadable(ready.entry().answer())) {
          accepted = considered;
          return Optional.of(
              new Finding.Semantic(ready.entry(), neighbour.similarity(), decision.confidence()));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Similarity> similarities(List<Neighbour> neighbours) {
    return neighbours.stream().map(Neighbour::similarity).toList();
  }

  private void rejected(Learner.Considered considered, MatchDecision.Reject reject) {
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
    parts
        .events()
        .accept(new CacheEvent.Rejected(considered.entry().key(), reject.stage(), reject.why()));
  }

  /** What lies behind a neighbour. */
  private sealed interface Loaded {
    /** An entry that may be served, if the matcher accepts it. */
    record Ready(Entry entry, MatchCandidate candidate) implements Loaded {}

    /** An entry that may not be served for this request. */
    record Unusable(String why) implements Loaded {}

    /** No entry any more. */
    record Dangling() implements Loaded {}
  }

  private Loaded load(
      Neighbour neighbour, Question.Semantic asked, int rank, List<Similarity> around) {
    if (!neighbour.fingerprint().equals(asked.fingerprint())) {
      return new Loaded.Unusable("it is not of the same scope, model and context");
    }
    Optional<ExactTier.Fetched> payload = fetch(neighbour.pointer());
    if (payload.isEmpty()) {
      return new Loaded.Dangling();
    }
    Entry entry = payload.get().entry();
    if (!(entry.question() instanceof Question.Semantic cached)
        || !cached.fingerprint().equals(asked.fingerprint())) {
      return new Loaded.Unusable("its entry is another one's");
    }
    if (!mayServe(entry, neighbour.pointer())) {
      return new Loaded.Unusable(
          "its entry has expired, is too old, or was made from a document that changed");
    }
    return new Loaded.Ready(
        entry,
        new MatchCandidate(
            request.scope(),
            asked.text(),
            cached.text(),
            entry.answer(),
            neighbour.similarity(),
            rank,
            around));
  }

  private boolean isForbidden(Vetoes.Forbidden forbidden, MatchCandidate candidate) {
    return forbidden.has(
        candidate.asked(),
        candidate.cached(),
        () -> parts.learner().vector(candidate.scope(), candidate.cached()));
  }

  /** Returns the matcher, within what the request allows. */
  private Matcher deciding() {
    Matcher known = deciding;
    if (known == null) {
      known =
          isStrict() && wrongAnswers instanceof WrongAnswers.AtMost atMost
              ? parts.matcher().within(WrongAnswerBound.perLookup(atMost.rate()))
              : parts.matcher();
      deciding = known;
    }
    return known;
  }

  private MatchDecision decide(MatchCandidate candidate) {
    try {
      return deciding().decide(candidate);
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("matcher", e));
      return new MatchDecision.Reject(-1, "the matcher failed");
    }
  }

  /** Looks up without serving, counting or learning anything, and says what it saw. */
  LookupExplanation explain() {
    Optional<String> tier =
        findExact()
            .filter(Finding.Exact.class::isInstance)
            .map(found -> ((Finding.Exact) found).tier());
    GuardedSemanticTier semantic = parts.semantic();
    if (!byMeaning) {
      return explanation(tier, "its use case is matched exactly only");
    }
    if (isExactOnly()) {
      return explanation(tier, "the request allows no wrong answer: exact hits only");
    }
    if (semantic == null) {
      return explanation(tier, "the engine has no semantic tier");
    }
    if (!(question() instanceof Question.Semantic asked)) {
      return explanation(tier, ((Question.ExactOnly) question()).why());
    }
    Vector query = embed(asked.text());
    if (query == null) {
      return explanation(
          tier, "the question is longer than the embedder's window, or the embedder failed");
    }
    int before = parts.unanswered().count();
    List<Neighbour> neighbours = semantic.search(asked.fingerprint(), query, parts.candidates());
    if (parts.unanswered().count() != before) {
      return explanation(tier, "the semantic tier did not answer");
    }
    List<Similarity> around = similarities(neighbours);
    Vetoes.Forbidden forbidden = parts.learner().forbidden(request.scope(), query);
    List<LookupExplanation.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < neighbours.size(); i++) {
      candidates.add(explain(neighbours.get(i), asked, forbidden, i + 1, around));
    }
    return new LookupExplanation(
        Optional.empty(),
        Optional.of(key),
        tier,
        Optional.of(comparable(asked.text())),
        candidates.isEmpty() ? "nothing near is cached" : "",
        candidates);
  }

  private MatchExplanation explanation(MatchCandidate candidate) {
    try {
      return deciding().explain(candidate);
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("matcher", e));
      return MatchExplanation.of(new MatchDecision.Reject(-1, "the matcher failed"));
    }
  }

  private LookupExplanation explanation(Optional<String> tier, String note) {
    return new LookupExplanation(
        Optional.empty(), Optional.of(key), tier, Optional.empty(), note, List.of());
  }

  private LookupExplanation.Candidate explain(
      Neighbour neighbour,
      Question.Semantic asked,
      Vetoes.Forbidden forbidden,
      int rank,
      List<Similarity> around) {
    Loaded loaded = load(neighbour, asked, rank, around);
    if (loaded instanceof Loaded.Ready ready) {
      return new LookupExplanation.Candidate(
          neighbour.pointer(),
          ready.candidate().cached(),
          neighbour.similarity(),
          isForbidden(forbidden, ready.candidate())
              ? MatchExplanation.of(FORBIDDEN)
              : explanation(ready.candidate()));
    }
    String gone = isExactSilent ? "the exact tier did not answer" : "its entry is gone";
    String why = loaded instanceof Loaded.Unusable unusable ? unusable.why() : gone;
    return new LookupExplanation.Candidate(
        neighbour.pointer(),
        "",
        neighbour.similarity(),
        MatchExplanation.of(new MatchDecision.Reject(-1, MatchStage.MATCHER, why)));
  }

  /** Returns whether the request's door can read {@code answer}. */
  boolean isReadable(Answer answer) {
    try {
      reader.read(answer);
      return true;
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("payload", e));
      return false;
    }
  }

  /** Returns whether what another request found may be served for this one. */
  boolean mayServe(Finding finding) {
    if (finding instanceof Finding.Semantic && isStrict()) {
      // It was found by the finder's bound.
      return false;
    }
    Entry entry = finding.entry();
    return mayServe(entry, entry.key()) && isReadable(entry.answer());
  }

  /** Returns whether {@code entry} may be served for this request, whoever found it. */
  boolean mayServe(Entry entry, ExactKey pointer) {
    Instant now = parts.clock().instant();
    return entry.key().equals(pointer)
        && !entry.isExpired(now)
        && entry.age(now).compareTo(maximumAge) <= 0
        && documentsAreCurrent(entry);
  }

  private boolean documentsAreCurrent(Entry entry) {
    try {
      for (Document document : entry.answer().documents()) {
        if (!parts.documentVersions().isCurrent(document)) {
          return false;
        }
      }
      return true;
    } catch (Throwable e) {
      parts.events().accept(new CacheEvent.Trouble("documents", e));
      return false;
    }
  }
}
