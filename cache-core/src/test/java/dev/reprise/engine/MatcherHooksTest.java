package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.testing.WordingMatcher;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine asks and tells a matcher besides its decision. */
@Timeout(60)
class MatcherHooksTest {
  private static final CacheRequest SHORT = EngineFixture.request("What is RAG?");
  private static final CacheRequest LONG =
      EngineFixture.request("Explain retrieval-augmented generation");
  private static final String EXPANDED = "What is retrieval-augmented generation?";

  /** Expands what it was taught, and accepts what is near. */
  private static final class LearningMatcher implements WordingMatcher {
    final List<MatchCandidate> candidates = new CopyOnWriteArrayList<>();
    private final Map<String, String> longForms = new ConcurrentHashMap<>();

    @Override
    public MatchDecision decide(MatchCandidate candidate) {
      candidates.add(candidate);
      return Matcher.threshold(EngineFixture.THRESHOLD).decide(candidate);
    }

    @Override
    public String comparable(Scope scope, String question) {
      String longForm = longForms.get(scope.name());
      return longForm == null ? question : question.replace("RAG", longForm);
    }

    @Override
    public void stored(Scope scope, String question, Answer answer) {
      int begin = answer.text().indexOf(" (RAG)");
      if (begin > 0) {
        longForms.put(scope.name(), answer.text().substring(0, begin));
      }
    }
  }

  private static EngineFixture fixture(Matcher matcher) {
    EngineFixture fixture = new EngineFixture(builder -> builder.matcher(matcher));
    fixture.embedder.near("Explain retrieval-augmented generation", EXPANDED, 0.95);
    return fixture;
  }

  @Test
  void whatAnAnswerTeachesShapesTheRowOfItsOwnQuestion() throws Exception {
    LearningMatcher matcher = new LearningMatcher();
    try (EngineFixture fixture = fixture(matcher)) {
      fixture.engine.getOrCompute(
          SHORT, ScriptedUpstream.answering("retrieval-augmented generation (RAG) is a technique"));
      fixture.drain();
      // Once to look it up, and once more in the form that the answer taught.
      assertThat(fixture.embedder.calls()).isEqualTo(2);

      Outcome outcome =
          fixture.engine.getOrCompute(LONG, ScriptedUpstream.answering("never asked"));

      assertThat(outcome).isInstanceOf(Outcome.SemanticHit.class);
      assertThat(((Outcome.SemanticHit) outcome).similarity().cosine()).isBetween(0.94, 0.96);
      MatchCandidate candidate = matcher.candidates.get(0);
      assertThat(candidate.scope()).isEqualTo(EngineFixture.SCOPE);
      assertThat(candidate.asked()).isEqualTo("Explain retrieval-augmented generation");
      assertThat(candidate.cached()).as("as its user wrote it").isEqualTo("What is RAG?");
      assertThat(candidate.around()).containsExactly(candidate.similarity());
      fixture.audit(2);
    }
  }

  @Test
  void whatWasTaughtShapesTheNextQuestion() throws Exception {
    LearningMatcher matcher = new LearningMatcher();
    try (EngineFixture fixture = fixture(matcher)) {
      fixture.engine.getOrCompute(
          LONG, ScriptedUpstream.answering("retrieval-augmented generation (RAG) is a technique"));
      fixture.drain();
      assertThat(fixture.embedder.calls()).as("the same text is not embedded again").isEqualTo(1);
      assertThat(fixture.engine.getOrCompute(SHORT, ScriptedUpstream.answering("never asked")))
          .isInstanceOf(Outcome.SemanticHit.class);
      fixture.audit(2);
    }
  }

  @Test
  void aMatcherThatFailsEverywhereIsTroubleAndTheCallGoesOn() throws Exception {
    Matcher broken =
        new WordingMatcher() {
          @Override
          public MatchDecision decide(MatchCandidate candidate) {
            throw new IllegalStateException("decide");
          }

          @Override
          public String comparable(Scope scope, String question) {
            throw new IllegalStateException("comparable");
          }

          @Override
          public void stored(Scope scope, String question, Answer answer) {
            throw new IllegalStateException("stored");
          }
        };
    try (EngineFixture fixture = fixture(broken)) {
      fixture.put(EngineFixture.request(EngineFixture.NEAR), "Paris");
      CacheRequest asked = EngineFixture.request(EngineFixture.ASKED);
      assertThat(fixture.engine.getOrCompute(asked, ScriptedUpstream.answering("fresh")))
          .isInstanceOf(Outcome.Computed.class);
      fixture.drain();
      assertThat(fixture.log.of(CacheEvent.Trouble.class))
          .extracting(trouble -> trouble.cause().getMessage())
          .containsExactly("comparable", "decide", "stored", "comparable");
      assertThat(fixture.hasRow(asked)).as("its row stands as the user wrote it").isTrue();
      fixture.audit(1);
    }
  }
}
