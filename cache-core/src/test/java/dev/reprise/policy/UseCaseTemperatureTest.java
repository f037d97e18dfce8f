package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the policy makes of a request's temperature. */
class UseCaseTemperatureTest {
  private static final CachePolicy DEFAULTS = CachePolicy.defaults();
  private static final String QUESTION = "How do I reset my password?";

  private static CacheRequest.Builder request(UseCase useCase) {
    return CacheRequest.builder(Scope.of("acme")).user(QUESTION).useCase(useCase);
  }

  @Test
  void anExplicitTemperatureAboveTheMaximumBypasses() {
    assertThat(DEFAULTS.plan(request(UseCase.FAQ).temperature(0).build()))
        .isInstanceOf(Plan.ExactOnly.class);
    assertThat(
            DEFAULTS.plan(request(UseCase.FAQ).parameter("temperature", BigDecimal.ZERO).build()))
        .isInstanceOf(Plan.ExactOnly.class);
    assertThat(DEFAULTS.plan(request(UseCase.FAQ).temperature(0.7).build()))
        .isEqualTo(
            bypass(
                Reason.Code.NOT_DETERMINISTIC,
                "temperature is 0.7; the policy caches from 0.0 to 0.0"));
    assertThat(code(DEFAULTS.plan(request(UseCase.FAQ).temperature(-0.5).build())))
        .isEqualTo(Reason.Code.NOT_DETERMINISTIC);
    assertThat(DEFAULTS.plan(request(UseCase.FAQ).parameter("temperature", "0").build()))
        .isEqualTo(bypass(Reason.Code.NOT_DETERMINISTIC, "temperature is not a number"));
  }

  @Test
  void anUnsetTemperatureIsAskedAtZeroAndCached() {
    assertThat(terms(DEFAULTS.plan(request(UseCase.FAQ).build())).temperature())
        .isEqualTo(UpstreamTemperature.ZERO);
    assertThat(
            terms(DEFAULTS.plan(request(UseCase.FAQ).parameter("temperature", null).build()))
                .temperature())
        .isEqualTo(UpstreamTemperature.ZERO);
    assertThat(terms(DEFAULTS.plan(request(UseCase.FAQ).temperature(0).build())).temperature())
        .isEqualTo(UpstreamTemperature.AS_REQUESTED);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-5,                               AS_REQUESTED",
    "gpt-5.1-mini,                        AS_REQUESTED",
    "openai/gpt-5-nano,                   AS_REQUESTED",
    "o1,                                  AS_REQUESTED",
    "o3-mini-2025-01-31,                  AS_REQUESTED",
    "o4-mini,                             AS_REQUESTED",
    "gpt-4o-search-preview,               AS_REQUESTED",
    "gpt-4o-mini-search-preview-2025-03-11, AS_REQUESTED",
    "gpt-4o-mini,                         ZERO",
    "claude-sonnet-4-5,                   ZERO",
    "openrouter/openai/gpt-4.1,           ZERO",
    "o2-like-but-ours,                    ZERO",
    "'',                                  ZERO",
  })
  void aModelThatTakesNoTemperatureIsAskedAsItIs(String model, UpstreamTemperature expected) {
    assertThat(terms(DEFAULTS.plan(request(UseCase.FAQ).model(model).build())).temperature())
        .isEqualTo(expected);
  }

  @Test
  void whatIsDoneWhenTemperatureIsUnsetCanBeChosenByPolicyModelUseCaseAndRequest() {
    CachePolicy policy =
        CachePolicy.builder()
            .whenTemperatureIsUnset(UnsetTemperature.BYPASS)
            .whenTemperatureIsUnset("mistral-*", UnsetTemperature.AS_IS)
            .whenTemperatureIsUnset("mistral-large", UnsetTemperature.BYPASS)
            .whenTemperatureIsUnset(UseCase.FAQ, UnsetTemperature.ZERO)
            .modelsWithoutTemperature(java.util.List.of("magistral*"))
            .build();

    assertThat(policy.plan(request(UseCase.QUESTION).model("gpt-5").build()))
        .isEqualTo(
            bypass(
                Reason.Code.NOT_DETERMINISTIC,
                "temperature is not set, and the policy bypasses such requests"));
    assertThat(unset(policy, UseCase.QUESTION, "mistral-large", CacheControl.DEFAULT))
        .isEqualTo(UpstreamTemperature.AS_REQUESTED);
    assertThat(unset(policy, UseCase.FAQ, "mistral-large", CacheControl.DEFAULT))
        .isEqualTo(UpstreamTemperature.ZERO);
    assertThat(unset(policy, UseCase.FAQ, "magistral-medium", CacheControl.DEFAULT))
        .isEqualTo(UpstreamTemperature.AS_REQUESTED);
    assertThat(
            unset(
                policy,
                UseCase.FAQ,
                "mistral-large",
                CacheControl.DEFAULT.withUnsetTemperature(UnsetTemperature.AS_IS)))
        .isEqualTo(UpstreamTemperature.AS_REQUESTED);
    assertThat(
            unset(
                policy,
                UseCase.QUESTION,
                "other",
                CacheControl.DEFAULT.withUnsetTemperature(UnsetTemperature.ZERO)))
        .isEqualTo(UpstreamTemperature.ZERO);
    assertThat(
            code(
                policy.plan(
                    request(UseCase.FAQ)
                        .control(CacheControl.DEFAULT.withUnsetTemperature(UnsetTemperature.BYPASS))
                        .build())))
        .isEqualTo(Reason.Code.NOT_DETERMINISTIC);
  }

  private static UpstreamTemperature unset(
      CachePolicy policy, UseCase useCase, String model, CacheControl control) {
    return terms(policy.plan(request(useCase).model(model).control(control).build())).temperature();
  }

  @Test
  void theMaximumIsOfExplicitTemperatures() {
    CachePolicy policy = CachePolicy.builder().maximumTemperature(0.7).build();
    assertThat(policy.plan(request(UseCase.FAQ).temperature(0.7).build()))
        .isInstanceOf(Plan.ExactOnly.class);
    assertThat(code(policy.plan(request(UseCase.FAQ).temperature(0.71).build())))
        .isEqualTo(Reason.Code.NOT_DETERMINISTIC);
    assertThat(terms(policy.plan(request(UseCase.FAQ).build())).temperature())
        .isEqualTo(UpstreamTemperature.ZERO);
  }

  @Test
  void anyTemperatureTakesAllAsTheyAre() {
    CachePolicy policy = CachePolicy.builder().anyTemperature().build();
    assertThat(policy.plan(request(UseCase.FAQ).temperature(2).build()))
        .isInstanceOf(Plan.ExactOnly.class);
    assertThat(terms(policy.plan(request(UseCase.FAQ).build())).temperature())
        .isEqualTo(UpstreamTemperature.AS_REQUESTED);
  }

  @Test
  void whatAnUnsetTemperatureDoesIsChecked() {
    var builder = CachePolicy.builder();
    assertThatThrownBy(() -> builder.whenTemperatureIsUnset((UnsetTemperature) null))
        .hasMessage("choice");
    assertThatThrownBy(() -> builder.whenTemperatureIsUnset(" ", UnsetTemperature.ZERO))
        .hasMessage("pattern of model names must not be blank");
    assertThatThrownBy(() -> builder.modelsWithoutTemperature(null)).hasMessage("patterns");
  }

  private static Plan bypass(Reason.Code code, String detail) {
    return new Plan.Bypass(new Reason(code, detail));
  }

  private static Reason.Code code(Plan plan) {
    return ((Plan.Bypass) plan).reason().code();
  }

  private static Plan.Terms terms(Plan plan) {
    return plan instanceof Plan.ExactOnly exact
        ? exact.terms()
        : ((Plan.ExactThenSemantic) plan).terms();
  }
}
