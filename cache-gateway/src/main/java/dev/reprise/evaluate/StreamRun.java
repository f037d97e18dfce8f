package dev.reprise.evaluate;

import dev.reprise.embed.Vector;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pass of a stream through a cache that is empty at first, with the engine's order of events:
 * what is stored byte for byte is an exact hit; else the nearest candidates are decided about, the
 * nearest first, until one is accepted; else the question is stored, the matcher takes note of it,
 * and its comparable form is embedded again where that changed it.
 */
final class StreamRun {
  /** Decides about a candidate. */
  @FunctionalInterface
  interface Judge {
    /**
     * Returns what becomes of a candidate.
     *
     * @param asked which arrival asks
     * @param cached which arrival is the candidate
     */
    Verdict decide(int asked, int cached, MatchCandidate candidate);
  }

  /** Is told what becomes of the lookups, in order. */
  interface Listener {
    /** An exact hit. */
    void exact(int number, Arrival asked, Arrival cached);

    /** A decision about a candidate; an accepted one ends the lookup. */
    void decided(int number, Arrival asked, Arrival cached, Similarity similarity, Verdict verdict);

    /** A miss. */
    void missed(int number, Fit fit);
  }

  /** Whether a question is within the embedder's window. */
  enum Fit {
    FITS,
    TOO_LONG
  }

  private final LabelledData.Stream data;
  private final EmbeddedTexts texts;
  private final EarlierTexts earlier;
  private final Matcher matcher;
  private final String name;

  /**
   * @param name of this pass; no other has its scopes, so that the matcher knows nothing yet
   */
  StreamRun(
      LabelledData.Stream data,
      EmbeddedTexts texts,
      EarlierTexts earlier,
      Matcher matcher,
      String name) {
    this.data = data;
    this.texts = texts;
    this.earlier = earlier;
    this.matcher = matcher;
    this.name = name;
  }

  /** A scope of the stream, in this pass. */
  private record Home(Scope scope, StreamCache cache) {}

  void run(Judge judge, Listener listener) {
    Map<String, Home> homes = new HashMap<>();
    for (int number = 0; number < data.size(); number++) {
      Arrival asked = data.arrivals().get(number);
      Home home =
          homes.computeIfAbsent(
              asked.scope(),
              scope -> new Home(Scope.of(name + "/" + homes.size()), new StreamCache(earlier)));
      Optional<Arrival> exact = home.cache().exact(asked.query());
      if (exact.isPresent()) {
        listener.exact(number, asked, exact.get());
      } else if (!isHit(number, asked, home, judge, listener)) {
        store(number, asked, home);
      }
    }
  }

  private boolean isHit(int number, Arrival asked, Home home, Judge judge, Listener listener) {
    String comparable = matcher.wording().comparable(home.scope(), asked.query());
    Optional<Vector> vector = texts.vector(comparable);
    if (vector.isEmpty()) {
      listener.missed(number, Fit.TOO_LONG);
      return false;
    }
    List<StreamCache.Near> candidates =
        home.cache().nearest(comparable, vector.get(), Evaluator.CANDIDATES);
    List<Similarity> around = candidates.stream().map(StreamCache.Near::similarity).toList();
    for (int i = 0; i < candidates.size(); i++) {
      StreamCache.Near near = candidates.get(i);
      Arrival cached = near.row().arrival();
      Verdict verdict =
          judge.decide(
              number,
              near.row().number(),
              new MatchCandidate(
                  home.scope(),
                  asked.query(),
                  cached.query(),
                  Answer.ofText(cached.response()),
                  near.similarity(),
                  i + 1,
                  around));
      listener.decided(number, asked, cached, near.similarity(), verdict);
      if (verdict instanceof Verdict.Accepted) {
        return true;
      }
    }
    listener.missed(number, Fit.FITS);
    return false;
  }

  private void store(int number, Arrival asked, Home home) {
    matcher.wording().stored(home.scope(), asked.query(), Answer.ofText(asked.response()));
    String comparable = matcher.wording().comparable(home.scope(), asked.query());
    texts
        .vector(comparable)
        .ifPresentOrElse(
            vector -> home.cache().store(asked, number, comparable, vector),
            () -> home.cache().store(asked));
  }
}
