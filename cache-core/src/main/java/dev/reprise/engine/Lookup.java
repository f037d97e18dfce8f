package dev.reprise.engine;

import dev.reprise.engine.SearchTrace.End;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl.WrongAnswers;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.policy.Admission;
import dev.reprise.policy.UpstreamTemperature;
import dev.reprise.tier.Entry;
import dev.reprise.tier.FetchResult;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks one request up: first exactly, then by meaning. It keeps what the search saw for the
 * write-back. Used by one thread at a time.
 */
final class Lookup {

  /** What an explanation calls the curated answers. */
  private static final String CURATED = "curated";

  /** What lookups ask. */
  record Parts(
      EngineTiers tiers,
      SemanticSearch search,
      CuratedSearch curated,
      ConversationContext context,
      Promotion promotion,
      DocumentVersions documentVersions,
      InstantSource clock,
      EventHub events) {}

  private final Parts parts;
  private final Planned.Cached planned;
  private final Servable servable;
  private final Stopwatch watch;
  private @Nullable Question question;
  private boolean isExactUnavailable;
  private SearchTrace trace = SearchTrace.ended(End.NOT_SEARCHED);
  private @Nullable Withheld withheld;

  /**
   * What shadow mode found and did not serve.
   *
   * @param timings where the time went until it was found
   */
  record Withheld(Finding finding, Timings timings) {}

  Lookup(Parts parts, Planned.Cached planned, AnswerReader reader, Stopwatch watch) {
    this.parts = parts;
    this.planned = planned;
    this.watch = watch;
    this.servable =
        new Servable(
            planned.terms().maximumAge(),
            planned.request().control().maximumAge(),
            reader,
            parts.clock(),
            parts.documentVersions(),
            parts.events());
  }

  Planned.Cached planned() {
    return planned;
  }

  CacheRequest request() {
    return planned.request();
  }

  ExactKey key() {
    return planned.key();
  }

  /** Returns at which temperature the model is asked. */
  UpstreamTemperature temperature() {
    return planned.terms().temperature();
  }

  Stopwatch watch() {
    return watch;
  }

  /** Returns what the search by meaning saw, if there was one. */
  SearchTrace trace() {
    return trace;
  }

  private WrongAnswers wrongAnswers() {
    return planned.request().control().wrongAnswers();
  }

  /** Returns who asks; null if unknown. */
  private @Nullable Contributor asker() {
    return planned.request().control().contributor();
  }

  private boolean isStrict() {
    return SemanticSearch.Query.isStrict(wrongAnswers());
  }

  /** Returns what of the request can be compared by meaning. */
  Question question() {
    Question known = question;
    if (known == null) {
      known = Canonicalizer.question(request());
      // What an earlier turn was taken for was decided by the bound of that time.
      if (isByMeaning() && !isStrict() && known instanceof Question.Semantic semantic) {
        known = parts.context().inContext(request(), semantic);
      }
      question = known;
    }
    return known;
  }

  /** Returns whether a fresh answer is to be found by meaning, too. */
  boolean isByMeaning() {
    return planned.isByMeaning() && parts.tiers().semantic() != null;
  }

  /** Returns what shadow mode found and did not serve. */
  Optional<Withheld> withheld() {
    return Optional.ofNullable(withheld);
  }

  /** Returns what is served of a finding: in shadow mode nothing, which keeps it aside. */
  private Optional<Finding> served(Optional<Finding> found) {
    if (!planned.isShadow()) {
      return found;
    }
    found.ifPresent(finding -> withheld = new Withheld(finding, watch.timings()));
    return Optional.empty();
  }

  /**
   * Remembers that {@code answer} was given where live mode would have served {@code entry}, so
   * that follow-ups meet as they would have.
   */
  void answeredInsteadOf(Entry entry, Answer answer) {
    parts.context().answered(key(), entry, answer.text());
  }

  /** Returns whether the exact tier did not answer when it was asked last. */
  boolean isExactUnavailable() {
    return isExactUnavailable;
  }

  /** Looks into the exact tier. */
  Optional<Finding> findExact() {
    Optional<Finding> found = exact();
    found.ifPresent(finding -> parts.promotion().asked(finding.entry(), asker()));
    return served(found);
  }

  /** A curated answer to the same words counts more than what a model said. */
  private Optional<Finding> exact() {
    Optional<Finding> curated = parts.curated().equal(request(), servable.reader());
    if (curated.isPresent()) {
      watch.lap(Stage.EXACT);
      return curated;
    }
    FetchResult fetched = parts.tiers().exact().tryFetch(key());
    isExactUnavailable = fetched.isUnavailable();
    watch.lap(Stage.EXACT);
    return fetched
        .asOptional()
        .filter(found -> servable.mayServe(found.entry(), key()))
        .filter(found -> servable.isReadable(found.entry().answer()))
        .map(found -> new Finding.Exact(found.entry(), found.tier()));
  }

  /** Looks again where a flight landed since the last look, and then by meaning. */
  Optional<Finding> findAsLeader(boolean hasLanded) {
    Optional<Finding> found =
        hasLanded && !isExactUnavailable ? findExact() : Optional.<Finding>empty();
    return found.isPresent() ? found : findSemantic();
  }

  /** Looks for a near question; of no use where no payload can be fetched. */
  Optional<Finding> findSemantic() {
    if (isExactUnavailable || withheld != null || !parts.search().isAsked()) {
      return Optional.empty();
    }
    trace = search(SemanticSearch.Purpose.SERVE);
    trace
        .accepted()
        .map(Learner.Considered::entry)
        .ifPresent(entry -> parts.context().answered(key(), entry, entry.answer().text()));
    return served(trace.finding());
  }

  private SearchTrace search(SemanticSearch.Purpose purpose) {
    if (!planned.isByMeaning()) {
      return SearchTrace.ended(End.NOT_SEARCHED);
    }
    if (SemanticSearch.Query.isExactOnly(wrongAnswers())) {
      return SearchTrace.ended(End.EXACT_ONLY);
    }
    if (parts.tiers().semantic() == null) {
      return SearchTrace.ended(End.NO_TIER);
    }
    try {
      return question() instanceof Question.Semantic asked
          ? parts
              .search()
              .run(
                  new SemanticSearch.Query(request(), asked, wrongAnswers(), servable, purpose),
                  watch)
          : SearchTrace.ended(End.NOT_COMPARABLE);
    } catch (Throwable e) {
      parts.events().trouble("lookup", e);
      return SearchTrace.ended(End.UNAVAILABLE);
    }
  }

  /** Looks up without serving, counting or learning anything, and says what it saw. */
  LookupExplanation explain() {
    Optional<String> tier = exact().map(Lookup::tier);
    SearchTrace seen = search(SemanticSearch.Purpose.EXPLAIN);
    return new LookupExplanation(
        Optional.empty(),
        Optional.of(key()),
        tier,
        seen.end() == End.ANSWERED
            ? seen.embedded().map(SearchTrace.Embedded::text)
            : Optional.empty(),
        note(seen),
        Stream.concat(seen.curated().candidates().stream(), seen.candidates().stream())
            .map(
                candidate ->
                    new LookupExplanation.Candidate(
                        candidate.pointer(),
                        candidate.question(),
                        candidate.similarity(),
                        candidate.match()))
            .toList());
  }

  private static String tier(Finding found) {
    return found instanceof Finding.Exact exact ? exact.tier() : CURATED;
  }

  private String note(SearchTrace seen) {
    return switch (seen.end()) {
      case NOT_SEARCHED -> "its use case is matched exactly only";
      case EXACT_ONLY -> "the request allows no wrong answer: exact hits only";
      case NO_TIER -> "the engine has no semantic tier";
      case NOT_COMPARABLE ->
          question() instanceof Question.ExactOnly exactOnly ? exactOnly.why() : "";
      case BUSY -> "too many requests are embedded and matched already: exact hits only";
      case NO_VECTOR -> "the question is longer than the embedder's window, or the embedder failed";
      case UNAVAILABLE -> seen.candidates().isEmpty() ? "the semantic tier did not answer" : "";
      case ANSWERED ->
          seen.candidates().isEmpty() && seen.curated().candidates().isEmpty()
              ? "nothing near is cached"
              : "";
    };
  }

  /** An equal request's call answered this one: its contributor asked the same. */
  void answeredTogether(Admission admission) {
    if (admission instanceof Admission.Store && isByMeaning()) {
      parts.promotion().asked(key(), asker());
    }
  }

  /** Returns whether the request's integration can read {@code answer}. */
  boolean isReadable(Answer answer) {
    return servable.isReadable(answer);
  }

  /** Returns whether what another request found may be served for this one. */
  boolean mayServe(Finding finding) {
    if (finding instanceof Finding.Curated curated) {
      // It does not age. By meaning it was found by the finder's bound.
      return curated.similarity().isEmpty() || !isStrict();
    }
    if (finding instanceof Finding.Semantic
        && (isStrict() || parts.promotion().isWithheld(finding.entry(), asker()))) {
      // It was found by the finder's bound, and may be the finder's own.
      return false;
    }
    return servable.mayServe(finding.entry(), finding.entry().key())
        && servable.isReadable(finding.entry().answer());
  }
}
