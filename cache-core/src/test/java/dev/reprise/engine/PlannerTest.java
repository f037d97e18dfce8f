package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Plan;
import dev.reprise.testing.ScriptedUpstream;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The rules that read the question are asked once for a question and a policy. */
class PlannerTest {
  private static final CacheRequest REQUEST = EngineFixture.request("What is a plan?");

  /** Counts how often a question is read, and may object to it. */
  private static final class Reading implements CachePolicy {
    private final CachePolicy policy = CachePolicy.defaults();
    private final AtomicInteger readings = new AtomicInteger();
    private volatile Optional<Reason> objection = Optional.empty();

    @Override
    public Plan plan(CacheRequest request) {
      throw new AssertionError("the engine asks for the outline");
    }

    @Override
    public Plan outline(CacheRequest request) {
      return policy.outline(request);
    }

    @Override
    public Optional<Reason> screen(CacheRequest request) {
      readings.incrementAndGet();
      return objection;
    }

    @Override
    public Admission admit(CacheRequest request, Answer answer, Instant now) {
      return policy.admit(request, answer, now);
    }
  }

  /** Is exchanged while the engine runs. */
  private record Exchanged(AtomicReference<CachePolicy> now) implements CachePolicy {
    @Override
    public CachePolicy current() {
      return now.get();
    }

    @Override
    public Plan plan(CacheRequest request) {
      return now.get().plan(request);
    }

    @Override
    public Admission admit(CacheRequest request, Answer answer, Instant moment) {
      return now.get().admit(request, answer, moment);
    }
  }

  private static Outcome ask(EngineFixture fixture) throws Exception {
    return fixture.engine.getOrCompute(REQUEST, ScriptedUpstream.answering("An answer."));
  }

  @Test
  void aQuestionIsReadOnceForAllItsHits() throws Exception {
    Reading policy = new Reading();
    try (EngineFixture fixture = new EngineFixture(settings -> settings.policy(policy))) {
      assertThat(ask(fixture)).isInstanceOf(Outcome.Computed.class);
      for (int i = 0; i < 10; i++) {
        assertThat(ask(fixture)).isInstanceOf(Outcome.ExactHit.class);
      }
      assertThat(policy.readings).hasValue(1);
    }
  }

  @Test
  void anObjectionIsNotRemembered() throws Exception {
    Reading policy = new Reading();
    policy.objection = Optional.of(new Reason(Reason.Code.RULE, "not this one"));
    try (EngineFixture fixture = new EngineFixture(settings -> settings.policy(policy))) {
      assertThat(ask(fixture)).isInstanceOf(Outcome.Bypassed.class);
      assertThat(ask(fixture)).isInstanceOf(Outcome.Bypassed.class);
      assertThat(policy.readings).hasValue(2);
    }
  }

  @Test
  void anotherPolicyReadsAnew() throws Exception {
    Reading strict = new Reading();
    strict.objection = Optional.of(new Reason(Reason.Code.RULE, "not any more"));
    AtomicReference<CachePolicy> now = new AtomicReference<>(new Reading());
    try (EngineFixture fixture =
        new EngineFixture(settings -> settings.policy(new Exchanged(now)))) {
      ask(fixture);
      assertThat(ask(fixture)).isInstanceOf(Outcome.ExactHit.class);
      now.set(strict);
      // The entry is still there, and must not be served: the policy of now forbids the question.
      assertThat(ask(fixture)).isInstanceOf(Outcome.Bypassed.class);
      now.set(new Reading());
      assertThat(ask(fixture)).isInstanceOf(Outcome.ExactHit.class);
    }
  }

  @Test
  void theDefaultPolicyPlansTheSameInOneStepAsInTwo() {
    CachePolicy policy = CachePolicy.defaults();
    for (String question :
        new String[] {
          "What is a plan?", "What is the weather today?", "What is the latest news?", "Why?"
        }) {
      CacheRequest request = EngineFixture.request(question);
      Plan outline = policy.outline(request);
      Optional<Reason> objection = policy.screen(request);
      assertThat(policy.plan(request))
          .isEqualTo(objection.isPresent() ? new Plan.Bypass(objection.get()) : outline);
    }
  }

  @Test
  void keysAreToldApart() {
    ScreenedKeys keys = new ScreenedKeys(CachePolicy.defaults());
    for (int i = 0; i < 1_000; i++) {
      keys.add(EngineFixture.key(EngineFixture.request("question " + i)));
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(keys.has(EngineFixture.key(EngineFixture.request("other " + i)))).isFalse();
    }
    assertThat(keys.has(EngineFixture.key(EngineFixture.request("question 999")))).isTrue();
  }
}
