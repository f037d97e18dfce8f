package dev.reprise.springai;

import static dev.reprise.springai.ScriptedModel.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.curated.CuratedEntry;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Completion;
import dev.reprise.model.HitUsage;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.policy.CachePolicy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeType;

class CachingChatModelTest {
  private static final Scope SCOPE = Scope.of("shop");
  private static final Prompt QUESTION = new Prompt("What is a cache?");

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private CachingChatModel cached(ScriptedModel model) {
    return CachingChatModel.builder(model, engine, SCOPE).build();
  }

  @Test
  void theSameQuestionIsAnsweredOnce() {
    ScriptedModel model = ScriptedModel.counting();
    CachingChatModel cached = cached(model);

    ChatOutcome first = cached.answer(QUESTION);
    ChatOutcome second = cached.answer(new Prompt("What is a cache?"));

    assertThat(first.wasCached()).isFalse();
    assertThat(second.wasCached()).isTrue();
    assertThat(model.calls()).isEqualTo(1);
    assertThat(second.response().getResults()).isEqualTo(first.response().getResults());
    ChatResponseMetadata metadata = second.response().getMetadata();
    assertThat(metadata.getId()).isEqualTo("id-1");
    assertThat(metadata.getModel()).isEqualTo("scripted-1-2026");
    assertThat(metadata.getUsage()).isEqualTo(new DefaultUsage(7, 3, 10));
    assertThat(metadata.<Object>get("created")).isEqualTo(1234567890123L);
    assertThat(cached.call("What is a cache?")).isEqualTo("answer 1");
  }

  @Test
  void aCuratedAnswerIsAResponseLikeAnyOther() {
    engine
        .curated()
        .replace(List.of(CuratedEntry.builder("What is a cache?", "A store.").build()), "", "");
    ScriptedModel model = ScriptedModel.counting();
    CachingChatModel cached = cached(model);

    ChatResponse hit = cached.call(QUESTION);

    assertThat(hit.getResult().getOutput().getText()).isEqualTo("A store.");
    assertThat(hit.getMetadata().<Object>get("reprise.cache")).isEqualTo(CacheMetadata.CURATED);
    assertThat(CacheMetadata.of(hit)).containsInstanceOf(Outcome.CuratedHit.class);
    assertThat(cached.stream(QUESTION).blockLast().getResult().getOutput().getText()).isNotBlank();
    assertThat(model.calls()).isZero();
  }

  @Test
  void theResponseTellsThatItWasCached() {
    CachingChatModel cached = cached(ScriptedModel.counting());

    ChatResponse miss = cached.call(QUESTION);
    ChatResponse hit = cached.call(QUESTION);

    assertThat(CacheMetadata.isCached(miss)).isFalse();
    assertThat(CacheMetadata.of(miss)).isEmpty();
    assertThat(CacheMetadata.isCached(hit)).isTrue();
    assertThat(CacheMetadata.of(hit)).containsInstanceOf(Outcome.ExactHit.class);
    assertThat(hit.getMetadata().<Object>get("reprise.cache")).isEqualTo("exact");
    assertThat(hit.getMetadata().<String>get("reprise.entry")).hasSize(64);
    assertThat(hit.getMetadata().<Object>get("reprise.age-seconds")).isInstanceOf(Long.class);
    // The keys of a hit are not stored with it.
    ChatResponse rebuilt = ChatResponse.builder().from(hit).build();
    assertThat(CacheMetadata.isCached(rebuilt)).isTrue();
  }

  @Test
  void aMissIsTheDelegatesOwnObject() {
    ChatResponse own = response("yes", "STOP");
    CachingChatModel cached = cached(ScriptedModel.answering(prompt -> own));

    assertThat(cached.call(QUESTION)).isSameAs(own);
    assertThat(cached.call(QUESTION).getResults()).isEqualTo(own.getResults());
  }

  @Test
  void aHitCanShowNoUsage() {
    CachingChatModel cached =
        CachingChatModel.builder(ScriptedModel.counting(), engine, SCOPE)
            .usageOnHit(HitUsage.ZERO)
            .build();

    assertThat(cached.call(QUESTION).getMetadata().getUsage().getTotalTokens()).isEqualTo(10);
    assertThat(cached.call(QUESTION).getMetadata().getUsage().getTotalTokens()).isEqualTo(0);
  }

  // --- the key ----------------------------------------------------------------------------------

  @Test
  void theModelsDefaultOptionsAreInTheKey() {
    ChatOptions other = ChatOptions.builder().model("scripted-1").maxTokens(5).build();
    CachingChatModel one = cached(ScriptedModel.counting());
    CachingChatModel two = cached(ScriptedModel.counting(other));

    assertThat(one.answer(QUESTION).wasCached()).isFalse();
    assertThat(two.answer(QUESTION).wasCached()).isFalse();
    assertThat(two.answer(QUESTION).wasCached()).isTrue();
    assertThat(one.answer(QUESTION).wasCached()).isTrue();
  }

  @Test
  void optionsThatEqualTheDefaultsAreTheDefaults() {
    ChatOptions options = ChatOptions.builder().model("scripted-1").maxTokens(5).build();
    CachingChatModel cached = cached(ScriptedModel.counting(options));
    cached.call(QUESTION);

    Prompt explicit =
        new Prompt(
            "What is a cache?", ChatOptions.builder().model("scripted-1").maxTokens(5).build());

    assertThat(cached.answer(explicit).wasCached()).isTrue();
  }

  @Test
  void eachOptionOfAPromptIsInTheKey() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    List<ChatOptions> different =
        List.of(
            ChatOptions.builder().model("scripted-2").build(),
            ChatOptions.builder().topP(0.5).build(),
            ChatOptions.builder().topK(3).build(),
            ChatOptions.builder().maxTokens(100).build(),
            ChatOptions.builder().frequencyPenalty(0.1).build(),
            ChatOptions.builder().presencePenalty(0.1).build(),
            ChatOptions.builder().stopSequences(List.of("x")).build());
    for (ChatOptions options : different) {
      Prompt prompt = new Prompt("What is a cache?", options);
      assertThat(cached.answer(prompt).wasCached()).isFalse();
      assertThat(cached.answer(prompt).wasCached()).isTrue();
    }
  }

  @Test
  void eachMessageIsInTheKey() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    UserMessage question = new UserMessage("And for children?");
    List<List<Message>> different =
        List.of(
            List.of(question),
            List.of(new SystemMessage("Be brief."), question),
            List.of(new SystemMessage("Be long."), question),
            List.of(new UserMessage("Is it safe?"), new AssistantMessage("Yes."), question),
            List.of(new UserMessage("Is it safe?"), new AssistantMessage("No."), question),
            List.of(
                UserMessage.builder().text("And for children?").metadata(Map.of("a", 1)).build()),
            List.of(
                new UserMessage("Is it safe?"),
                AssistantMessage.builder()
                    .content("")
                    .toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "f", "{}")))
                    .build(),
                toolResult("1", "yes"),
                question),
            List.of(
                new UserMessage("Is it safe?"),
                AssistantMessage.builder()
                    .content("")
                    .toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "f", "{}")))
                    .build(),
                toolResult("1", "no"),
                question));
    for (List<Message> messages : different) {
      assertThat(cached.answer(new Prompt(messages)).wasCached()).isFalse();
      assertThat(cached.answer(new Prompt(messages)).wasCached()).isTrue();
    }
  }

  private static Message toolResult(String id, String data) {
    return ToolResponseMessage.builder()
        .responses(List.of(new ToolResponseMessage.ToolResponse(id, "f", data)))
        .build();
  }

  @Test
  void mediaAreInTheKeyByTheirContent() {
    CachingChatModel cached = cached(ScriptedModel.counting());

    assertThat(cached.answer(picture(new byte[] {1})).wasCached()).isFalse();
    // Spring AI gives each medium a random name.
    assertThat(cached.answer(picture(new byte[] {1})).wasCached()).isTrue();
    assertThat(cached.answer(picture(new byte[] {2})).wasCached()).isFalse();
  }

  private static Prompt picture(byte[] content) {
    return new Prompt(
        UserMessage.builder()
            .text("What is this?")
            .media(new Media(MimeType.valueOf("image/png"), new ByteArrayResource(content)))
            .build());
  }

  @Test
  void aMessageOfAnUnknownClassBypasses() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    Message unknown =
        new Message() {
          @Override
          public org.springframework.ai.chat.messages.MessageType getMessageType() {
            return org.springframework.ai.chat.messages.MessageType.USER;
          }

          @Override
          public String getText() {
            return "What is a cache?";
          }

          @Override
          public Map<String, Object> getMetadata() {
            return Map.of();
          }
        };

    ChatOutcome outcome = cached.answer(new Prompt(List.of(unknown)));

    assertThat(outcome.outcome())
        .isInstanceOfSatisfying(
            Outcome.Bypassed.class,
            bypassed -> {
              assertThat(bypassed.reason().code()).isEqualTo(Reason.Code.UNMAPPABLE);
              assertThat(bypassed.reason().detail()).contains("a message of class");
            });
  }

  // --- temperature ------------------------------------------------------------------------------

  @Test
  void anUnsetTemperatureIsAskedAtZero() {
    ScriptedModel model =
        ScriptedModel.counting(ChatOptions.builder().model("scripted-1").maxTokens(9).build());
    CachingChatModel cached = cached(model);

    cached.call(QUESTION);

    ChatOptions asked = model.last().getOptions();
    assertThat(asked.getTemperature()).isEqualTo(0.0);
    assertThat(asked.getModel()).isEqualTo("scripted-1");
    assertThat(asked.getMaxTokens()).isEqualTo(9);
    // The model's own options are as they were.
    assertThat(model.getOptions().getTemperature()).isNull();
    Prompt atZero =
        new Prompt(
            "What is a cache?",
            ChatOptions.builder().model("scripted-1").maxTokens(9).temperature(0.0).build());
    assertThat(cached.answer(atZero).wasCached()).isFalse();
    assertThat(cached.answer(atZero).wasCached()).isTrue();
  }

  @Test
  void thePromptsOwnOptionsAreNotChanged() {
    ChatOptions own = ChatOptions.builder().model("scripted-3").build();
    ScriptedModel model = ScriptedModel.counting();

    cached(model).call(new Prompt("What is a cache?", own));

    assertThat(own.getTemperature()).isNull();
    assertThat(model.last().getOptions().getTemperature()).isEqualTo(0.0);
    assertThat(model.last().getOptions().getModel()).isEqualTo("scripted-3");
  }

  @Test
  void aTemperatureAboveZeroBypasses() {
    ScriptedModel model = ScriptedModel.counting(ChatOptions.builder().temperature(0.7).build());
    CachingChatModel cached = cached(model);

    ChatOutcome outcome = cached.answer(QUESTION);

    assertThat(outcome.outcome())
        .isInstanceOfSatisfying(
            Outcome.Bypassed.class,
            bypassed ->
                assertThat(bypassed.reason().code()).isEqualTo(Reason.Code.NOT_DETERMINISTIC));
    assertThat(model.last()).isSameAs(QUESTION);
  }

  @Test
  void aModelThatTakesNoTemperatureIsAskedAsItIs() {
    ScriptedModel model =
        ScriptedModel.answering(
            prompt -> {
              if (prompt.getOptions() != null && prompt.getOptions().getTemperature() != null) {
                throw new IllegalStateException(
                    "HTTP 400 - Unsupported parameter: 'temperature' is not supported");
              }
              return response("yes", "STOP");
            });
    CachingChatModel cached = cached(model);

    assertThat(Texts.of(cached.call(QUESTION))).isEqualTo("yes");
    assertThat(model.calls()).isEqualTo(2);
    assertThat(cached.answer(QUESTION).wasCached()).isTrue();
    cached.call(new Prompt("What is a hash?"));
    assertThat(model.calls()).isEqualTo(3);
  }

  // --- who may share ----------------------------------------------------------------------------

  @Test
  void tenantsNeverMeet() {
    AtomicReference<String> tenant = new AtomicReference<>("a");
    ScriptedModel model = ScriptedModel.counting();
    CachingChatModel cached =
        CachingChatModel.builder(model, engine)
            .scopeFor(prompt -> tenant.get() == null ? null : Scope.of(tenant.get()))
            .build();

    cached.call(QUESTION);
    tenant.set("b");
    assertThat(cached.answer(QUESTION).wasCached()).isFalse();
    tenant.set("a");
    assertThat(cached.answer(QUESTION).wasCached()).isTrue();
    tenant.set(null);
    assertThat(cached.answer(QUESTION).outcome())
        .isInstanceOfSatisfying(
            Outcome.Bypassed.class,
            bypassed -> assertThat(bypassed.reason().code()).isEqualTo(Reason.Code.NO_SCOPE));
  }

  @Test
  void modelsOfOtherClassesOrProvidersNeverMeet() {
    CachingChatModel one =
        CachingChatModel.builder(ScriptedModel.counting(), engine, SCOPE).build();
    CachingChatModel two =
        CachingChatModel.builder(ScriptedModel.counting(), engine, SCOPE)
            .provider("the other address")
            .build();

    one.call(QUESTION);
    assertThat(two.answer(QUESTION).wasCached()).isFalse();
  }

  // --- what is stored ---------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "STOP,true", "stop,true", "end_turn,true", ",true",
    "LENGTH,false", "MAX_TOKENS,false", "max_tokens,false", "CONTENT_FILTER,false",
    "SAFETY,false", "refusal,false", "something new,false"
  })
  void onlyCompleteAnswersAreStored(String finishReason, boolean isStored) {
    CachingChatModel cached =
        cached(ScriptedModel.answering(prompt -> response("A cache is a store.", finishReason)));

    cached.call(QUESTION);

    assertThat(cached.answer(QUESTION).wasCached()).isEqualTo(isStored);
  }

  @Test
  void toolCallsAreReplayedWhereThePolicyStoresThem() {
    AssistantMessage calls =
        AssistantMessage.builder()
            .content("")
            .toolCalls(
                List.of(new AssistantMessage.ToolCall("c1", "function", "look", "{\"a\":1}")))
            .build();
    try (CacheEngine storing =
        CacheEngine.builder()
            .policy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
            .build()) {
      CachingChatModel cached =
          CachingChatModel.builder(
                  ScriptedModel.answering(prompt -> response(calls, "STOP")), storing, SCOPE)
              .build();
      cached.call(QUESTION);
      ChatOutcome hit = cached.answer(QUESTION);

      assertThat(hit.wasCached()).isTrue();
      assertThat(hit.response().hasToolCalls()).isTrue();
      assertThat(hit.response().getResults().get(0).getOutput()).isEqualTo(calls);
    }
    CachingChatModel byDefault = cached(ScriptedModel.answering(prompt -> response(calls, "STOP")));
    byDefault.call(QUESTION);
    assertThat(byDefault.answer(QUESTION).wasCached()).isFalse();
  }

  @Test
  void severalChoicesAndTheirMetadataAreReplayed() {
    ChatResponse own =
        new ChatResponse(
            List.of(
                new Generation(
                    AssistantMessage.builder()
                        .content("A store.")
                        .properties(
                            Map.of("index", 0, "at", 5L, "parts", List.of(Map.of("x", 0.5))))
                        .build(),
                    ChatGenerationMetadata.builder()
                        .finishReason("STOP")
                        .metadata("logprobs", List.of(-0.1f))
                        .build()),
                new Generation(new AssistantMessage("A place."))));
    CachingChatModel cached = cached(ScriptedModel.answering(prompt -> own));

    cached.call(QUESTION);
    ChatOutcome hit = cached.answer(QUESTION);

    assertThat(hit.wasCached()).isTrue();
    assertThat(hit.response().getResults()).isEqualTo(own.getResults());
  }

  @Test
  void anAnswerThatCannotBeWrittenDownIsNotStored() {
    ChatResponse own =
        response(
            AssistantMessage.builder()
                .content("A store.")
                .properties(Map.of("raw", new Object()))
                .build(),
            "STOP");
    CachingChatModel cached = cached(ScriptedModel.answering(prompt -> own));

    assertThat(cached.call(QUESTION)).isSameAs(own);
    assertThat(cached.answer(QUESTION).wasCached()).isFalse();
  }

  @Test
  void aModelThatReturnsNullIsPassedOn() {
    CachingChatModel cached = cached(ScriptedModel.answering(prompt -> null));

    assertThatThrownBy(() -> cached.call(QUESTION)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void whatTheDelegateThrowsReachesTheCallerAsItIs() {
    IllegalStateException thrown = new IllegalStateException("HTTP 500");
    CachingChatModel cached =
        cached(
            ScriptedModel.answering(
                prompt -> {
                  throw thrown;
                }));

    assertThatThrownBy(() -> cached.call(QUESTION)).isSameAs(thrown);
  }

  // --- the rest ---------------------------------------------------------------------------------

  @Test
  void onlyACachedAnswerCanBeAskedFor() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    CacheRequestOptions only =
        CacheRequestOptions.of(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED));

    assertThatThrownBy(() -> cached.answer(QUESTION, only)).isInstanceOf(NotCachedException.class);
    cached.call(QUESTION);
    assertThat(cached.answer(QUESTION, only).wasCached()).isTrue();
  }

  @Test
  void aWrongHitIsNotServedAgain() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    cached.call(QUESTION);
    Outcome.Hit hit = CacheMetadata.of(cached.call(QUESTION)).orElseThrow();

    assertThat(cached.explain(QUESTION).toString()).isNotEmpty();
    assertThat(cached.feedback(QUESTION, hit, Feedback.WRONG)).isTrue();
    assertThat(cached.answer(QUESTION).wasCached()).isFalse();
  }

  @Test
  void theOptionsAreTheDelegates() {
    ScriptedModel model = ScriptedModel.counting();

    assertThat(cached(model).getOptions()).isSameAs(model.getOptions());
    assertThat(cached(model).delegate()).isSameAs(model);
  }
}
