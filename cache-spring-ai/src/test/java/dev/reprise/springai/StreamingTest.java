package dev.reprise.springai;

import static dev.reprise.springai.ScriptedModel.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.NotCachedException;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class StreamingTest {
  private static final Scope SCOPE = Scope.of("shop");
  private static final Prompt QUESTION = new Prompt("What is a cache?");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private CachingChatModel cached(ScriptedModel model) {
    return CachingChatModel.builder(model, engine, SCOPE).build();
  }

  private static List<ChatResponse> all(Flux<ChatResponse> stream) {
    return stream.collectList().block(PATIENCE);
  }

  @Test
  void aMissPassesTheModelsChunksOnAndAHitReplaysThem() {
    ScriptedModel model = ScriptedModel.counting();
    CachingChatModel cached = cached(model);

    List<ChatResponse> miss = all(cached.stream(QUESTION));
    List<ChatResponse> hit = all(cached.stream(QUESTION));

    assertThat(model.calls()).isEqualTo(1);
    assertThat(miss).hasSize(2).noneMatch(CacheMetadata::isCached);
    assertThat(Texts.of(hit)).isEqualTo("answer 1").isEqualTo(Texts.of(miss));
    assertThat(hit).hasSize(2).allMatch(CacheMetadata::isCached);
    ChatResponse last = hit.get(1);
    assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
    assertThat(last.getMetadata().getUsage().getTotalTokens()).isEqualTo(10);
    assertThat(hit.get(0).getMetadata().getUsage().getTotalTokens()).isEqualTo(0);
    assertThat(hit.get(0).getResult().getOutput().getMetadata()).containsEntry("role", "a");
  }

  @Test
  void nothingIsAskedBeforeTheStreamIsSubscribed() {
    ScriptedModel model = ScriptedModel.counting();
    Flux<ChatResponse> stream = cached(model).stream(QUESTION);

    assertThat(model.calls()).isEqualTo(0);
    assertThat(Texts.of(all(stream))).isEqualTo("answer 1");
    assertThat(Texts.of(all(stream))).isEqualTo("answer 1");
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void aStreamedAnswerServesAnAwaitedOneAndTheOtherWayRound() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    all(cached.stream(QUESTION));

    assertThat(cached.answer(QUESTION).wasCached()).isTrue();
    assertThat(Texts.of(cached.call(QUESTION))).isEqualTo("answer 1");

    Prompt other = new Prompt("What is a hash?");
    cached.call(other);
    assertThat(Texts.of(all(cached.stream(other)))).isEqualTo("answer 2");
  }

  @Test
  void anUnsetTemperatureIsAskedAtZero() {
    ScriptedModel model = ScriptedModel.counting();

    all(cached(model).stream(QUESTION));

    ChatOptions asked = model.last().getOptions();
    assertThat(asked.getTemperature()).isEqualTo(0.0);
    assertThat(asked.getModel()).isEqualTo("scripted-1");
  }

  @Test
  void aModelThatTakesNoTemperatureIsStreamedAsItIs() {
    ScriptedModel model =
        ScriptedModel.streaming(
            prompt ->
                prompt.getOptions() != null && prompt.getOptions().getTemperature() != null
                    ? Flux.error(new IllegalStateException("400: temperature is not supported"))
                    : Flux.just(chunk("yes", "STOP")));
    CachingChatModel cached = cached(model);

    assertThat(Texts.of(all(cached.stream(QUESTION)))).isEqualTo("yes");
    assertThat(model.calls()).isEqualTo(2);
    assertThat(Texts.of(all(cached.stream(QUESTION)))).isEqualTo("yes");
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void aCancelledStreamIsStoppedAndNotStored() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    Sinks.Many<ChatResponse> chunks = Sinks.many().unicast().onBackpressureBuffer();
    AtomicBoolean first = new AtomicBoolean(true);
    ScriptedModel model =
        ScriptedModel.streaming(
            prompt ->
                first.getAndSet(false)
                    ? chunks.asFlux().doOnCancel(stopped::countDown)
                    : Flux.just(chunk("whole", "STOP")));
    CachingChatModel cached = cached(model);
    CountDownLatch begun = new CountDownLatch(1);

    Disposable subscription =
        cached.stream(QUESTION).subscribe(chunk -> begun.countDown(), failure -> {});
    Eventually.that("the model is subscribed to", () -> chunks.currentSubscriberCount() > 0);
    chunks.tryEmitNext(chunk("par", null));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    subscription.dispose();

    assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(Texts.of(all(cached.stream(QUESTION)))).isEqualTo("whole");
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void aStreamThatFailsIsNotStored() {
    AtomicBoolean first = new AtomicBoolean(true);
    IllegalStateException broken = new IllegalStateException("connection reset");
    ScriptedModel model =
        ScriptedModel.streaming(
            prompt ->
                first.getAndSet(false)
                    ? Flux.concat(Flux.just(chunk("par", null)), Flux.error(broken))
                    : Flux.just(chunk("whole", "STOP")));
    CachingChatModel cached = cached(model);

    assertThatThrownBy(() -> all(cached.stream(QUESTION))).isSameAs(broken);
    assertThat(Texts.of(all(cached.stream(QUESTION)))).isEqualTo("whole");
  }

  @Test
  void aStreamWithoutAFinishReasonIsNotStored() {
    ScriptedModel model = ScriptedModel.streaming(prompt -> Flux.just(chunk("cut of", null)));
    CachingChatModel cached = cached(model);

    all(cached.stream(QUESTION));
    all(cached.stream(QUESTION));

    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void equalStreamsUnderWayAreAskedOnce() {
    Sinks.Many<ChatResponse> chunks = Sinks.many().unicast().onBackpressureBuffer();
    ScriptedModel model = ScriptedModel.streaming(prompt -> chunks.asFlux());
    CachingChatModel cached = cached(model);
    AtomicReference<String> one = new AtomicReference<>();
    CountDownLatch ended = new CountDownLatch(2);

    cached.stream(QUESTION)
        .collectList()
        .subscribe(
            all -> {
              one.set(Texts.of(all));
              ended.countDown();
            });
    Eventually.that("the model is subscribed to", () -> chunks.currentSubscriberCount() > 0);
    AtomicReference<String> two = new AtomicReference<>();
    CountDownLatch joined = new CountDownLatch(1);
    chunks.tryEmitNext(chunk("sha", null));
    cached.stream(QUESTION)
        .doOnNext(chunk -> joined.countDown())
        .collectList()
        .subscribe(
            all -> {
              two.set(Texts.of(all));
              ended.countDown();
            });
    Eventually.that("the follower has joined", () -> joined.getCount() == 0);
    chunks.tryEmitNext(chunk("red", "STOP"));
    chunks.tryEmitComplete();

    Eventually.that("both have ended", () -> ended.getCount() == 0);
    assertThat(one.get()).isEqualTo("shared").isEqualTo(two.get());
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void thoughtsAmongTheTextAreStreamedAgainFromTheModel() {
    ScriptedModel model =
        ScriptedModel.streaming(
            prompt ->
                Flux.just(
                    new ChatResponse(
                        List.of(
                            new Generation(
                                AssistantMessage.builder()
                                    .content("Let me think.")
                                    .properties(Map.of("isThought", true))
                                    .build()))),
                    chunk("Yes.", "STOP")));
    CachingChatModel cached = cached(model);

    assertThat(all(cached.stream(QUESTION))).hasSize(2);
    assertThat(all(cached.stream(QUESTION))).hasSize(2);
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void toolCallsComeWithTheLastChunk() {
    AssistantMessage.ToolCall call = new AssistantMessage.ToolCall("c", "function", "f", "{}");
    ScriptedModel model =
        ScriptedModel.streaming(
            prompt ->
                Flux.just(
                    new ChatResponse(
                        List.of(
                            new Generation(
                                AssistantMessage.builder().toolCalls(List.of(call)).build(),
                                ChatGenerationMetadata.builder()
                                    .finishReason("TOOL_CALLS")
                                    .build())))));
    CachingChatModel cached = cached(model);

    assertThat(all(cached.stream(QUESTION)).get(0).hasToolCalls()).isTrue();
    assertThat(all(cached.stream(QUESTION)).get(0).hasToolCalls()).isTrue();
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void onlyACachedStreamCanBeAskedFor() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    CacheRequestOptions only =
        CacheRequestOptions.of(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED));

    assertThatThrownBy(() -> all(cached.stream(QUESTION, only)))
        .isInstanceOf(NotCachedException.class);
  }

  @Test
  void aStreamThatBypassesIsTheModels() {
    ScriptedModel model = ScriptedModel.counting(ChatOptions.builder().temperature(1.0).build());
    CachingChatModel cached = cached(model);

    assertThat(Texts.of(all(cached.stream(QUESTION)))).isEqualTo("answer 1");
    assertThat(Texts.of(all(cached.stream(QUESTION)))).isEqualTo("answer 2");
  }

  @Test
  void theReactorContextReachesTheModel() {
    AtomicReference<String> seen = new AtomicReference<>();
    ScriptedModel model =
        ScriptedModel.streaming(
            prompt ->
                Flux.deferContextual(
                    context -> {
                      seen.set(context.getOrDefault("tenant", "none"));
                      return Flux.just(chunk("yes", "STOP"));
                    }));

    all(cached(model).stream(QUESTION).contextWrite(context -> context.put("tenant", "a")));

    assertThat(seen.get()).isEqualTo("a");
  }
}
