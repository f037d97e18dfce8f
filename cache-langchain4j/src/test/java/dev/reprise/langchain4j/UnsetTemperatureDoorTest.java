package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.langchain4j.ScriptedStreamingChatModel.Recorder;
import dev.reprise.model.Scope;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UpstreamTemperature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnsetTemperatureDoorTest {
  private static final Scope SCOPE = Scope.of("shop");
  private static final ChatRequestParameters OPEN_AI =
      OpenAiChatRequestParameters.builder().modelName("gpt-4o-mini").seed(7).build();
  private static final String REFUSAL =
      "Unsupported value: 'temperature' does not support 0 with this model.";

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private static ChatRequest question(String text) {
    return ChatRequest.builder().messages(UserMessage.from(text)).build();
  }

  private static RuntimeException refusal() {
    return new InvalidRequestException(new HttpException(400, REFUSAL));
  }

  /** A model of today: it takes no temperature. */
  private static ScriptedChatModel refusing() {
    return ScriptedChatModel.answering(
            request -> {
              if (request.parameters().temperature() != null) {
                throw refusal();
              }
              return ScriptedChatModel.response("yes");
            })
        .with(ChatRequestParameters.builder().modelName("new-1").build());
  }

  @Test
  void aModelAtItsDefaultsIsAskedAtZeroAndHits() {
    ScriptedChatModel model = ScriptedChatModel.counting().with(OPEN_AI);
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();

    Outcome.Answered miss = cached.answer(question("Why?")).outcome();
    ChatOutcome hit = cached.answer(question("Why?"));

    assertThat(hit.wasCached()).isTrue();
    assertThat(miss.temperature()).isEqualTo(UpstreamTemperature.ZERO);
    assertThat(model.requests()).hasSize(1);
    ChatRequestParameters asked = model.requests().get(0).parameters();
    assertThat(asked).isInstanceOf(OpenAiChatRequestParameters.class);
    assertThat(asked.temperature()).isZero();
    assertThat(((OpenAiChatRequestParameters) asked).seed()).isEqualTo(7);
    assertThat(asked.modelName()).isEqualTo("gpt-4o-mini");
  }

  @Test
  void itSharesItsAnswersWithTemperatureZero() {
    ScriptedChatModel model = ScriptedChatModel.counting().with(OPEN_AI);
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();
    cached.chat(question("Why?"));

    ChatRequest atZero =
        ChatRequest.builder().messages(UserMessage.from("Why?")).temperature(0.0).build();

    assertThat(cached.answer(atZero).wasCached()).isTrue();
  }

  @Test
  void aReasoningModelIsAskedAsItIsAndHits() {
    ScriptedChatModel model =
        ScriptedChatModel.counting()
            .with(OpenAiChatRequestParameters.builder().modelName("gpt-5-mini").build());
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();

    cached.chat(question("Why?"));

    assertThat(cached.answer(question("Why?")).wasCached()).isTrue();
    assertThat(model.requests().get(0).parameters().temperature()).isNull();
  }

  @Test
  void aModelThatRefusesIsAskedOnceMoreAndRemembered() {
    ScriptedChatModel model = refusing();
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();

    assertThat(cached.chat(question("Why?")).aiMessage().text()).isEqualTo("yes");
    assertThat(model.calls()).isEqualTo(2);
    assertThat(cached.answer(question("Why?")).wasCached()).isTrue();
    cached.chat(question("How?"));
    assertThat(model.calls()).isEqualTo(3);
    assertThat(model.requests().get(2).parameters().temperature()).isNull();
  }

  @Test
  void anotherFailureReachesTheCallerOnceAndIsNotRepeated() {
    RuntimeException failure = new InvalidRequestException(new HttpException(429, "slow down"));
    ScriptedChatModel model =
        ScriptedChatModel.answering(
                request -> {
                  throw failure;
                })
            .with(OPEN_AI);
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();

    assertThatThrownBy(() -> cached.chat(question("Why?"))).isSameAs(failure);
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void aTemperatureOfTheCallersOwnIsNeverTakenAway() {
    ScriptedChatModel model = refusing();
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();
    ChatRequest atZero =
        ChatRequest.builder().messages(UserMessage.from("Why?")).temperature(0.0).build();

    assertThatThrownBy(() -> cached.chat(atZero)).hasMessageContaining("temperature");
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void aBypassedRequestIsPassedOnAsItIs() {
    ScriptedChatModel model = ScriptedChatModel.counting().with(OPEN_AI);
    try (CacheEngine strict =
        CacheEngine.builder()
            .policy(CachePolicy.builder().whenTemperatureIsUnset(UnsetTemperature.BYPASS).build())
            .build()) {
      CachingChatModel cached = CachingChatModel.builder(model, strict, SCOPE).build();
      assertThat(cached.answer(question("Why?")).outcome()).isInstanceOf(Outcome.Bypassed.class);
    }
    assertThat(model.requests().get(0).parameters().temperature()).isNull();
  }

  @Test
  void aStreamIsAskedAtZeroAndSharesItsAnswer() {
    List<Double> asked = new ArrayList<>();
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
                (request, handler) -> {
                  asked.add(request.parameters().temperature());
                  handler.onPartialResponse("yes");
                  handler.onCompleteResponse(ScriptedChatModel.response("yes"));
                })
            .with(OPEN_AI);
    CachingStreamingChatModel cached =
        CachingStreamingChatModel.builder(model, engine, SCOPE).build();

    Recorder miss = new Recorder();
    cached.chat(question("Why?"), miss);
    Recorder hit = new Recorder();
    cached.chat(question("Why?"), hit);

    assertThat(CacheMetadata.of(miss.complete())).isEmpty();
    assertThat(CacheMetadata.of(hit.complete())).isPresent();
    assertThat(asked).containsExactly(0.0);
    ScriptedChatModel awaited = ScriptedChatModel.counting().with(OPEN_AI);
    assertThat(
            CachingChatModel.builder(awaited, engine, SCOPE)
                .build()
                .answer(question("Why?"))
                .wasCached())
        .isTrue();
  }

  @Test
  void aStreamThatIsRefusedStartsOnceMore() {
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
                (request, handler) -> {
                  if (request.parameters().temperature() != null) {
                    handler.onError(refusal());
                    return;
                  }
                  handler.onPartialResponse("yes");
                  handler.onCompleteResponse(ScriptedChatModel.response("yes"));
                })
            .with(OPEN_AI);
    CachingStreamingChatModel cached =
        CachingStreamingChatModel.builder(model, engine, SCOPE).build();

    Recorder first = new Recorder();
    cached.chat(question("Why?"), first);
    Recorder other = new Recorder();
    cached.chat(question("How?"), other);

    assertThat(first.lines()).containsExactly("plain:yes", "complete");
    assertThat(other.complete().aiMessage().text()).isEqualTo("yes");
    assertThat(model.calls()).isEqualTo(3);
  }

  @Test
  void aStreamThatFailsTwiceFailsOnce() {
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
                (request, handler) -> {
                  throw refusal();
                })
            .with(OPEN_AI);
    Recorder recorder = new Recorder();
    CachingStreamingChatModel.builder(model, engine, SCOPE)
        .build()
        .chat(question("Why?"), recorder);

    assertThatThrownBy(recorder::complete).isInstanceOf(CompletionException.class);
    assertThat(recorder.lines()).hasSize(1);
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void aChainLearnsTheTemperatureAndADeclaredOneIsBoundByThePolicy() {
    List<UpstreamTemperature> asked = new ArrayList<>();
    Chain<String> chain =
        new Chain<>() {
          @Override
          public ChainResult<String> run(ChainQuestion question) {
            throw new AssertionError("the cache gives the temperature");
          }

          @Override
          public ChainResult<String> run(ChainQuestion question, UpstreamTemperature temperature) {
            asked.add(Objects.requireNonNull(temperature));
            return ChainResult.of("yes", Set.of());
          }
        };
    CachingChain<String> plain =
        CachingChain.builder(chain, engine, SCOPE).id("c").version("1").build();
    CachingChain<String> hot =
        CachingChain.builder(chain, engine, SCOPE).id("c").version("1").temperature(0.9).build();

    assertThat(plain.ask("Why?").wasCached()).isFalse();
    assertThat(plain.ask("Why?").wasCached()).isTrue();
    assertThat(hot.ask("Why?").outcome()).isInstanceOf(Outcome.Bypassed.class);
    assertThat(asked).containsExactly(UpstreamTemperature.ZERO, UpstreamTemperature.AS_REQUESTED);
  }
}
