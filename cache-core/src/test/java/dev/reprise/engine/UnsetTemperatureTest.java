package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import dev.reprise.policy.UpstreamTemperature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsetTemperatureTest {
  private static final String QUESTION = "What is a cache?";

  private final List<CacheRequest> told = new ArrayList<>();
  private final CacheEngine engine =
      CacheEngine.builder().requestListener((request, end) -> told.add(request)).build();
  private final List<UpstreamTemperature> asked = new ArrayList<>();

  private final Upstream<String, RuntimeException> upstream =
      new Upstream<>() {
        @Override
        public Reply<String> call() {
          throw new AssertionError("the engine gives the temperature");
        }

        @Override
        public Reply<String> call(UpstreamTemperature temperature) {
          asked.add(temperature);
          return new Reply<>(Answer.ofText("A store."), "");
        }
      };

  @AfterEach
  void close() {
    engine.close();
  }

  private static CacheRequest.Builder request() {
    return CacheRequest.builder(Scope.of("s")).model("gpt-4o-mini").user(QUESTION);
  }

  private Outcome.Answered ask(CacheRequest request) {
    return (Outcome.Answered) engine.serve(request, upstream, AnswerReader.any()).outcome();
  }

  @Test
  void anUnsetTemperatureIsAskedAtZeroAndSharesTheKeyOfZero() {
    Outcome.Answered miss = ask(request().build());
    Outcome.Answered hit = ask(request().build());
    Outcome.Answered explicit = ask(request().temperature(0).build());

    assertThat(asked).containsExactly(UpstreamTemperature.ZERO);
    assertThat(miss.temperature()).isEqualTo(UpstreamTemperature.ZERO);
    assertThat(hit).isInstanceOf(Outcome.ExactHit.class);
    assertThat(hit.temperature()).isEqualTo(UpstreamTemperature.ZERO);
    assertThat(explicit).isInstanceOf(Outcome.ExactHit.class);
    assertThat(explicit.temperature()).isEqualTo(UpstreamTemperature.AS_REQUESTED);
    assertThat(told).allMatch(request -> request.temperature().orElse(-1) == 0);
  }

  @Test
  void whatBypassesIsAskedAsItIs() {
    Outcome.Answered outcome = ask(request().useCase(UseCase.CREATIVE).build());

    assertThat(asked).containsExactly(UpstreamTemperature.AS_REQUESTED);
    assertThat(outcome.temperature()).isEqualTo(UpstreamTemperature.AS_REQUESTED);
    assertThat(told).allMatch(request -> request.temperature().isEmpty());
  }

  @Test
  void asItIsHasAKeyOfItsOwn() {
    ask(request().build());
    CacheRequest asItIs =
        request()
            .control(CacheControl.DEFAULT.withUnsetTemperature(UnsetTemperature.AS_IS))
            .build();

    assertThat(ask(asItIs)).isInstanceOf(Outcome.Computed.class);
    assertThat(ask(asItIs)).isInstanceOf(Outcome.ExactHit.class);
    assertThat(asked).containsExactly(UpstreamTemperature.ZERO, UpstreamTemperature.AS_REQUESTED);
  }

  @Test
  void aModelThatRefusedATemperatureIsAskedAsItIsUnderTheSameKey() {
    ask(request().build());
    engine.temperatureRefused(request().build());

    assertThat(ask(request().build())).isInstanceOf(Outcome.ExactHit.class);
    ask(request().user("And what is a key?").build());
    ask(request().user("Why?").parameter("reasoning_effort", "low").build());
    ask(request().user("Why?").model("gpt-4.1").build());

    assertThat(asked)
        .containsExactly(
            UpstreamTemperature.ZERO,
            UpstreamTemperature.AS_REQUESTED,
            UpstreamTemperature.ZERO,
            UpstreamTemperature.ZERO);
  }

  @Test
  void refusalsAreBounded() {
    RefusedTemperatures refused = new RefusedTemperatures();
    for (int i = 0; i < 2 * RefusedTemperatures.MAXIMUM; i++) {
      refused.add(request().model("m" + i).build());
    }
    assertThat(refused.has(request().model("m0").build())).isTrue();
    assertThat(refused.has(request().model("m" + (2 * RefusedTemperatures.MAXIMUM - 1)).build()))
        .isFalse();
  }

  @Test
  void aRefusalIsABadRequestThatNamesTheTemperature() {
    String openAi =
        "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1)"
            + " value is supported.";
    assertThat(TemperatureRefusal.isLikely(400, openAi)).isTrue();
    assertThat(TemperatureRefusal.isLikely(422, "`temperature` is deprecated")).isTrue();
    assertThat(TemperatureRefusal.isLikely(429, openAi)).isFalse();
    assertThat(TemperatureRefusal.isLikely(400, "max_tokens is too large")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Der Parameter Temperatur wird von diesem Modell nicht unterst\u00fctzt",
        "Le param\u00e8tre temp\u00e9rature n'est pas pris en charge",
        "{\"error\":{\"message\":\"\\u6a21\\u578b\\u4e0d\\u652f\\u6301\\u6e29\\u5ea6\\u53c2\\u6570\"}}",
        "\u30d1\u30e9\u30e1\u30fc\u30bf\u300c\u6e29\u5ea6\u300d\u306f\u4f7f\u3048\u307e\u305b\u3093",
        "{\"error\":{\"message\":\"Unsupported value.\",\"param\":\"temperature\"}}",
        "{\"error\":{\"message\":\"Bad value\", \"param\": \"generationConfig.temperature\"}}",
        "{\"error\":{\"code\":\"unsupported_parameter\",\"param\":null,\"message\":\"No.\"}}",
        "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\"]}]}",
        "litellm.UnsupportedParamsError: this model does not support parameters",
        "Sampling parameters cannot be set for reasoning models"
      })
  void aRefusalIsRecognisedInOtherWords(String text) {
    assertThat(TemperatureRefusal.isLikely(400, text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"code\":\"unsupported_parameter\",\"param\":\"max_tokens\",\"message\":\"Use another.\"}}",
        "{\"error\":{\"message\":\"Invalid temperature unit in tool\",\"param\":\"tools[0]\"}}",
        "This model's maximum context length is 8192 tokens",
        "Incorrect API key provided"
      })
  void anotherErrorIsNoRefusal(String text) {
    assertThat(TemperatureRefusal.isLikely(400, text)).isFalse();
  }
}
