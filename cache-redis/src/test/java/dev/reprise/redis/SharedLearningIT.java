package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.Outcome;
import dev.reprise.key.ExactKey;
import dev.reprise.match.Calibration;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Message;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testservers.FaultProxy;
import dev.reprise.testservers.RedisProcess;
import dev.reprise.tier.SemanticTier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one instance learns is known to all of them, and after a restart. */
class SharedLearningIT {
  private static final Scope SCOPE = Scope.of("tenant");
  private static final String CACHED = "How do I reset my password?";
  private static final String ASKED = "How can I reset my password?";
  private static final String FOLLOW_UP = "And on a phone?";
  private static final String DEFINITION = "Largest contentful paint (LCP) is a measure.";
  private static final WrongAnswerBound BOUND = WrongAnswerBound.perLookup(0.1);
  private static final Duration SOON = Duration.ofSeconds(15);

  private final RedisProcess server = RedisProcess.start();
  private final FaultProxy proxy = FaultProxy.start("127.0.0.1", server.port());
  private final FlatSemanticTier rows =
      new FlatSemanticTier(HashEmbedder.DIMENSION, InstantSource.system());
  private final HashEmbedder embedder = new HashEmbedder().near(ASKED, CACHED, 0.97);
  private final List<CacheEngine> engines = new ArrayList<>();

  @AfterEach
  void stop() {
    engines.forEach(CacheEngine::close);
    proxy.close();
    server.close();
  }

  /** Sure of everything near. */
  private static final class Sure implements Verifier {
    @Override
    public Verdict verify(String asked, String cached, Similarity similarity) {
      return new Verdict.LogOdds(6);
    }

    @Override
    public Calibration calibration() {
      return new Calibration(0, 1, 0, List.of(new Calibration.Point(BOUND, 0.9)));
    }
  }

  private static VerifiedMatcher verified() {
    return VerifiedMatcher.builder(new Sure()).bound(BOUND).build();
  }

  private CacheEngine instance(int port, Matcher matcher) {
    CacheEngine engine =
        CacheEngine.builder()
            .exactTier(
                RedisExactTier.builder("redis://127.0.0.1:" + port)
                    .deadline(Duration.ofMillis(500))
                    .build())
            .semanticTier(shared(), embedder)
            .matcher(matcher)
            .promotionAfter(2)
            .probeInterval(Duration.ofMillis(100))
            .build();
    engines.add(engine);
    return engine;
  }

  private CacheEngine instance(Matcher matcher) {
    return instance(server.port(), matcher);
  }

  /** Every instance closes its tier; these rows are everybody's. */
  private SemanticTier shared() {
    return (SemanticTier)
        Proxy.newProxyInstance(
            SemanticTier.class.getClassLoader(),
            new Class<?>[] {SemanticTier.class},
            (self, method, arguments) ->
                method.getName().equals("close") ? null : method.invoke(rows, arguments));
  }

  private static CacheRequest request(String... turns) {
    CacheRequest.Builder builder =
        CacheRequest.builder(SCOPE).provider("test").model("m").temperature(0);
    for (int i = 0; i < turns.length; i++) {
      if (i % 2 == 0) {
        builder.user(turns[i]);
      } else {
        builder.message(Message.assistant(turns[i]));
      }
    }
    return builder.build();
  }

  private static Outcome ask(CacheEngine engine, CacheRequest request, String fresh)
      throws InterruptedException {
    Outcome outcome = engine.getOrCompute(request, () -> Answer.ofText(fresh));
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    return outcome;
  }

  private static Outcome peek(CacheEngine engine, CacheRequest request) {
    return engine.getOrCompute(
        request.withControl(request.control().with(CacheControl.Directive.ONLY_IF_CACHED)),
        () -> Answer.ofText("never"));
  }

  private static long lookups(CacheEngine engine) {
    return engine.risk().orElseThrow().lookups();
  }

  private static long judged(CacheEngine engine) {
    return engine.risk().orElseThrow().servedJudged();
  }

  private ExactKey hit(CacheEngine engine) {
    return ((Outcome.SemanticHit) peek(engine, request(ASKED))).entry().key();
  }

  @Test
  void countsAreSummedOnEveryInstanceAndSurviveARestart() throws Exception {
    CacheEngine one = instance(verified());
    CacheEngine two = instance(verified());
    ask(one, request(CACHED), "Click on reset.");
    ExactKey entry = hit(one);
    hit(two);
    hit(two);

    assertThat(one.feedback(request(ASKED), entry, Feedback.RIGHT)).isTrue();
    assertThat(two.feedback(request(ASKED), entry, Feedback.RIGHT)).isTrue();

    // A miss and a hit on one, two hits on two; a judgement each.
    for (CacheEngine engine : List.of(one, two)) {
      within("the sum is known", () -> lookups(engine) == 4 && judged(engine) == 2);
    }
    CacheEngine restarted = instance(verified());
    assertThat(lookups(restarted)).isEqualTo(4);
    assertThat(judged(restarted)).isEqualTo(2);
    assertThat(lookups(one)).as("nothing is counted twice").isEqualTo(4);
  }

  @Test
  void whatTheServerDidNotTakeIsToldLater() throws Exception {
    CacheEngine cut = instance(proxy.port(), verified());
    CacheEngine other = instance(verified());
    ask(cut, request(CACHED), "Click on reset.");
    ExactKey entry = hit(cut);
    proxy.cut();
    cut.feedback(request(ASKED), entry, Feedback.RIGHT);
    // So long that it was tried in vain.
    assertThat(cut.drain(Duration.ofSeconds(1))).isTrue();
    proxy.heal();
    within("it is made up for", () -> judged(other) == 1);
  }

  @Test
  void anInstanceThatStopsLeavesItsCounts() throws Exception {
    CacheEngine one = instance(verified());
    ask(one, request(CACHED), "Click on reset.");
    one.close();
    assertThat(lookups(instance(verified()))).isEqualTo(1);
  }

  @Test
  void acronymsAreKnownToAll() throws Exception {
    VerifiedMatcher elsewhere = verified();
    CacheEngine one = instance(verified());
    CacheEngine two = instance(elsewhere);
    ask(one, request("How is a page measured?"), DEFINITION);
    ask(two, request("What makes a page slow?"), DEFINITION);
    within("both answers count", () -> isKnown(elsewhere));
    // It tells the others what it learnt once a second, and as it stops.
    two.close();
    VerifiedMatcher restarted = verified();
    instance(restarted);
    assertThat(isKnown(restarted)).isTrue();
  }

  private static boolean isKnown(VerifiedMatcher matcher) {
    return matcher.comparable(SCOPE, "Is LCP bad?").contains("contentful paint");
  }

  @Test
  void aFollowUpMeetsItsConversationOnEveryInstance() throws Exception {
    CacheEngine one = instance(Matcher.threshold(0.9));
    CacheEngine two = instance(Matcher.threshold(0.9));
    String answer = "Click on reset.";
    ask(one, request(CACHED), answer);
    ask(one, request(CACHED, answer, FOLLOW_UP), "Tap on reset.");
    ExactKey entry = hit(one);

    CacheRequest followUp = request(ASKED, answer, FOLLOW_UP);
    within("the other finds it", () -> peek(two, followUp) instanceof Outcome.SemanticHit);
    assertThat(peek(instance(Matcher.threshold(0.9)), followUp))
        .as("after a restart")
        .isInstanceOf(Outcome.SemanticHit.class);

    assertThat(one.feedback(request(ASKED), entry, Feedback.WRONG)).isTrue();
    within("it is another conversation", () -> !(peek(two, followUp) instanceof Outcome.Hit));
    assertThat(peek(instance(Matcher.threshold(0.9)), followUp)).isNotInstanceOf(Outcome.Hit.class);
  }

  private static CacheRequest of(String contributor, String question) {
    CacheRequest request = request(question);
    return request.withControl(request.control().withContributor(Contributor.of(contributor)));
  }

  @Test
  void whatPromotesAnAnswerIsKnownToAllAndSurvivesARestart() throws Exception {
    CacheEngine one = instance(Matcher.threshold(0.9));
    CacheEngine two = instance(Matcher.threshold(0.9));
    ask(one, of("a", CACHED), "Click on reset.");
    ExactKey entry = ((Outcome.ExactHit) peek(one, of("a", CACHED))).entry().key();
    assertThat(peek(two, of("a", ASKED))).as("its own").isInstanceOf(Outcome.SemanticHit.class);
    assertThat(peek(two, of("c", ASKED))).isNotInstanceOf(Outcome.Hit.class);

    assertThat(peek(one, of("b", CACHED))).isInstanceOf(Outcome.ExactHit.class);
    within("the other knows", () -> peek(two, of("c", ASKED)) instanceof Outcome.SemanticHit);
    assertThat(peek(instance(Matcher.threshold(0.9)), of("c", ASKED)))
        .as("after a restart")
        .isInstanceOf(Outcome.SemanticHit.class);

    two.feedback(of("a", CACHED), entry, Feedback.WRONG);
    ask(two, of("a", CACHED), "Click on reset, again.");
    assertThat(peek(two, of("c", ASKED))).isNotInstanceOf(Outcome.Hit.class);
    within("it is withdrawn", () -> !(peek(one, of("c", ASKED)) instanceof Outcome.Hit));

    assertThat(two.approve(entry)).isTrue();
    within("it is approved", () -> peek(one, of("c", ASKED)) instanceof Outcome.SemanticHit);
    assertThat(peek(instance(Matcher.threshold(0.9)), of("c", ASKED)))
        .as("after a restart")
        .isInstanceOf(Outcome.SemanticHit.class);
  }

  private static void within(String what, BooleanSupplier condition) {
    Eventually.that(what, SOON, condition::getAsBoolean);
  }
}
