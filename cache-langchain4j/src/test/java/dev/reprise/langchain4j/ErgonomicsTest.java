package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.rag.content.Content;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.HitUsage;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UseCaseRule;
import dev.reprise.testing.HashEmbedder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ErgonomicsTest {
  private static final Scope SCOPE = Scope.of("shop");

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private static ChatRequest question(String text) {
    return ChatRequest.builder().messages(UserMessage.from(text)).build();
  }

  private static ChatRequest of(String tenant) {
    return ChatRequest.builder()
        .messages(
            UserMessage.builder()
                .addContent(dev.langchain4j.data.message.TextContent.from("Why?"))
                .name(tenant)
                .build())
        .build();
  }

  // --- scopes -----------------------------------------------------------------------------------

  @Test
  void oneModelServesSeveralTenantsThatNeverMeet() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    ThreadLocal<String> tenant = new ThreadLocal<>();
    CachingChatModel cached =
        CachingChatModel.builder(model, engine)
            .scopeFor(request -> tenant.get() == null ? null : Scope.of(tenant.get()))
            .build();

    tenant.set("a");
    assertThat(cached.answer(question("Why?")).wasCached()).isFalse();
    assertThat(cached.answer(question("Why?")).wasCached()).isTrue();
    tenant.set("b");
    assertThat(cached.answer(question("Why?")).wasCached()).isFalse();
    tenant.remove();
    Outcome outcome = cached.answer(question("Why?")).outcome();

    assertThat(((Outcome.Bypassed) outcome).reason().code()).isEqualTo(Reason.Code.NO_SCOPE);
    assertThat(model.calls()).isEqualTo(3);
  }

  @Test
  void aModelWithoutScopeAndAFunctionThatFailsBypass() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel none = CachingChatModel.builder(model, engine).build();
    CachingChatModel failing =
        CachingChatModel.builder(model, engine)
            .scopeFor(
                request -> {
                  throw new IllegalStateException("no tenant");
                })
            .build();

    assertThat(none.answer(question("Why?")).outcome()).isInstanceOf(Outcome.Bypassed.class);
    assertThat(failing.answer(question("Why?")).outcome()).isInstanceOf(Outcome.Bypassed.class);
  }

  @Test
  void theScopeOfOneRequestGoesBeforeTheModels() {
    CachingChatModel cached =
        CachingChatModel.builder(ScriptedChatModel.counting(), engine, SCOPE).build();
    CacheRequestOptions other = CacheRequestOptions.DEFAULT.with(Scope.of("other"));

    cached.answer(question("Why?"));

    assertThat(cached.answer(question("Why?"), other).wasCached()).isFalse();
    assertThat(cached.answer(question("Why?"), other).wasCached()).isTrue();
    assertThat(cached.answer(of("Ann")).wasCached()).isFalse();
  }

  // --- hits in the provider's classes -----------------------------------------------------------

  private static ChatResponse openAi(ChatRequest request) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from("yes"))
        .metadata(
            OpenAiChatResponseMetadata.builder()
                .id("r-1")
                .modelName("gpt-4o-mini-2024-07-18")
                .finishReason(FinishReason.STOP)
                .tokenUsage(
                    OpenAiTokenUsage.builder()
                        .inputTokenCount(20)
                        .outputTokenCount(5)
                        .totalTokenCount(25)
                        .inputTokensDetails(
                            OpenAiTokenUsage.InputTokensDetails.builder().cachedTokens(8).build())
                        .build())
                .created(1700000000L)
                .serviceTier("default")
                .systemFingerprint("fp_1")
                .build())
        .build();
  }

  @Test
  void aHitHasTheClassesThatAMissHas() {
    ScriptedChatModel model = ScriptedChatModel.answering(ErgonomicsTest::openAi);
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();

    ChatResponse miss = cached.chat(question("Why?"));
    ChatResponse hit = cached.chat(question("Why?"));

    assertThat(CacheMetadata.of(miss)).isEmpty();
    assertThat(CacheMetadata.of(hit)).containsInstanceOf(Outcome.ExactHit.class);
    assertThat(hit.metadata())
        .isInstanceOf(OpenAiChatResponseMetadata.class)
        .isEqualTo(miss.metadata());
    OpenAiTokenUsage usage = (OpenAiTokenUsage) hit.tokenUsage();
    assertThat(usage.inputTokensDetails().cachedTokens()).isEqualTo(8);
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void theUsageOfAHitCanBeZero() {
    ScriptedChatModel provider = ScriptedChatModel.answering(ErgonomicsTest::openAi);
    for (ScriptedChatModel model : List.of(provider, ScriptedChatModel.saying("plain"))) {
      CachingChatModel cached =
          CachingChatModel.builder(model, engine, Scope.of("zero" + model.hashCode()))
              .usageOnHit(HitUsage.ZERO)
              .build();
      TokenUsage miss = cached.chat(question("Why?")).tokenUsage();
      TokenUsage hit = cached.chat(question("Why?")).tokenUsage();

      assertThat(miss.totalTokenCount()).isPositive();
      assertThat(hit.totalTokenCount()).isZero();
      assertThat(hit.inputTokenCount()).isZero();
      assertThat(hit.getClass()).isEqualTo(miss.getClass());
    }
  }

  @Test
  void aForgedPayloadMakesNoOtherClass() throws Exception {
    var forged =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .readTree("{\"class\":\"javax.script.ScriptEngineManager\",\"fields\":{}}");
    assertThat(ProviderObjects.read(forged, Object.class, Map.of())).isEmpty();
    var wrong =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .readTree(
                "{\"class\":\"dev.langchain4j.model.openai.OpenAiTokenUsage\",\"fields\":{}}");
    assertThat(
            ProviderObjects.read(
                wrong, dev.langchain4j.model.chat.response.ChatResponseMetadata.class, Map.of()))
        .isEmpty();
  }

  // --- arguments --------------------------------------------------------------------------------

  @Test
  void nullIsRefusedAtOnceByName() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    assertThatThrownBy(() -> CachingChatModel.builder(null, engine, SCOPE)).hasMessage("delegate");
    assertThatThrownBy(() -> CachingChatModel.builder(model, null, SCOPE)).hasMessage("engine");
    assertThatThrownBy(() -> CachingChatModel.builder(model, engine, null)).hasMessage("scope");
    assertThatThrownBy(() -> CachingStreamingChatModel.builder(null, engine, SCOPE))
        .hasMessage("delegate");
    assertThatThrownBy(() -> CachingChain.builder(null, engine, SCOPE)).hasMessage("chain");
    CachingChatModel.Builder builder = CachingChatModel.builder(model, engine, SCOPE);
    assertThatThrownBy(() -> builder.useCase(null)).hasMessage("useCase");
    assertThatThrownBy(() -> builder.optionsFor(null)).hasMessage("optionsFor");
    assertThatThrownBy(() -> builder.parametersMappers(null)).hasMessage("mappers");
    CacheEngine.Builder cache = CacheEngine.builder();
    assertThatThrownBy(() -> cache.policy(null)).hasMessage("policy");
    assertThatThrownBy(() -> cache.exactTier(null)).hasMessage("tier");
    assertThatThrownBy(
            () ->
                cache.semanticTier(HnswSemanticTier.builder(HashEmbedder.DIMENSION).build(), null))
        .hasMessage("embedder");
    assertThatThrownBy(() -> cache.listener(null)).hasMessage("listener");
    assertThatThrownBy(() -> cache.clock(null)).hasMessage("clock");
  }

  @Test
  void aTierOfAnotherDimensionIsRefusedWhenTheEngineIsBuilt() {
    CacheEngine.Builder builder =
        CacheEngine.builder()
            .matcher(Matcher.threshold(0.9))
            .semanticTier(
                HnswSemanticTier.builder(HashEmbedder.DIMENSION + 1).build(), new HashEmbedder());
    assertThatThrownBy(builder::build)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("dimension " + (HashEmbedder.DIMENSION + 1))
        .hasMessageContaining("dimension " + HashEmbedder.DIMENSION);
  }

  @Test
  void percentAreRecognised() {
    assertThatThrownBy(() -> Matcher.threshold(95))
        .hasMessage("cosine is 95.0, but must be from -1.0 to 1.0; for 95.0 % write 0.95");
    assertThatThrownBy(() -> WrongAnswerBound.perLookup(1))
        .hasMessage(
            "rate of wrong answers is 1.0, but must be more than 0 and less than 1; for 1.0 %"
                + " write 0.01");
    assertThatThrownBy(() -> WrongAnswerBound.perHit(0))
        .hasMessage("rate of wrong answers is 0.0, but must be more than 0 and less than 1");
  }

  // --- the rest ---------------------------------------------------------------------------------

  @Test
  void aClosedEnginePassesThrough() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    CachingChatModel cached = CachingChatModel.builder(model, engine, SCOPE).build();
    cached.chat(question("Why?"));
    engine.close();

    Outcome outcome = cached.answer(question("Why?")).outcome();

    assertThat(((Outcome.Bypassed) outcome).reason().code()).isEqualTo(Reason.Code.CLOSED);
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void aUseCaseOfOnesOwnIsOneCall() {
    UseCase support = new UseCase("support");
    try (CacheEngine own =
        CacheEngine.builder()
            .policy(
                CachePolicy.builder()
                    .rule(UseCaseRule.semantic(support, Duration.ofHours(2)))
                    .rule(UseCaseRule.never(new UseCase("chat")))
                    .build())
            .build()) {
      CachingChatModel cached =
          CachingChatModel.builder(ScriptedChatModel.counting(), own, SCOPE)
              .useCase(support)
              .build();
      Outcome outcome = cached.answer(question("Why?")).outcome();
      assertThat(((Outcome.Computed) outcome).admission())
          .isEqualTo(new Admission.Store(Duration.ofHours(2), java.util.Set.of()));
    }
    assertThat(UseCaseRule.exact(support, Duration.ofHours(1)).withDocuments().binding())
        .isEqualTo(UseCaseRule.Binding.DOCUMENTS);
  }

  @Test
  void aSourceWithoutVersionIsTheReasonThatIsGiven() {
    CachingChain<String> chain =
        CachingChain.builder(
                asked ->
                    ChainResult.of(
                        "yes",
                        List.of(Content.from(TextSegment.from("text"))),
                        FinishReason.STOP,
                        source -> Optional.empty()),
                engine,
                SCOPE)
            .id("c")
            .version("1")
            .build();
    Outcome outcome = chain.ask("Why?").outcome();
    Reason reason = ((Admission.Skip) ((Outcome.Computed) outcome).admission()).reason();
    assertThat(reason.code()).isEqualTo(Reason.Code.NO_DOCUMENTS);
    assertThat(reason.detail()).contains("no identifier and version");
  }

  /** An embedding model of two dimensions that tells how many tokens it saw. */
  private static final class Model implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      String text = segments.get(0).text();
      return Response.from(
          List.of(Embedding.from(new float[] {3, text.length()})), new TokenUsage(text.length()));
    }

    @Override
    public int dimension() {
      return 2;
    }
  }

  @Test
  void anyEmbeddingModelEmbeds() {
    LangChain4jEmbedder embedder =
        LangChain4jEmbedder.builder(new Model(), "two/1")
            .maximumCharacters(10)
            .maximumTokens(8)
            .build();

    assertThat(embedder.id()).isEqualTo("two/1");
    assertThat(embedder.dimension()).isEqualTo(2);
    assertThat(((Embedder.Embedding.Embedded) embedder.embed("four")).vector().toArray())
        .containsExactly(0.6f, 0.8f);
    assertThat(embedder.embed("eight ch")).isEqualTo(new Embedder.Embedding.TooLong(8));
    assertThat(embedder.embed("eleven chars")).isEqualTo(new Embedder.Embedding.TooLong(10));
    assertThatThrownBy(() -> LangChain4jEmbedder.builder(null, "x")).hasMessage("model");
    assertThatThrownBy(() -> LangChain4jEmbedder.builder(new Model(), " "))
        .hasMessage("id must not be blank");
  }
}
