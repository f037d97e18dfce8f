package dev.reprise.langchain4j;

import static dev.reprise.langchain4j.ScriptedStreamingChatModel.give;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.NotCachedException;
import dev.reprise.integration.internal.TextChunks;
import dev.reprise.langchain4j.ScriptedStreamingChatModel.Handle;
import dev.reprise.langchain4j.ScriptedStreamingChatModel.Recorder;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.policy.CachePolicy;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachingStreamingChatModelTest {
  private static final Scope SCOPE = Scope.of("shop");
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("What is a cache?")).build();

  private final CacheEngine engine =
      CacheEngine.builder()
          .policy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
          .build();

  @AfterEach
  void close() {
    engine.close();
  }

  private CachingStreamingChatModel cached(ScriptedStreamingChatModel model) {
    return CachingStreamingChatModel.builder(model, engine, SCOPE).build();
  }

  private static Recorder ask(CachingStreamingChatModel model) {
    Recorder recorder = new Recorder();
    model.chat(QUESTION, recorder);
    return recorder;
  }

  @Test
  void aMissPassesEveryCallbackOnAndAHitReplaysTheAnswer() {
    ToolExecutionRequest call =
        ToolExecutionRequest.builder().id("1").name("look").arguments("{}").build();
    ChatResponse whole =
        ScriptedChatModel.response(
            AiMessage.builder()
                .text("A cache remembers.")
                .thinking("What is it?")
                .toolExecutionRequests(List.of(call))
                .build(),
            FinishReason.TOOL_EXECUTION);
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
            (request, handler) -> {
              handler.onPartialThinking(new PartialThinking("What is it?"));
              handler.onPartialResponse("A cache ");
              give(handler, "remembers.", new Handle());
              handler.onPartialToolCall(
                  PartialToolCall.builder()
                      .index(0)
                      .id("1")
                      .name("look")
                      .partialArguments("{}")
                      .build());
              handler.onCompleteToolCall(new CompleteToolCall(0, call));
              handler.onUnmappedRawEvent("ping");
              handler.onCompleteResponse(whole);
            });
    CachingStreamingChatModel cached = cached(model);

    Recorder miss = ask(cached);
    Recorder hit = ask(cached);

    assertThat(miss.lines())
        .containsExactly(
            "thinking:What is it?",
            "plain:A cache ",
            "text:remembers.",
            "tool part:{}",
            "tool:0look",
            "raw:ping",
            "complete");
    assertThat(miss.complete()).isSameAs(whole);
    assertThat(hit.lines())
        .containsExactly(
            "thinking:What",
            "thinking: is",
            "thinking: it?",
            "text:A",
            "text: cache",
            "text: remembers.",
            "tool:0look",
            "complete");
    assertThat(hit.complete().aiMessage()).isEqualTo(whole.aiMessage());
    assertThat(CacheMetadata.of(hit.complete())).isPresent();
    assertThat(CacheMetadata.of(miss.complete())).isEmpty();
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void aStreamedAnswerServesAnAwaitedOne() {
    ask(cached(ScriptedStreamingChatModel.saying("A ", "cache.")));
    ScriptedChatModel model = ScriptedChatModel.saying("other");

    ChatOutcome outcome = CachingChatModel.builder(model, engine, SCOPE).build().answer(QUESTION);

    assertThat(outcome.wasCached()).isTrue();
    assertThat(outcome.response().aiMessage().text()).isEqualTo("A cache.");
    assertThat(model.calls()).isZero();
  }

  @Test
  void anAwaitedAnswerServesAStream() {
    CachingChatModel.builder(ScriptedChatModel.saying("A cache."), engine, SCOPE)
        .build()
        .chat(QUESTION);
    ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("other");

    assertThat(ask(cached(model)).lines()).containsExactly("text:A", "text: cache.", "complete");
    assertThat(model.calls()).isZero();
  }

  @Test
  void aStreamThatBrokeOffIsNotStored() {
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
            (request, handler) -> {
              handler.onPartialResponse("A ca");
              handler.onCompleteResponse(
                  ChatResponse.builder().aiMessage(AiMessage.from("A ca")).build());
            });
    CachingStreamingChatModel cached = cached(model);

    ask(cached);
    ask(cached);

    assertThat(model.calls()).isEqualTo(2);
    assertThat(engine.stats().notStoredByReason()).containsEntry(Reason.Code.INCOMPLETE, 2L);
  }

  @Test
  void aModelThatNeverGivesAFinishReasonCanBeTrusted() {
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
            (request, handler) ->
                handler.onCompleteResponse(
                    ChatResponse.builder().aiMessage(AiMessage.from("A cache.")).build()));
    CachingStreamingChatModel cached =
        CachingStreamingChatModel.builder(model, engine, SCOPE)
            .whenFinishReasonIsMissing(Completion.COMPLETE)
            .build();

    ask(cached);
    ask(cached);

    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void anErrorReachesTheHandlerAndIsNotStored() {
    IllegalStateException own = new IllegalStateException("cut off");
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
            (request, handler) -> {
              handler.onPartialResponse("A");
              handler.onError(own);
            });
    CachingStreamingChatModel cached = cached(model);

    Recorder recorder = ask(cached);

    assertThat(recorder.lines()).containsExactly("plain:A", "error:cut off");
    assertThatThrownBy(recorder::complete)
        .isInstanceOf(CompletionException.class)
        .hasRootCause(own);
    assertThat(engine.stats().failed()).isEqualTo(1);
    assertThat(engine.stats().stored()).isZero();
  }

  @Test
  void onlyIfCachedIsAnError() {
    ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("A");
    Recorder recorder = new Recorder();

    cached(model)
        .chat(
            QUESTION,
            CacheRequestOptions.of(
                CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED)),
            recorder);

    assertThatThrownBy(recorder::complete).hasCauseInstanceOf(NotCachedException.class);
    assertThat(model.calls()).isZero();
  }

  @Test
  void aReplayStopsWhereItIsCancelled() {
    CachingStreamingChatModel cached =
        cached(ScriptedStreamingChatModel.saying("one ", "two ", "three"));
    ask(cached);
    Recorder recorder = new Recorder().cancellingAfter(2);

    cached.chat(QUESTION, recorder);

    assertThat(recorder.lines()).containsExactly("text:one", "text: two");
    assertThat(recorder.isDone()).isFalse();
  }

  @Test
  void cancellingTheOnlySubscriberCancelsTheModel() {
    Handle handle = new Handle();
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming(
            (request, handler) -> {
              for (String piece : List.of("one ", "two ", "three ")) {
                give(handler, piece, handle);
              }
            });
    Recorder recorder = new Recorder().cancellingAfter(2);

    cached(model).chat(QUESTION, recorder);

    assertThat(recorder.lines()).containsExactly("text:one ", "text:two ");
    assertThat(handle.isCancelled()).isTrue();
    assertThat(engine.stats().cancelled()).isEqualTo(1);
    assertThat(engine.stats().requests()).isEqualTo(1);
  }

  @Test
  void cancellingOneOfTwoSubscribersLeavesTheOtherItsStream() {
    Handle handle = new Handle();
    AtomicReference<StreamingChatResponseHandler> upstream = new AtomicReference<>();
    ScriptedStreamingChatModel model =
        ScriptedStreamingChatModel.streaming((request, handler) -> upstream.set(handler));
    CachingStreamingChatModel cached = cached(model);
    Recorder leader = new Recorder().cancellingAfter(2);
    Recorder follower = new Recorder();
    cached.chat(QUESTION, leader);
    give(upstream.get(), "one ", handle);
    cached.chat(QUESTION, follower);

    give(upstream.get(), "two ", handle);
    give(upstream.get(), "three", handle);
    ChatResponse whole = ScriptedChatModel.response("one two three");
    upstream.get().onCompleteResponse(whole);

    assertThat(follower.complete()).isSameAs(whole);
    assertThat(follower.lines())
        .containsExactly("text:one ", "text:two ", "text:three", "complete");
    assertThat(leader.lines()).containsExactly("text:one ", "text:two ");
    assertThat(handle.isCancelled()).isFalse();
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void wordsAreTheTextWhateverItIs() {
    for (String text :
        List.of("", " ", "a", "a b", " a  b\n c ", "x".repeat(200), "\uD83D\uDE00".repeat(100))) {
      List<String> words = TextChunks.of(text);
      assertThat(String.join("", words)).isEqualTo(text);
      assertThat(words).allSatisfy(word -> assertThat(word.length()).isBetween(1, 65));
      assertThat(words)
          .noneSatisfy(word -> assertThat(Character.isLowSurrogate(word.charAt(0))).isTrue());
    }
  }
}
