package dev.reprise.engine;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.key.Canonicalizer;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Document;
import dev.reprise.policy.Plan;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Neighbour;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
      @Nullable GuardedSemanticTier semantic,
      @Nullable Embedder embedder,
      Matcher matcher,
      int candidates,
      DocumentVersions documentVersions,
      InstantSource clock,
      Consumer<CacheEvent> events) {}

  private final Parts parts;
  private final CacheRequest request;
  private final ExactKey key;
  private final Duration maximumAge;
  private final boolean byMeaning;
  private final Stopwatch watch;
  private @Nullable Question question;
  private @Nullable Vector vector;

  Lookup(
      Parts parts,
      CacheRequest request,
      ExactKey key,
      Plan plan,
      Plan.Terms terms,
      Stopwatch watch) {
    this.parts = parts;
    this.request = request;
    this.key = key;
    this.maximumAge = terms.maximumAge();
    this.byMeaning = plan instanceof Plan.ExactThenSemantic;
    this.watch = watch;
  }

  CacheRequest request() {
    return request;
  }

  ExactKey key() {
    return key;
  }

  Stopwatch watch() {
    return watch;
  }

  /** Returns what of the request can be compared by meaning. */
  Question question() {
    Question known = question;
    if (known == null) {
      known = Canonicalizer.question(request);
      question = known;
    }
    return known;
  }

  /** Returns whether a fresh answer is to be found by meaning, too. */
  boolean isByMeaning() {
    return byMeaning && parts.semantic() != null;
  }

  /** Returns the question's vector, if the lookup came so far as to need it. */
  Optional<Vector> vector() {
    return Optional.ofNullable(vector);
  }

  /** Looks into the exact tier. */
  Optional<Finding> findExact() {
    Optional<ExactTier.Fetched> fetched = parts.exact().fetch(key);
    watch.lap(Stage.EXACT);
    return fetched
        .filter(found -> mayServe(found.entry(), key))
        .map(found -> new Finding.Exact(found.entry(), found.tier()));
  }

  /** Looks for a near question in the semantic tier. */
  Optional<Finding> findSemantic() {
    GuardedSemanticTier semantic = parts.semantic();
    if (!byMeaning || semantic == null || !semantic.isAsked()) {
      return Optional.empty();
    }
    if (!(question() instanceof Question.Semantic asked)) {
      return Optional.empty();
    }
    Vector query = embed(asked.text());
    watch.lap(Stage.EMBED);
    if (query == null) {
      return Optional.empty();
    }
    Iterable<Neighbour> neighbours =
        semantic.search(asked.fingerprint(), query, parts.candidates());
    watch.lap(Stage.SEARCH);
    Optional<Finding> finding = firstAccepted(semantic, asked, neighbours);
    watch.lap(Stage.MATCH);
    return finding;
  }

  /** Embeds {@code text}; null where it is too long or the embedder fails. */
  private @Nullable Vector embed(String text) {
    Embedder embedder = parts.embedder();
    if (vector == null && embedder != null) {
      try {
        if (embedder.embed(text) instanceof Embedder.Embedding.Embedded embedded) {
          vector = embedded.vector();
        }
      } catch (RuntimeException | LinkageError e) {
        parts.events().accept(new CacheEvent.Trouble("embedder", e));
      }
    }
    return vector;
  }

  private Optional<Finding> firstAccepted(
      GuardedSemanticTier semantic, Question.Semantic asked, Iterable<Neighbour> neighbours) {
    int rank = 0;
    for (Neighbour neighbour : neighbours) {
      rank++;
      if (!neighbour.fingerprint().equals(asked.fingerprint())) {
        continue;
      }
      if (!neighbour.similarity().isAtLeast(parts.matcher().floor())) {
        break;
      }
      Optional<ExactTier.Fetched> payload = parts.exact().fetch(neighbour.pointer());
      if (payload.isEmpty()) {
        semantic.removeLater(neighbour.pointer());
        continue;
      }
      Entry entry = payload.get().entry();
      if (!(entry.question() instanceof Question.Semantic cached)
          || !cached.fingerprint().equals(asked.fingerprint())
          || !mayServe(entry, neighbour.pointer())) {
        continue;
      }
      MatchDecision decision =
          decide(
              new MatchCandidate(
                  asked.text(), cached.text(), entry.answer(), neighbour.similarity(), rank));
      if (decision instanceof MatchDecision.Accept accept) {
        return Optional.of(
            new Finding.Semantic(entry, neighbour.similarity(), accept.confidence()));
      }
      parts
          .events()
          .accept(
              new CacheEvent.Rejected(
                  neighbour.pointer(), ((MatchDecision.Reject) decision).why()));
    }
    return Optional.empty();
  }

  private MatchDecision decide(MatchCandidate candidate) {
    try {
      return parts.matcher().decide(candidate);
    } catch (RuntimeException | LinkageError e) {
      parts.events().accept(new CacheEvent.Trouble("matcher", e));
      return new MatchDecision.Reject("the matcher failed");
    }
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
    } catch (RuntimeException e) {
      parts.events().accept(new CacheEvent.Trouble("documents", e));
      return false;
    }
  }
}
