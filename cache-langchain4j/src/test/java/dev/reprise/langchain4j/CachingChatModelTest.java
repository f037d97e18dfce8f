package dev.reprise.langchain4j;

import static dev.reprise.langchain4j.ScriptedChatModel.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.curated.CuratedEntry;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachingChatModelTest {
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
  void theSameQuestionIsAnsweredOnce() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel cached = cached(model);

    ChatOutcome first = cached.answer(QUESTION);
    ChatOutcome second = cached.answer(QUESTION);

    assertThat(first.wasCached()).isFalse();
    assertThat(second.wasCached()).isTrue();
    assertThat(second.response().aiMessage()).isEqualTo(first.response().aiMessage());
    assertThat(second.response().tokenUsage()).isEqualTo(first.response().tokenUsage());
    assertThat(second.response().id()).isEqualTo(first.response().id());
    assertThat(second.response().finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(second.response().modelName()).isEqualTo("scripted-1");
    assertThat(model.calls()).isEqualTo(1);
    assertThat(cached.chat("What is a cache?")).isEqualTo("answer 1");
  }

  @Test
  void aCuratedAnswerIsAResponseLikeAnyOther() {
    engine
        .curated()
        .replace(List.of(CuratedEntry.builder("What is a cache?", "A store.").build()), "", "");
    ScriptedChatModel model = ScriptedChatModel.counting();

    ChatResponse hit = cached(model).chat(QUESTION);

    assertThat(hit.aiMessage().text()).isEqualTo("A store.");
    assertThat(hit.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(CacheMetadata.of(hit)).containsInstanceOf(Outcome.CuratedHit.class);
    assertThat(model.calls()).isZero();
  }

  @Test
  void theResponseTellsThatItWasCached() {
    CachingChatModel cached = cached(ScriptedChatModel.saying("yes"));

    assertThat(CacheMetadata.of(cached.chat(QUESTION))).isEmpty();
    ChatResponse hit = cached.chat(QUESTION);

    assertThat(CacheMetadata.of(hit)).containsInstanceOf(Outcome.ExactHit.class);
    ChatResponseMetadata rebuilt = hit.metadata().toBuilder().id("other").build();
    ChatResponse other =
        ChatResponse.builder().aiMessage(hit.aiMessage()).metadata(rebuilt).build();
    assertThat(CacheMetadata.of(other)).isEqualTo(CacheMetadata.of(hit));
    assertThat(other.id()).isEqualTo("other");
    assertThat(other.tokenUsage()).isEqualTo(hit.tokenUsage());
  }

  @Test
  void aMissIsTheDelegatesOwnObject() {
    ChatResponse own =
        ChatResponse.builder()
            .aiMessage(AiMessage.from("yes"))
            .metadata(
                OpenAiChatResponseMetadata.builder()
                    .systemFingerprint("fp")
                    .finishReason(FinishReason.STOP)
                    .build())
            .build();
    CachingChatModel cached = cached(ScriptedChatModel.answering(request -> own));

    assertThat(cached.chat(QUESTION)).isSameAs(own);
    assertThat(cached.chat(QUESTION).aiMessage()).isEqualTo(own.aiMessage());
  }

  @Test
  void theDelegatesDefaultsAreInTheKey() {
    ScriptedChatModel cold = ScriptedChatModel.counting();
    ScriptedChatModel named =
        cold.with(ChatRequestParameters.builder().modelName("other").temperature(0.0).build());
    ScriptedChatModel hot = cold.with(ChatRequestParameters.builder().temperature(0.7).build());
    ScriptedChatModel silent = cold.with(DefaultChatRequestParameters.EMPTY);

    assertThat(cached(cold).answer(QUESTION).wasCached()).isFalse();
    assertThat(cached(named).answer(QUESTION).wasCached()).isFalse();
    assertThat(cached(hot).answer(QUESTION).outcome()).isInstanceOf(Outcome.Bypassed.class);
    assertThat(cached(silent).answer(QUESTION).wasCached()).isFalse();
    assertThat(cached(cold).answer(QUESTION).wasCached()).isTrue();
    assertThat(cached(named).answer(QUESTION).wasCached()).isTrue();
  }

  @Test
  void aRequestWithItsDefaultsMergedInHasTheSameKey() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel cached = cached(model);
    cached.chat(QUESTION);

    ChatResponse again = cached.doChat(model.requests().get(0));

    assertThat(CacheMetadata.of(again)).isPresent();
  }

  @Test
  void theDelegateIsAskedTheMergedRequestOnce() {
    ScriptedChatModel model = ScriptedChatModel.counting();

    cached(model).chat(QUESTION);

    assertThat(model.requests()).hasSize(1);
    assertThat(model.requests().get(0).parameters()).isEqualTo(ScriptedChatModel.PARAMETERS);
  }

  @Test
  void listenersOfTheDelegateSeeRealCallsOnly() {
    List<String> seen = new ArrayList<>();
    ChatModelListener listener =
        new ChatModelListener() {
          @Override
          public void onRequest(ChatModelRequestContext context) {
            seen.add("request " + context.attributes().get("who"));
          }

          @Override
          public void onResponse(ChatModelResponseContext context) {
            seen.add("response " + context.attributes().get("who"));
          }
        };
    CachingChatModel cached = cached(ScriptedChatModel.saying("yes").listener(listener));
    ChatRequestOptions options =
        ChatRequestOptions.builder().listenerAttributes(Map.of("who", "Ann")).build();

    cached.chat(QUESTION, options);
    cached.chat(QUESTION, options);

    assertThat(seen).containsExactly("request Ann", "response Ann");
    assertThat(cached.listeners()).isEmpty();
  }

  @Test
  void itLooksLikeItsDelegate() {
    ScriptedChatModel model = ScriptedChatModel.saying("yes");
    CachingChatModel cached = cached(model);

    assertThat(cached.provider()).isEqualTo(model.provider());
    assertThat(cached.supportedCapabilities()).isEqualTo(model.supportedCapabilities());
    assertThat(cached.defaultRequestParameters()).isEqualTo(model.defaultRequestParameters());
  }

  @Test
  void twoTenantsNeverShare() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel one = CachingChatModel.builder(model, engine, Scope.of("one")).build();
    CachingChatModel two = CachingChatModel.builder(model, engine, Scope.of("two")).build();

    assertThat(one.chat("Who am I?")).isEqualTo("answer 1");
    assertThat(two.chat("Who am I?")).isEqualTo("answer 2");
    assertThat(one.chat("Who am I?")).isEqualTo("answer 1");
  }

  @Test
  void providerAndModelNameCanBeOverridden() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel east =
        CachingChatModel.builder(model, engine, SCOPE).provider("east").modelName("m").build();
    CachingChatModel west =
        CachingChatModel.builder(model, engine, SCOPE).provider("west").modelName("m").build();
    east.chat(QUESTION);

    assertThat(west.answer(QUESTION).wasCached()).isFalse();
    assertThat(east.answer(QUESTION).wasCached()).isTrue();
  }

  @Test
  void onlyIfCachedNeverCallsTheModel() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel cached = cached(model);
    CacheRequestOptions onlyIfCached =
        CacheRequestOptions.of(CacheControl.DEFAULT.with(Directive.ONLY_IF_CACHED));

    assertThatThrownBy(() -> cached.answer(QUESTION, onlyIfCached))
        .isInstanceOf(NotCachedException.class)
        .hasMessageContaining("only-if-cached");
    assertThat(model.calls()).isZero();
    cached.chat(QUESTION);
    assertThat(cached.answer(QUESTION, onlyIfCached).wasCached()).isTrue();
    assertThat(engine.stats().unsatisfied()).isEqualTo(1);
  }

  @Test
  void onlyIfCachedNeverCallsTheModelForWhatBypassesTheCache() {
    ScriptedChatModel model = ScriptedChatModel.counting().with(new StrangeParameters());
    CacheControl onlyIfCached = CacheControl.DEFAULT.with(Directive.ONLY_IF_CACHED);

    assertThatThrownBy(() -> cached(model).answer(QUESTION, CacheRequestOptions.of(onlyIfCached)))
        .isInstanceOf(NotCachedException.class);
    assertThatThrownBy(
            () ->
                cached(ScriptedChatModel.counting())
                    .answer(QUESTION, CacheRequestOptions.of(UseCase.CREATIVE).with(onlyIfCached)))
        .isInstanceOf(NotCachedException.class);
    assertThat(model.calls()).isZero();
    assertThat(engine.stats().unsatisfied()).isEqualTo(2);
    assertThat(engine.stats().requests()).isEqualTo(2);
  }

  @Test
  void noCacheAsksAgainAndStores() {
    CachingChatModel cached = cached(ScriptedChatModel.counting());
    cached.chat(QUESTION);

    ChatOutcome fresh =
        cached.answer(
            QUESTION, CacheRequestOptions.of(CacheControl.DEFAULT.with(Directive.NO_CACHE)));

    assertThat(fresh.response().aiMessage().text()).isEqualTo("answer 2");
    assertThat(cached.answer(QUESTION).response().aiMessage().text()).isEqualTo("answer 2");
  }

  @Test
  void optionsCanDependOnTheRequest() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel cached =
        CachingChatModel.builder(model, engine, SCOPE)
            .optionsFor(
                request ->
                    request.messages().size() > 1
                        ? CacheRequestOptions.of(UseCase.CREATIVE)
                        : CacheRequestOptions.DEFAULT)
            .build();

    cached.chat(QUESTION);
    assertThat(cached.answer(QUESTION).wasCached()).isTrue();
    ChatRequest two =
        ChatRequest.builder().messages(UserMessage.from("Hi"), UserMessage.from("again")).build();
    assertThat(cached.answer(two).outcome()).isInstanceOf(Outcome.Bypassed.class);
  }

  /** Parameters of a provider that nobody has registered. */
  private static final class StrangeParameters extends DefaultChatRequestParameters {
    StrangeParameters() {
      super(DefaultChatRequestParameters.builder().modelName("strange").temperature(0.0));
    }

    // LangChain4j would make plain parameters of them.
    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters that) {
      return this;
    }
  }

  @Test
  void theDelegatesExceptionReachesTheCallerAsItIs() {
    IllegalStateException own = new IllegalStateException("overloaded");
    AtomicInteger calls = new AtomicInteger();
    CachingChatModel cached =
        cached(
            ScriptedChatModel.answering(
                request -> {
                  if (calls.incrementAndGet() == 1) {
                    throw own;
                  }
                  return response("better");
                }));

    assertThatThrownBy(() -> cached.chat(QUESTION)).isSameAs(own);
    assertThat(cached.chat(QUESTION).aiMessage().text()).isEqualTo("better");
  }

  @Test
  void aPayloadThatCannotBeReadIsAMiss() {
    try (CacheEngine corrupt = CacheEngine.builder().exactTier(new CorruptingTier()).build()) {
      ScriptedChatModel model = ScriptedChatModel.counting();
      CachingChatModel cached = CachingChatModel.builder(model, corrupt, SCOPE).build();

      assertThat(cached.chat("Why?")).isEqualTo("answer 1");
      assertThat(cached.chat("Why?")).isEqualTo("answer 2");

      assertThat(corrupt.stats().troubleByPart().get("payload")).isPositive();
      assertThat(corrupt.stats().computed()).isEqualTo(2);
      assertThat(corrupt.stats().requests()).isEqualTo(2);
    }
  }

  /** Cuts every payload that is fetched in two. */
  private static final class CorruptingTier extends ForwardingExactTier {
    CorruptingTier() {
      super(CaffeineExactTier.builder().build());
    }

    @Override
    public String name() {
      return "corrupt";
    }

    @Override
    public Optional<Fetched> fetch(ExactKey key) {
      return super.fetch(key)
          .map(
              fetched -> {
                Entry entry = fetched.entry();
                Answer answer = entry.answer();
                String half = answer.payload().substring(answer.payload().length() / 2);
                return new Fetched(
                    new Entry(
                        entry.key(),
                        entry.question(),
                        new Answer(
                            answer.text(),
                            half,
                            answer.completion(),
                            answer.usage(),
                            answer.documents()),
                        entry.upstreamTime(),
                        entry.model(),
                        entry.storedAt(),
                        entry.expiresAt(),
                        entry.tags()),
                    name());
              });
    }
  }
}
