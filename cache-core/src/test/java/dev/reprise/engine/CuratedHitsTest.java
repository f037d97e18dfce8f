package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.curated.CuratedAlias;
import dev.reprise.curated.CuratedEntry;
import dev.reprise.curated.CuratedProposal;
import dev.reprise.curated.JudgeRole;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Question;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.Tool;
import dev.reprise.model.UseCase;
import dev.reprise.policy.Mode;
import dev.reprise.testing.Fault;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CuratedHitsTest {
  private static final String NEAR = EngineFixture.NEAR;
  private static final String ASKED = EngineFixture.ASKED;
  private static final Matcher STRICT = Matcher.threshold(0.99);
  private static final String REVIEWED = "Paris, as reviewed.";
  private static final AnswerJudge EQUAL =
      (fresh, cached) ->
          fresh.answer().equals(cached.answer()) ? Judgement.SAME : Judgement.DIFFERENT;

  private EngineFixture fixture = new EngineFixture();

  private void start(UnaryOperator<CacheEngine.Builder> settings) {
    fixture.close();
    fixture = new EngineFixture(settings);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static CuratedEntry.Builder entry() {
    return CuratedEntry.builder(NEAR, REVIEWED).id("paris");
  }

  /** Imports entries, and waits until they are embedded. */
  private void curate(CuratedEntry... entries) {
    fixture.engine.curated().replace(List.of(entries), "jane", "");
    EngineFixture.await("the entries are embedded", () -> curatedNear() >= entries.length);
  }

  private long curatedNear() {
    return fixture.engine.explain(EngineFixture.request(NEAR)).candidates().stream()
        .filter(
            near -> !near.entry().equals(EngineFixture.key(EngineFixture.request(near.question()))))
        .count();
  }

  private Outcome ask(CacheRequest request) throws Exception {
    return fixture.engine.getOrCompute(request, ScriptedUpstream.answering("Model: Paris"));
  }

  private Outcome ask(String question) throws Exception {
    return ask(EngineFixture.request(question));
  }

  private static CacheRequest with(CacheControl control, String question) {
    return EngineFixture.requestBuilder(question).control(control).build();
  }

  @Test
  void theSameWordsAreServedBeforeWhatAModelSaid() throws Exception {
    fixture.put(EngineFixture.request(NEAR), "stored");
    assertThat(ask(NEAR)).isInstanceOf(Outcome.ExactHit.class);
    curate(entry().alias("Capital of France").build());
    for (String words :
        List.of(NEAR, "what is the capital of France", "Capital of France", "capital of France?")) {
      assertThat(ask(words))
          .isInstanceOfSatisfying(
              Outcome.CuratedHit.class,
              hit -> {
                assertThat(hit.answer().text()).isEqualTo(REVIEWED);
                assertThat(hit.id()).isEqualTo("paris");
                assertThat(hit.version()).isEqualTo(1);
                assertThat(hit.similarity()).isEmpty();
                assertThat(hit.confidence()).isEqualTo(1);
              });
    }
    assertThat(fixture.engine.stats().curatedHits()).isEqualTo(4);
    assertThat(fixture.engine.stats().hitRate()).isEqualTo(1);
    fixture.audit(5);
  }

  @Test
  void otherWordsAreServedBeforeTheSemanticTier() throws Exception {
    fixture.put(EngineFixture.request(NEAR), "stored");
    assertThat(ask(ASKED)).isInstanceOf(Outcome.SemanticHit.class);
    curate(entry().build());
    assertThat(ask(ASKED))
        .isInstanceOfSatisfying(
            Outcome.CuratedHit.class,
            hit -> {
              assertThat(hit.similarity().orElseThrow().cosine()).isBetween(0.96, 0.98);
              assertThat(hit.entry().question())
                  .isInstanceOfSatisfying(
                      Question.Semantic.class,
                      question -> assertThat(question.text()).isEqualTo(NEAR));
            });
    assertThat(ask("Who painted the Mona Lisa?")).isInstanceOf(Outcome.Computed.class);
    fixture.drain();
    fixture.audit(3);
  }

  @Test
  void streamsAreServedToo() throws Exception {
    curate(entry().build());
    for (String question : List.of(NEAR, ASKED)) {
      RecordingSubscriber subscriber = new RecordingSubscriber();
      ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
      fixture.engine.stream(EngineFixture.request(question), upstream, subscriber);
      assertThat(subscriber.awaitEnd()).isInstanceOf(Outcome.CuratedHit.class);
      assertThat(subscriber.text()).isEqualTo(REVIEWED);
      assertThat(upstream.calls()).isZero();
    }
    fixture.audit(2);
  }

  @Test
  void scopesNeverMeet() throws Exception {
    curate(entry().scope(EngineFixture.SCOPE).build());
    CacheRequest.Builder elsewhere =
        CacheRequest.builder(Scope.of("tenant-b")).system("Be brief.").temperature(0);
    assertThat(ask(elsewhere.user(NEAR).build())).isInstanceOf(Outcome.Computed.class);
    assertThat(ask(NEAR)).isInstanceOf(Outcome.CuratedHit.class);
    curate(
        entry().build(),
        CuratedEntry.builder(NEAR, "ours").scope(EngineFixture.SCOPE).id("ours").build());
    assertThat(((Outcome.CuratedHit) ask(NEAR)).id()).as("the narrower one").isEqualTo("ours");
    assertThat(((Outcome.CuratedHit) ask(ASKED)).id()).isEqualTo("ours");
  }

  @Test
  void anEntryMayNameModelsAndSystemPrompts() throws Exception {
    curate(entry().models(List.of("model-*")).systems(List.of("Be brief.")).build());
    assertThat(ask(NEAR)).isInstanceOf(Outcome.CuratedHit.class);
    assertThat(ask(EngineFixture.requestBuilder(NEAR).model("other").build()))
        .isInstanceOf(Outcome.Computed.class);
    assertThat(
            ask(
                CacheRequest.builder(EngineFixture.SCOPE)
                    .model("model-1")
                    .system("Translate into French.")
                    .user(NEAR)
                    .temperature(0)
                    .build()))
        .isInstanceOf(Outcome.Computed.class);
  }

  @Test
  void whatATextCannotAnswerIsAskedUpstream() throws Exception {
    curate(entry().build());
    List<CacheRequest.Builder> others =
        List.of(
            EngineFixture.requestBuilder(NEAR).tool(new Tool("f", JsonObject.empty())),
            EngineFixture.requestBuilder(NEAR)
                .parameter("response_format", Map.of("type", "json_object")),
            EngineFixture.requestBuilder("Hi").message(Message.assistant("Hello")).user(NEAR),
            EngineFixture.requestBuilder(NEAR).answerFormat("another/1"));
    for (CacheRequest.Builder other : others) {
      assertThat(ask(other.build())).isNotInstanceOf(Outcome.CuratedHit.class);
    }
  }

  @Test
  void theCallersControlCounts() throws Exception {
    curate(entry().build());
    assertThat(ask(with(CacheControl.DEFAULT.with(Directive.NO_CACHE), NEAR)))
        .isInstanceOf(Outcome.Computed.class);
    assertThat(ask(with(CacheControl.DEFAULT.with(Directive.ONLY_IF_CACHED), ASKED)))
        .isInstanceOf(Outcome.CuratedHit.class);
    CacheControl none = CacheControl.DEFAULT.withMaximumWrongRate(0);
    assertThat(ask(with(none, "what is the capital of France")))
        .as("the same words are no guess")
        .isInstanceOf(Outcome.CuratedHit.class);
    assertThat(ask(with(none, ASKED))).isInstanceOf(Outcome.Computed.class);
    CacheRequest faq = EngineFixture.requestBuilder(NEAR).useCase(UseCase.FAQ).build();
    assertThat(ask(faq)).isInstanceOf(Outcome.CuratedHit.class);
    CacheRequest creative = EngineFixture.requestBuilder(NEAR).useCase(UseCase.CREATIVE).build();
    assertThat(ask(creative)).isInstanceOf(Outcome.Bypassed.class);
  }

  @Test
  void nothingEvictsOrExpiresIt() throws Exception {
    curate(entry().build());
    fixture.clock.advance(Duration.ofDays(4_000));
    fixture.engine.invalidate(Tag.scope(EngineFixture.SCOPE));
    Outcome.CuratedHit hit = (Outcome.CuratedHit) ask(NEAR);
    assertThat(hit.age()).isEqualTo(Duration.ofDays(4_000));
    assertThat(fixture.engine.remove(hit.entry().key())).isFalse();
    assertThat(ask(with(CacheControl.DEFAULT.withMaximumAge(Duration.ofSeconds(1)), ASKED)))
        .isInstanceOf(Outcome.CuratedHit.class);
  }

  @Test
  void tiersThatAreDownDoNotMatter() throws Exception {
    curate(entry().build());
    fixture.semantic.fault(Fault.THROWS);
    assertThat(ask(ASKED)).isInstanceOf(Outcome.CuratedHit.class);
    fixture.exact.fault(Fault.THROWS);
    assertThat(ask(NEAR)).isInstanceOf(Outcome.CuratedHit.class);
  }

  @Test
  void withoutAnEmbedderTheSameWordsAreFound() throws Exception {
    try (CacheEngine engine = CacheEngine.builder().curated(List.of(entry().build())).build()) {
      assertThat(
              engine.getOrCompute(
                  EngineFixture.request("what is the capital of France"),
                  ScriptedUpstream.answering("no")))
          .isInstanceOfSatisfying(
              Outcome.CuratedHit.class, hit -> assertThat(hit.version()).isZero());
      assertThat(
              engine.getOrCompute(EngineFixture.request(ASKED), ScriptedUpstream.answering("no")))
          .isInstanceOf(Outcome.Computed.class);
    }
  }

  @Test
  void shadowModeServesNone() throws Exception {
    start(settings -> settings.mode(Mode.SHADOW));
    curate(entry().build());
    for (String question : List.of(NEAR, ASKED)) {
      Outcome outcome = ask(question);
      assertThat(outcome).isInstanceOf(Outcome.Computed.class);
      assertThat(outcome.wouldHit()).containsInstanceOf(Outcome.CuratedHit.class);
    }
    assertThat(fixture.engine.stats().shadow().curatedHits()).isEqualTo(2);
    assertThat(fixture.engine.stats().shadow().hitRate()).isEqualTo(1);
    assertThat(fixture.engine.stats().shadow().compared()).isZero();
  }

  @Test
  void anExplanationNamesThem() {
    curate(entry().build());
    assertThat(fixture.engine.explain(EngineFixture.request(NEAR)).exactTier()).contains("curated");
    LookupExplanation near = fixture.engine.explain(EngineFixture.request(ASKED));
    assertThat(near.served().orElseThrow().question()).isEqualTo(NEAR);
    assertThat(fixture.engine.stats().requests()).isZero();
  }

  @Test
  void aHitByMeaningThatWasWrongNeverHappensAgain() throws Exception {
    curate(entry().build());
    ExactKey served = ((Outcome.CuratedHit) ask(ASKED)).entry().key();
    CacheRequest asked = EngineFixture.request(ASKED);
    assertThat(fixture.engine.feedback(asked, served, Feedback.RIGHT)).isTrue();
    assertThat(fixture.engine.feedback(asked, served, Feedback.WRONG)).isTrue();
    assertThat(ask(ASKED)).isInstanceOf(Outcome.Computed.class);
    CacheRequest same = EngineFixture.request(NEAR);
    assertThat(fixture.engine.feedback(same, served, Feedback.WRONG))
        .as("what people reviewed stays")
        .isFalse();
    assertThat(ask(NEAR)).isInstanceOf(Outcome.CuratedHit.class);
  }

  private void judged(JudgeRole role) {
    start(
        settings ->
            settings
                .matcher(candidate -> STRICT.decide(candidate))
                .learning(Learning.by(EQUAL))
                .curatedByJudge(role));
    curate(entry().build());
  }

  private void answer(String question, String answer) throws Exception {
    fixture.engine.getOrCompute(
        EngineFixture.request(question), ScriptedUpstream.answering(answer));
  }

  @Test
  void theJudgeProposesAndAnAdministratorApproves() throws Exception {
    judged(JudgeRole.PROPOSE);
    answer(ASKED, REVIEWED);
    EngineFixture.await("a proposal", () -> fixture.engine.curated().proposals().size() == 1);
    CuratedProposal proposal = fixture.engine.curated().proposals().get(0);
    assertThat(proposal.question()).isEqualTo(ASKED);
    assertThat(proposal.entry()).isEqualTo("paris");
    assertThat(proposal.scope()).isEqualTo(EngineFixture.SCOPE);
    fixture.engine.curated().approve(proposal.id(), "jane");
    assertThat(ask(ASKED)).isInstanceOf(Outcome.CuratedHit.class);
  }

  @Test
  void theJudgeAdoptsByItselfAndFeedbackTakesItBack() throws Exception {
    judged(JudgeRole.ADOPT);
    answer(ASKED, REVIEWED);
    EngineFixture.await("a wording", () -> ask(ASKED) instanceof Outcome.CuratedHit);
    assertThat(fixture.engine.curated().aliases().get(0).approvedBy())
        .isEqualTo(CuratedAlias.JUDGE);
    Outcome.CuratedHit hit = (Outcome.CuratedHit) ask(ASKED);
    assertThat(
            fixture.engine.getOrCompute(
                CacheRequest.builder(Scope.of("tenant-b")).user(ASKED).temperature(0).build(),
                ScriptedUpstream.answering("no")))
        .as("in its scope only")
        .isInstanceOf(Outcome.Computed.class);
    assertThat(
            fixture.engine.feedback(
                EngineFixture.request(ASKED), hit.entry().key(), Feedback.WRONG))
        .isTrue();
    assertThat(fixture.engine.curated().aliases()).isEmpty();
  }

  @Test
  void anotherAnswerIsNotProposed() throws Exception {
    judged(JudgeRole.PROPOSE);
    String second = "Tell me which city is the capital of France";
    fixture.embedder.near(second, NEAR, 0.97);
    answer(ASKED, "Lyon");
    // Judgements are made one after another.
    answer(second, REVIEWED);
    EngineFixture.await("a proposal", () -> !fixture.engine.curated().proposals().isEmpty());
    assertThat(fixture.engine.curated().proposals())
        .extracting(CuratedProposal::question)
        .containsExactly(second);
  }

  @Test
  void aJudgeThatIsOffProposesNothing() throws Exception {
    judged(JudgeRole.OFF);
    answer(ASKED, REVIEWED);
    assertThat(ask(NEAR)).isInstanceOf(Outcome.CuratedHit.class);
    fixture.close();
    assertThat(fixture.engine.curated().proposals()).isEmpty();
  }
}
