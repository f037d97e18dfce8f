package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UseCaseRule;
import dev.reprise.testing.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of the use-case table, through the whole engine: what is served, how, and how long. */
@Timeout(60)
class UseCaseTableTest {
  private static final Duration MOMENT = Duration.ofMillis(1);

  private EngineFixture fixture = new EngineFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static CacheRequest request(UseCase useCase, String question) {
    return EngineFixture.requestBuilder(question).useCase(useCase).build();
  }

  private static CacheRequest summary(String version) {
    return EngineFixture.requestBuilder("Sum the terms up.")
        .useCase(UseCase.DOCUMENT_SUMMARY)
        .document(new Document("terms", version))
        .build();
  }

  private Outcome ask(CacheRequest request) throws Exception {
    Outcome outcome = fixture.engine.getOrCompute(request, ScriptedUpstream.answering("answer"));
    fixture.drain();
    return outcome;
  }

  private void isKeptExactlyFor(Duration life, CacheRequest request) throws Exception {
    assertThat(ask(request)).isInstanceOf(Outcome.Computed.class);
    fixture.clock.advance(life.minus(MOMENT));
    assertThat(ask(request)).isInstanceOf(Outcome.ExactHit.class);
    fixture.clock.advance(MOMENT);
    assertThat(ask(request)).isInstanceOf(Outcome.Computed.class);
  }

  @Test
  void anFaqIsServedInItsOwnWordsForADay() throws Exception {
    isKeptExactlyFor(Duration.ofDays(1), request(UseCase.FAQ, EngineFixture.NEAR));
    assertThat(ask(request(UseCase.FAQ, EngineFixture.ASKED)))
        .as("other words")
        .isInstanceOf(Outcome.Computed.class);
    assertThat(fixture.embedder.calls()).isZero();
    fixture.audit(4);
  }

  @Test
  void anFaqMayBeKeptForThreeDays() throws Exception {
    fixture.close();
    fixture =
        new EngineFixture(
            builder ->
                builder.policy(
                    CachePolicy.builder().rule(UseCaseRule.faq(Duration.ofDays(3))).build()));
    isKeptExactlyFor(Duration.ofDays(3), request(UseCase.FAQ, EngineFixture.NEAR));
    fixture.audit(3);
  }

  @Test
  void aSummaryIsServedUntilItsDocumentChanges() throws Exception {
    assertThat(ask(summary("1"))).isInstanceOf(Outcome.Computed.class);
    fixture.clock.advance(Duration.ofDays(29));
    assertThat(ask(summary("1"))).isInstanceOf(Outcome.ExactHit.class);
    assertThat(ask(summary("2"))).as("another version").isInstanceOf(Outcome.Computed.class);
    assertThat(ask(summary("2"))).isInstanceOf(Outcome.ExactHit.class);

    fixture.engine.invalidate(Tag.document("terms"));

    assertThat(ask(summary("1"))).as("told of a change").isInstanceOf(Outcome.Computed.class);
    assertThat(ask(summary("2"))).as("told of a change").isInstanceOf(Outcome.Computed.class);
    fixture.audit(6);
  }

  @Test
  void aReformulationIsServedByMeaningForAnHour() throws Exception {
    CacheRequest other = request(UseCase.QUERY_REFORMULATION, EngineFixture.NEAR);
    CacheRequest asked = request(UseCase.QUERY_REFORMULATION, EngineFixture.ASKED);
    assertThat(ask(other)).isInstanceOf(Outcome.Computed.class);
    fixture.clock.advance(Duration.ofHours(1).minus(MOMENT));
    assertThat(ask(asked)).isInstanceOf(Outcome.SemanticHit.class);
    assertThat(ask(other)).isInstanceOf(Outcome.ExactHit.class);
    fixture.clock.advance(MOMENT);
    assertThat(ask(asked)).isInstanceOf(Outcome.Computed.class);
    fixture.audit(4);
  }

  @ParameterizedTest
  @CsvSource({"creative, CREATIVE", "dynamic, DYNAMIC"})
  void creativeAndDynamicAreAskedEachTime(String useCase, Reason.Code reason) throws Exception {
    CacheRequest request = request(new UseCase(useCase), EngineFixture.NEAR);
    for (int i = 0; i < 2; i++) {
      assertThat(((Outcome.Bypassed) ask(request)).reason().code()).isEqualTo(reason);
    }
    assertThat(fixture.map.entries()).isEmpty();
    assertThat(fixture.exact.calls()).isZero();
    fixture.audit(2);
  }
}
