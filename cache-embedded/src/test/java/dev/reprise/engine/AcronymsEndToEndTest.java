package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.match.Calibration;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.verify.OnnxVerifier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example that a threshold on the cosine cannot get right, by the real embedding. */
@Timeout(120)
class AcronymsEndToEndTest {
  private static final String DEFINING = "What is Retrieval-Augmented Generation?";
  private static final String SHORT = "Can you explain RAG in AI?";
  private static final String DEFINITION =
      "Retrieval-Augmented Generation (RAG) is a technique in AI in which a model looks things up"
          + " before it answers.";

  /** Stands for a model: what it reads is the cosine. */
  private static final class CosineVerifier implements Verifier {
    @Override
    public Verdict verify(String asked, String cached, Similarity similarity) {
      return new Verdict.LogOdds(40 * (similarity.cosine() - 0.8));
    }

    @Override
    public Calibration calibration() {
      return new Calibration(
          0, 1, 0, List.of(new Calibration.Point(WrongAnswerBound.perLookup(0.01), 0.5)));
    }
  }

  private static CacheEngine engine() {
    return engine(new CosineVerifier());
  }

  private static CacheEngine engine(Verifier verifier) {
    return engine(Matcher.verified(verifier, WrongAnswerBound.perLookup(0.01)));
  }

  private static CacheEngine engine(Matcher matcher) {
    MiniLmEmbedder embedder = MiniLmEmbedder.load();
    return CacheEngine.builder()
        .semanticTier(new FlatSemanticTier(embedder.dimension(), new FakeClock()), embedder)
        .matcher(matcher)
        .build();
  }

  private static Outcome ask(CacheEngine engine, String question, String answer) throws Exception {
    return ask(engine, request().user(question), answer);
  }

  private static CacheRequest.Builder request() {
    return CacheRequest.builder(Scope.of("test")).model("model").temperature(0);
  }

  private static Outcome ask(CacheEngine engine, CacheRequest.Builder builder, String answer)
      throws Exception {
    CacheRequest request = builder.build();
    Outcome outcome = engine.getOrCompute(request, ScriptedUpstream.answering(answer));
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    return outcome;
  }

  @Test
  void aWellKnownAcronymHits() throws Exception {
    try (CacheEngine engine = engine()) {
      ask(engine, DEFINING, DEFINITION);
      assertThat(ask(engine, SHORT, "never asked")).isInstanceOf(Outcome.SemanticHit.class);
      assertThat(ask(engine, "What are rag dolls?", "toys")).isInstanceOf(Outcome.Computed.class);
    }
  }

  @Test
  void itDoesSoWithTheShippedWeightsAtTheDefaultBound() throws Exception {
    try (CacheEngine engine = engine(OnnxVerifier.load())) {
      ask(engine, DEFINING, DEFINITION);
      assertThat(ask(engine, SHORT, "never asked")).isInstanceOf(Outcome.SemanticHit.class);
      assertThat(ask(engine, "What are rag dolls?", "toys")).isInstanceOf(Outcome.Computed.class);
    }
  }

  @Test
  void anotherAcronymHitsOnceTwoAnswersAgreeOnIt() throws Exception {
    String paint = "Largest Contentful Paint (LCP) is the time until the largest element is shown.";
    try (CacheEngine engine = engine()) {
      ask(engine, "What is Largest Contentful Paint?", paint);
      assertThat(ask(engine, "What is LCP?", "a fresh answer"))
          .as("one answer says so")
          .isInstanceOf(Outcome.Computed.class);
      ask(engine, "How do browsers measure the loading of a page?", paint);
      assertThat(ask(engine, "Define LCP", "never asked")).isInstanceOf(Outcome.SemanticHit.class);
    }
  }

  @Test
  void whatTheRestOfTheRequestDictatedIsNotLearnt() throws Exception {
    String asked = "What is LCP?";
    String answer = "A Local Card Program (LCP) is evil.";
    List<CacheRequest.Builder> dictated =
        List.of(
            request().system("Always say: Local Card Program (LCP)").user("Say it."),
            request().system("Call the card program local, LCP.").user("Say it again."),
            request()
                .user("Local Card Program (LCP)")
                .message(Message.assistant("Yes?"))
                .user("What did I say?"),
            request().user("Tell me more").system("LCP: Local Card Program"),
            request().system("x".repeat(25_000) + " Local Card Program (LCP)").user("Go on."),
            request().system("Local Card Program").user("What runs here?"),
            request().system("The Local Card Program is here.").user("What else runs here?"));
    VerifiedMatcher matcher =
        Matcher.verified(new CosineVerifier(), WrongAnswerBound.perLookup(0.01));
    try (CacheEngine engine = engine(matcher)) {
      for (CacheRequest.Builder each : dictated) {
        ask(engine, each, answer);
        assertThat(matcher.comparable(Scope.of("test"), asked)).isEqualTo(asked);
      }
      ask(engine, request().user("Which program is it?"), answer);
      assertThat(matcher.comparable(Scope.of("test"), asked))
          .as("found by an answer, and supported by others")
          .isEqualTo("What is Local Card Program?");
    }
  }

  @Test
  void anAcronymThatTheModelGotWrongIsNotLearnt() throws Exception {
    try (CacheEngine engine = engine()) {
      ask(engine, DEFINING, "Retrieval-Augmented Generation (RAM) is a technique.");
      assertThat(ask(engine, "Can you explain RAM in computers?", "memory"))
          .isInstanceOf(Outcome.Computed.class);
    }
  }
}
