package dev.reprise.langchain4j;

import static dev.reprise.langchain4j.ScriptedChatModel.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.testing.Eventually;
import dev.reprise.tier.CaffeineExactTier;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What has no complete key or no faithful JSON form is neither stored nor shared. */
class UnreadableRequestsTest {
  private static final Scope SCOPE = Scope.of("shop");
  private static final ChatRequest QUESTION = question("What is a cache?");

  private final CacheEngine engine =
      CacheEngine.builder().exactTier(CaffeineExactTier.builder().build()).build();

  @AfterEach
  void close() {
    engine.close();
  }

  private static ChatRequest question(String text) {
    return ChatRequest.builder().messages(UserMessage.from(text)).build();
  }

  private CachingChatModel cached(ScriptedChatModel model) {
    return CachingChatModel.builder(model, engine, SCOPE).build();
  }

  @Test
  void aFailingOptionsFunctionBypasses() {
    CachingChatModel cached =
        CachingChatModel.builder(ScriptedChatModel.saying("yes"), engine, SCOPE)
            .optionsFor(
                request -> {
                  throw new IllegalStateException("not ready");
                })
            .build();

    assertThat(cached.chat(QUESTION).aiMessage().text()).isEqualTo("yes");
    assertThat(engine.stats().bypassedByReason()).containsEntry(Reason.Code.UNMAPPABLE, 1L);
  }

  /** Parameters of a provider that nobody has registered. */
  private static final class StrangeParameters extends DefaultChatRequestParameters {
    private final int effort;

    StrangeParameters(int effort) {
      super(DefaultChatRequestParameters.builder().modelName("strange").temperature(0.0));
      this.effort = effort;
    }

    // LangChain4j would make plain parameters of them.
    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters that) {
      return this;
    }
  }

  @Test
  void unknownParametersBypassAndTellHowToRegisterThem() {
    ScriptedChatModel model = ScriptedChatModel.counting().with(new StrangeParameters(1));
    CachingChatModel cached = cached(model);

    cached.chat(QUESTION);
    ChatOutcome second = cached.answer(QUESTION);

    assertThat(second.outcome()).isInstanceOf(Outcome.Bypassed.class);
    Reason reason = ((Outcome.Bypassed) second.outcome()).reason();
    assertThat(reason.code()).isEqualTo(Reason.Code.UNMAPPABLE);
    assertThat(reason.detail())
        .contains(StrangeParameters.class.getName())
        .contains("ParametersMappers.defaults().with(StrangeParameters.class");
    assertThat(model.calls()).isEqualTo(2);
    assertThat(engine.stats().bypassed()).isEqualTo(2);
    assertThat(engine.stats().requests()).isEqualTo(2);
    assertThat(engine.stats().upstreamCalls()).isEqualTo(2);
  }

  @Test
  void registeredParametersAreInTheKey() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    ParametersMappers mappers =
        ParametersMappers.defaults()
            .with(
                StrangeParameters.class, parameters -> JsonObject.of("effort", parameters.effort));
    CachingChatModel low =
        CachingChatModel.builder(model.with(new StrangeParameters(1)), engine, SCOPE)
            .parametersMappers(mappers)
            .build();
    CachingChatModel high =
        CachingChatModel.builder(model.with(new StrangeParameters(2)), engine, SCOPE)
            .parametersMappers(mappers)
            .build();
    low.chat(QUESTION);

    assertThat(high.answer(QUESTION).wasCached()).isFalse();
    assertThat(low.answer(QUESTION).wasCached()).isTrue();
  }

  @Test
  void aTemperatureAmongOpenAisCustomParametersIsTheTemperature() {
    ScriptedChatModel model =
        ScriptedChatModel.counting()
            .with(
                OpenAiChatRequestParameters.builder()
                    .modelName("m")
                    .customParameters(Map.of("temperature", 0.9))
                    .build());

    Outcome outcome = cached(model).answer(QUESTION).outcome();

    assertThat(((Outcome.Bypassed) outcome).reason().code())
        .isEqualTo(Reason.Code.NOT_DETERMINISTIC);
  }

  @Test
  void aParameterThatIsSetTwiceBypasses() {
    ScriptedChatModel model =
        ScriptedChatModel.counting()
            .with(
                OpenAiChatRequestParameters.builder()
                    .modelName("m")
                    .temperature(0.0)
                    .customParameters(Map.of("temperature", 0.9))
                    .build());

    Outcome outcome = cached(model).answer(QUESTION).outcome();

    assertThat(((Outcome.Bypassed) outcome).reason().detail())
        .isEqualTo("parameter 'temperature' is set twice");
  }

  @Test
  void anUnknownMessageClassBypasses() {
    ChatRequest request =
        ChatRequest.builder().messages(UserMessage.from("Hi"), new AiMessage("yes") {}).build();

    ChatOutcome outcome = cached(ScriptedChatModel.saying("yes")).answer(request);

    assertThat(((Outcome.Bypassed) outcome.outcome()).reason().detail())
        .startsWith("a message of class " + UnreadableRequestsTest.class.getName());
  }

  @Test
  void anAttributeWithoutJsonFormBypasses() {
    ChatRequest request =
        ChatRequest.builder()
            .messages(
                UserMessage.builder()
                    .addContent(dev.langchain4j.data.message.TextContent.from("Hi"))
                    .attributes(Map.of("session", new Object()))
                    .build())
            .build();

    Outcome outcome = cached(ScriptedChatModel.saying("yes")).answer(request).outcome();

    assertThat(((Outcome.Bypassed) outcome).reason().detail())
        .isEqualTo(
            "$.attributes.session is a java.lang.Object; JSON has null, booleans, numbers,"
                + " strings, lists and maps");
  }

  /** A model whose first call waits until it is released. */
  private static final class SlowScript {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final AtomicInteger calls = new AtomicInteger();

    ChatResponse answer(AiMessage message) {
      if (calls.incrementAndGet() == 1) {
        started.countDown();
        try {
          assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return response(message, FinishReason.STOP);
    }
  }

  private List<ChatOutcome> leaderAndFollower(AiMessage message, SlowScript script)
      throws Exception {
    CachingChatModel cached =
        cached(ScriptedChatModel.answering(request -> script.answer(message)));
    CompletableFuture<ChatOutcome> leader =
        CompletableFuture.supplyAsync(() -> cached.answer(QUESTION));
    assertThat(script.started.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<ChatOutcome> follower = new CompletableFuture<>();
    Thread thread = new Thread(() -> follower.complete(cached.answer(QUESTION)));
    thread.start();
    Eventually.that(
        "the follower waits",
        () -> !thread.isAlive() || thread.getState() == Thread.State.TIMED_WAITING);
    script.released.countDown();
    return List.of(leader.get(10, TimeUnit.SECONDS), follower.get(10, TimeUnit.SECONDS));
  }

  @Test
  void whoWaitsForAnEqualCallGetsAnEqualResponse() throws Exception {
    SlowScript script = new SlowScript();
    List<ChatOutcome> both = leaderAndFollower(AiMessage.from("yes"), script);

    assertThat(both.get(1).response().aiMessage()).isEqualTo(both.get(0).response().aiMessage());
    assertThat(((Outcome.Computed) both.get(1).outcome()).call()).isEqualTo(Outcome.Call.SHARED);
    assertThat(both.get(1).wasCached()).isFalse();
    assertThat(script.calls).hasValue(1);
  }

  @Test
  void whatHasNoFaithfulJsonFormIsNeitherStoredNorShared() throws Exception {
    SlowScript script = new SlowScript();
    Object own = new Object();
    AiMessage message = AiMessage.builder().text("yes").attributes(Map.of("own", own)).build();
    List<ChatOutcome> both = leaderAndFollower(message, script);

    assertThat(both.get(1).response().aiMessage().attributes()).containsEntry("own", own);
    assertThat(script.calls).hasValue(2);
    assertThat(engine.stats().stored()).isZero();
    assertThat(engine.stats().requests()).isEqualTo(2);
    assertThat(engine.stats().upstreamCalls()).isEqualTo(2);
  }
}
