package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.cli.cache.CacheOptions;
import dev.reprise.cli.cache.CacheSettings;
import dev.reprise.cli.cache.EngineSetup;
import dev.reprise.cli.cache.MatcherOption;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Pricing;
import dev.reprise.engine.ShadowStats;
import dev.reprise.evaluate.Rate;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.learn.AnswerJudge;
import dev.reprise.learn.AnswerJudge.Judgement;
import dev.reprise.learn.Learning;
import dev.reprise.match.RiskReport.Estimate;
import dev.reprise.model.Scope;
import dev.reprise.policy.Mode;
import dev.reprise.testing.Eventually;
import dev.reprise.verify.OnnxVerifier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Shadow mode says of the demo's questions what live mode does with them. */
class ShadowOnTheDemoTest {
  private static final List<DemoQuestion> QUESTIONS = QuestionFile.builtIn();

  private static final AnswerJudge WORD_FOR_WORD =
      (fresh, cached) ->
          fresh.answer().equals(cached.answer()) ? Judgement.SAME : Judgement.DIFFERENT;

  private final SimulatedUpstream upstream =
      new SimulatedUpstream(Answers.builtIn(), 1, duration -> {});

  /** What became of the questions. */
  private static final class Seen {
    private long exact;
    private long semantic;
    private long wrong;
  }

  /**
   * The default matcher serves nothing wrong there; a bare threshold does. Where it does, the
   * answers are compared word for word, as the labels are: the judge that compares meanings takes
   * one pair of answers, "from A to B" and "from B to A", for the same.
   */
  @ParameterizedTest
  @ValueSource(strings = {MatcherOption.DEFAULT, "threshold:0.85"})
  void itReportsTheHitsAndTheWrongAnswersOfLiveMode(String matcher) throws Exception {
    Seen live = new Seen();
    try (CacheEngine engine = engine(Mode.LIVE, matcher)) {
      for (DemoQuestion question : QUESTIONS) {
        if (ask(engine, question) instanceof Outcome.Hit hit) {
          boolean isExact = hit instanceof Outcome.ExactHit;
          live.exact += isExact ? 1 : 0;
          live.semantic += isExact ? 0 : 1;
          live.wrong += hit.answer().text().equals(upstream.text(question)) ? 0 : 1;
        }
      }
    }
    try (CacheEngine engine = engine(Mode.SHADOW, matcher)) {
      for (DemoQuestion question : QUESTIONS) {
        Outcome outcome = ask(engine, question);
        assertThat(outcome).isNotInstanceOf(Outcome.Hit.class);
        assertThat(((Outcome.Answered) outcome).answer().text()).isEqualTo(upstream.text(question));
        awaitComparison(engine);
      }
      ShadowStats shadow = engine.stats().shadow();
      assertThat(live.semantic).isGreaterThan(10);
      assertThat(shadow.exactHits()).isCloseTo(live.exact, within(1L));
      assertThat(shadow.semanticHits()).isCloseTo(live.semantic, within(1L));
      assertThat(shadow.compared()).isEqualTo(shadow.semanticHits());
      assertThat(shadow.wrong()).isCloseTo(live.wrong, within(1L));
      assertThat(shadow.exactWrong()).isZero();
      assertThat(engine.stats().upstreamCalls()).isEqualTo(QUESTIONS.size());
      // The interval is that of the evaluation.
      Estimate estimate = shadow.wrongPerHit().orElseThrow();
      Rate rate = new Rate((int) shadow.wrong(), (int) shadow.compared());
      assertThat(estimate.low()).isCloseTo(rate.low(), within(1e-6));
      assertThat(estimate.high()).isCloseTo(rate.high(), within(1e-6));
    }
  }

  private static CacheEngine engine(Mode mode, String matcher) {
    CacheOptions options = new CacheOptions();
    CommandLine.populateCommand(options);
    CacheSettings settings = options.settings("demo", "", Pricing.unknown());
    return EngineSetup.open(
            settings,
            e -> {
              throw e;
            })
        .engine()
        .matcher(MatcherOption.parse(matcher, OnnxVerifier::load).matcher())
        .learning(
            matcher.equals(MatcherOption.DEFAULT)
                ? Learning.fromFeedbackOnly()
                : Learning.by(WORD_FOR_WORD).withChecked(0))
        .mode(mode)
        .build();
  }

  private Outcome ask(CacheEngine engine, DemoQuestion question) throws InterruptedException {
    Outcome outcome =
        CachingChatModel.builder(upstream.modelFor(question), engine, Scope.of("demo"))
            .build()
            .answer(EngineDemoCache.request(question), EngineDemoCache.options(question))
            .outcome();
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    return outcome;
  }

  /** The queue of comparisons is short, and a question is asked in no time here. */
  private static void awaitComparison(CacheEngine engine) {
    Eventually.that(
        "every would-be hit is compared",
        () -> {
          ShadowStats shadow = engine.stats().shadow();
          return shadow.compared() + shadow.exactCompared()
              == shadow.semanticHits() + shadow.exactHits();
        });
  }
}
