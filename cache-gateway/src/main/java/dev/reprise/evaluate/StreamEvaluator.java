package dev.reprise.evaluate;

import dev.reprise.embed.Vector;
import dev.reprise.match.LearningMatcher;
import dev.reprise.match.Matcher;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Measures matchers on a stream. */
final class StreamEvaluator {
  private final LabelledData.Stream data;
  private final EmbeddedTexts texts;
  private final EvaluationProgress progress;

  StreamEvaluator(LabelledData.Stream data, EmbeddedTexts texts, EvaluationProgress progress) {
    this.data = data;
    this.texts = texts;
    this.progress = progress;
  }

  /**
   * @param inPlace how the matchers learn during the stream; empty where they do not
   */
  DataEvaluation evaluate(
      List<NamedMatcher> matchers, Evaluator.Curves curves, Optional<InPlace> inPlace) {
    EarlierTexts earlier = earlier(matchers);
    progress.begin("Asking", matchers.size() * Math.max(1, data.size()));
    List<Evaluation> evaluations =
        matchers.parallelStream().map(named -> evaluation(named, earlier, inPlace)).toList();
    return new DataEvaluation(
        data,
        evaluations,
        curves == Evaluator.Curves.DRAWN ? curves(matchers, earlier) : List.of());
  }

  /** Compares all questions, as the matchers compare them. */
  EarlierTexts earlier(List<NamedMatcher> matchers) {
    return EarlierTexts.of(vectors(matchers), progress);
  }

  /** Embeds all questions as the matchers compare them while they have learnt nothing. */
  private Map<String, Vector> vectors(List<NamedMatcher> matchers) {
    Set<String> comparable = new LinkedHashSet<>();
    Scope nobody = Scope.of("nobody");
    for (Arrival arrival : data.arrivals()) {
      for (NamedMatcher named : matchers) {
        comparable.add(named.matcher().wording().comparable(nobody, arrival.query()));
      }
    }
    progress.begin("Embedding", Math.max(1, comparable.size()));
    comparable.parallelStream()
        .forEach(
            text -> {
              texts.vector(text);
              progress.step();
            });
    Map<String, Vector> vectors = new LinkedHashMap<>();
    comparable.forEach(text -> texts.vector(text).ifPresent(vector -> vectors.put(text, vector)));
    return vectors;
  }

  private Evaluation evaluation(
      NamedMatcher named, EarlierTexts earlier, Optional<InPlace> inPlace) {
    StreamCounter counter = new StreamCounter(data.size());
    Matcher matcher = named.matcher();
    boolean isNew = !(matcher instanceof LearningMatcher learning) || learning.restore("");
    assert isNew : "a matcher forgets when it is told to";
    StreamRun.Listener watched = new Watched(counter, progress);
    pass(named.name(), matcher, earlier)
        .run(
            (asked, cached, candidate) -> Verdict.of(matcher, candidate),
            inPlace
                .map(how -> how.teaching(matcher, watched))
                .orElseGet(() -> InPlace.counting(matcher, watched)));
    return counter.evaluation(
        named.name(),
        inPlace.isPresent() && matcher instanceof LearningMatcher learned
            ? learned.risk()
            : Optional.empty());
  }

  private List<Curve> curves(List<NamedMatcher> matchers, EarlierTexts earlier) {
    Map<String, NamedMatcher> families = new LinkedHashMap<>();
    matchers.forEach(named -> families.putIfAbsent(named.family(), named));
    progress.begin("Curves", families.size() * StreamCurve.PASSES);
    return new ArrayList<>(families.values())
        .parallelStream().map(named -> curve(named, earlier)).toList();
  }

  private Curve curve(NamedMatcher named, EarlierTexts earlier) {
    return new Curve(
        named.family(),
        new StreamCurve(
                name -> pass("curve of " + named.family() + " " + name, named.widest(), earlier),
                named.widest(),
                data.size(),
                progress)
            .points());
  }

  private StreamRun pass(String name, Matcher matcher, EarlierTexts earlier) {
    return new StreamRun(data, texts, earlier, matcher, name);
  }

  /** Tells of each lookup that has ended. */
  private record Watched(StreamCounter counter, EvaluationProgress progress)
      implements StreamRun.Listener {
    @Override
    public void exact(int number, Arrival asked, Arrival cached) {
      counter.exact(number, asked, cached);
      progress.step();
    }

    @Override
    public void decided(
        int number, Arrival asked, Arrival cached, Similarity similarity, Verdict verdict) {
      counter.decided(number, asked, cached, similarity, verdict);
      if (verdict instanceof Verdict.Accepted) {
        progress.step();
      }
    }

    @Override
    public void missed(int number, StreamRun.Fit fit) {
      counter.missed(number, fit);
      progress.step();
    }
  }
}
