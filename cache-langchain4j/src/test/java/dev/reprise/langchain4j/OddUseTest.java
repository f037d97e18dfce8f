package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.Outcome;
import dev.reprise.langchain4j.ScriptedStreamingChatModel.Recorder;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.testing.NullArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The library, used in ways that nobody planned: the caller sees what a direct call shows. */
class OddUseTest {
  private static final Scope SCOPE = Scope.of("shop");

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private static ChatRequest question(String text) {
    return ChatRequest.builder().messages(UserMessage.from(text)).build();
  }

  private CachingChatModel cached(ChatModel model) {
    return CachingChatModel.builder(model, engine, SCOPE).build();
  }

  private CachingStreamingChatModel cached(StreamingChatModel model) {
    return CachingStreamingChatModel.builder(model, engine, SCOPE).build();
  }

  private static Reason reason(Outcome outcome) {
    return ((Outcome.Bypassed) outcome).reason();
  }

  // --- functions of the caller ------------------------------------------------------------------

  @Test
  @SuppressWarnings("NullAway") // what a caller's function does all the same
  void optionsThatAreNullBypass() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel odd =
        CachingChatModel.builder(model, engine, SCOPE).optionsFor(request -> null).build();

    assertThat(reason(odd.answer(question("Why?")).outcome()).detail())
        .isEqualTo("the function given as optionsFor returned null");
  }

  @Test
  @SuppressWarnings("NullAway") // what a mock does
  void aModelThatTellsNothingOfItselfIsCached() {
    AtomicInteger calls = new AtomicInteger();
    ChatModel mock =
        new ChatModel() {
          @Override
          public ChatResponse chat(ChatRequest request) {
            calls.incrementAndGet();
            return ScriptedChatModel.response("It is so.");
          }

          @Override
          public dev.langchain4j.model.@Nullable ModelProvider provider() {
            return null;
          }

          @Override
          public @Nullable ChatRequestParameters defaultRequestParameters() {
            return null;
          }
        };
    CachingChatModel model = cached(mock);

    model.chat(question("Why?"));

    assertThat(model.chat(question("Why?")).aiMessage().text()).isEqualTo("It is so.");
    assertThat(calls).hasValue(1);
  }

  @Test
  @SuppressWarnings("NullAway") // what a mock does
  void aModelThatReturnsNullIsNamed() {
    ChatModel model =
        new ChatModel() {
          @Override
          public @Nullable ChatResponse chat(ChatRequest request) {
            return null;
          }
        };
    assertThatThrownBy(() -> cached(model).chat(question("Why?")))
        .hasMessage("the model returned null in place of a response");
  }

  @Test
  void nullIsRefusedByName() {
    NullArguments.areRefusedBy(ChatModelJudge.class, "of");
    NullArguments.areRefusedBy(CacheMetadata.class, "of");
    NullArguments.areRefusedBy(ChainResult.class, "documentByMetadata");
    CachingChatModel model = cached(ScriptedChatModel.counting());
    NullArguments.areRefusedBy(
        model,
        question("Why?"),
        ChatRequestOptions.EMPTY,
        CacheRequestOptions.DEFAULT,
        hit(model),
        Feedback.RIGHT);
  }

  // --- which model ------------------------------------------------------------------------------

  private static final class One implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request) {
      return ScriptedChatModel.response("one");
    }
  }

  private static final class Two implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request) {
      return ScriptedChatModel.response("two");
    }
  }

  @Test
  void modelsOfTwoClassesThatTellNoNameNeverShare() {
    assertThat(cached(new One()).chat("Why?")).isEqualTo("one");
    assertThat(cached(new Two()).chat("Why?")).isEqualTo("two");
    assertThat(cached(new One()).answer(question("Why?")).wasCached()).isTrue();
  }

  @Test
  void aParameterThatTheDefaultsDropIsNeverMissingFromTheKey() {
    // A wrapper that tells other default parameters than the model in it takes.
    AtomicInteger calls = new AtomicInteger();
    ChatModel wrapper =
        new ChatModel() {
          @Override
          public ChatResponse chat(ChatRequest request) {
            calls.incrementAndGet();
            return ScriptedChatModel.response(
                String.valueOf(((OpenAiChatRequestParameters) request.parameters()).seed()));
          }

          @Override
          public ChatRequestParameters defaultRequestParameters() {
            return dev.langchain4j.model.anthropic.AnthropicChatRequestParameters.builder()
                .temperature(0.0)
                .build();
          }
        };
    CachingChatModel model = cached(wrapper);

    for (int seed = 1; seed <= 2; seed++) {
      ChatRequest request =
          ChatRequest.builder()
              .messages(UserMessage.from("Why?"))
              .parameters(OpenAiChatRequestParameters.builder().seed(seed).build())
              .build();
      assertThat(model.chat(request).aiMessage().text()).isEqualTo(String.valueOf(seed));
    }
    assertThat(calls).hasValue(2);
  }

  @Test
  void repeatedSystemMessagesCount() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    SystemMessage brief = SystemMessage.from("Be brief.");
    ChatRequest once = ChatRequest.builder().messages(brief, UserMessage.from("Why?")).build();
    ChatRequest twice =
        ChatRequest.builder().messages(brief, brief, UserMessage.from("Why?")).build();

    cached(model).chat(once);

    assertThat(cached(model).answer(twice).wasCached()).isFalse();
    assertThat(cached(model).answer(once).wasCached()).isTrue();
  }

  // --- wrapped twice ----------------------------------------------------------------------------

  @Test
  void aModelThatIsWrappedTwiceIsCalledOnce() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel twice = cached(cached(model));

    assertThat(twice.chat("Why?")).isEqualTo("answer 1");
    assertThat(twice.chat("Why?")).isEqualTo("answer 1");
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void aStreamThatIsWrappedTwiceDoesNotWaitForItself() {
    ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("It ", "is.");
    CachingStreamingChatModel twice = cached(cached(model));
    Recorder first = new Recorder();
    Recorder second = new Recorder();

    twice.chat(question("Why?"), first);
    assertThat(first.isDone()).isTrue();
    twice.chat(question("Why?"), second);

    assertThat(second.complete().aiMessage().text()).isEqualTo("It is.");
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void aCallbackThatAsksTheSameQuestionGetsAnAnswer() throws Exception {
    ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("It ", "is.");
    CachingStreamingChatModel streaming = cached(model);
    CompletableFuture<String> inner = new CompletableFuture<>();
    streaming.chat(
        question("Why?"),
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(PartialResponse text, PartialResponseContext context) {
            if (!inner.isDone()) {
              Recorder again = new Recorder();
              streaming.chat(question("Why?"), again);
              inner.complete(again.complete().aiMessage().text());
            }
          }

          @Override
          public void onCompleteResponse(ChatResponse response) {}

          @Override
          public void onError(Throwable error) {
            inner.completeExceptionally(error);
          }
        });
    assertThat(inner.get(5, TimeUnit.SECONDS)).isEqualTo("It is.");
  }

  // --- handlers that fail -----------------------------------------------------------------------

  /** Fails in every callback, and writes down what it is told. */
  private static final class Failing implements StreamingChatResponseHandler {
    private final List<String> seen = new ArrayList<>();

    @Override
    public void onPartialResponse(String text) {
      seen.add("text");
      throw new IllegalStateException("no text");
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      seen.add("complete " + response.aiMessage().text());
      throw new AssertionError("no end");
    }

    @Override
    public void onError(Throwable error) {
      seen.add("error " + error.getMessage());
      throw new IllegalArgumentException("no error");
    }
  }

  @Test
  void aHandlerThatFailsIsToldSoAndStillSeesTheEnd() {
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
            (request, handler) -> {
              handler.onPartialResponse("Yes.");
              handler.onCompleteResponse(ScriptedChatModel.response("Yes."));
            });
    Failing miss = new Failing();
    Failing hit = new Failing();

    cached(model).chat(question("Why?"), miss);
    cached(model).chat(question("Why?"), hit);

    assertThat(miss.seen).containsExactly("text", "error no text", "complete Yes.", "error no end");
    assertThat(hit.seen).isEqualTo(miss.seen);
    assertThat(model.calls()).isEqualTo(1);
  }

  // --- closed -----------------------------------------------------------------------------------

  @Test
  void everyDoorOfAClosedEnginePassesThrough() throws Exception {
    ScriptedStreamingChatModel stream = ScriptedStreamingChatModel.saying("It is.");
    AtomicInteger runs = new AtomicInteger();
    CachingChain<String> chain =
        CachingChain.builder(
                asked -> ChainResult.of("run " + runs.incrementAndGet(), Set.of()), engine, SCOPE)
            .id("support")
            .version("1")
            .build();
    CachingChatModel model = cached(ScriptedChatModel.counting());
    Outcome.Hit hit = hit(model);
    engine.close();
    engine.close();

    for (int i = 0; i < 2; i++) {
      Recorder recorder = new Recorder();
      cached(stream).chat(question("Why?"), recorder);
      assertThat(recorder.complete().aiMessage().text()).isEqualTo("It is.");
      assertThat(chain.ask("Why?").answer()).isEqualTo("run " + (i + 1));
    }
    assertThat(stream.calls()).isEqualTo(2);
    assertThat(model.explain(question("Why?")).bypass().orElseThrow().code())
        .isEqualTo(Reason.Code.CLOSED);
    assertThat(model.feedback(question("Why?"), hit, Feedback.WRONG)).isFalse();
    assertThat(engine.drain(Duration.ofSeconds(1))).isTrue();
    engine.feedback(hit.entry().key(), Feedback.RIGHT);
    engine.invalidate(Tag.of("any"));
    engine.invalidateDocument("any");
    engine.remove(hit.entry().key());
    engine.restore(hit.entry());
    engine.entries(entry -> true);
    assertThat(engine.stats().exactHits()).isEqualTo(1);
  }

  private static Outcome.Hit hit(CachingChatModel model) {
    model.chat(question("Why?"));
    return (Outcome.Hit) model.answer(question("Why?")).outcome();
  }

  // --- chains -----------------------------------------------------------------------------------

  @Test
  void aChainsCodecThatFailsBadlyLeavesTheAnswer() {
    ChainCodec<Object> codec =
        new ChainCodec<>() {
          @Override
          public String format() {
            return "odd/1";
          }

          @Override
          public String encode(Object answer) {
            throw new NoClassDefFoundError("Missing");
          }

          @Override
          public Object decode(String payload) {
            throw new StackOverflowError();
          }
        };
    CachingChain<Object> chain =
        CachingChain.<Object>builder(
                asked -> ChainResult.of(42, Set.of(new Document("d", "1"))), engine, SCOPE, codec)
            .id("odd")
            .version("1")
            .build();

    assertThat(chain.ask("Why?").answer()).isEqualTo(42);
    assertThat(chain.ask("Why?").answer()).isEqualTo(42);
  }

  @Test
  void aChainIsAskedWhatNobodyCanWriteInUtf8() {
    CachingChain<String> chain =
        CachingChain.builder(asked -> ChainResult.of("Yes.", Set.of()), engine, SCOPE)
            .id("odd")
            .version("1")
            .build();
    assertThat(chain.ask("Is \ud800 a letter?").answer()).isEqualTo("Yes.");
    assertThat(chain.ask("Is \ud800 a letter?").answer()).isEqualTo("Yes.");
  }

  @Test
  void anAnswerWithoutTextPassesAndIsNotStored() {
    ScriptedChatModel model =
        ScriptedChatModel.answering(
            request -> ScriptedChatModel.response(AiMessage.from(""), FinishReason.STOP));
    assertThat(cached(model).chat(question("Why?")).aiMessage().text()).isEmpty();
    assertThat(cached(model).answer(question("Why?")).wasCached()).isFalse();
  }
}
