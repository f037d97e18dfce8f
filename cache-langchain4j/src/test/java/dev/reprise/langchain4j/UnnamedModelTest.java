package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A model like Vertex AI Gemini's: it answers {@code chat} alone, tells no default parameters, and
 * refuses any parameter of a request.
 */
class UnnamedModelTest {
  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private static final class Unnamed implements ChatModel {
    private final String answer;
    private final ModelProvider provider;
    private int calls;

    Unnamed(String answer, ModelProvider provider) {
      this.answer = answer;
      this.provider = provider;
    }

    @Override
    public ModelProvider provider() {
      return provider;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
      if (request.parameters().temperature() != null) {
        throw new UnsupportedFeatureException(
            "'temperature' parameter is not supported yet by this model provider");
      }
      calls++;
      return ChatResponse.builder().aiMessage(AiMessage.from(answer)).build();
    }
  }

  private static ChatRequest question() {
    return ChatRequest.builder().messages(UserMessage.from("What is a fjord?")).build();
  }

  private CachingChatModel.Builder cached(ChatModel model) {
    return CachingChatModel.builder(model, engine, Scope.of("shop"));
  }

  @Test
  void twoModelsWithoutNamesNeverShareAnswers() {
    Unnamed flash = new Unnamed("flash", ModelProvider.GOOGLE_VERTEX_AI_GEMINI);
    Unnamed pro = new Unnamed("pro", ModelProvider.GOOGLE_VERTEX_AI_GEMINI);

    Outcome outcome = cached(flash).build().answer(question()).outcome();

    assertThat(((Outcome.Bypassed) outcome).reason().detail())
        .contains("does not tell its name")
        .contains("modelName(...)");
    assertThat(cached(pro).build().chat(question()).aiMessage().text()).isEqualTo("pro");
  }

  @Test
  void withANameItHitsAndItsRefusalOfATemperatureIsLearned() {
    Unnamed flash = new Unnamed("flash", ModelProvider.GOOGLE_VERTEX_AI_GEMINI);
    Unnamed pro = new Unnamed("pro", ModelProvider.GOOGLE_VERTEX_AI_GEMINI);
    CachingChatModel first = cached(flash).modelName("gemini-flash").build();
    CachingChatModel second = cached(pro).provider("vertex-pro").build();

    for (int i = 0; i < 3; i++) {
      assertThat(first.chat(question()).aiMessage().text()).isEqualTo("flash");
      assertThat(second.chat(question()).aiMessage().text()).isEqualTo("pro");
    }
    assertThat(flash.calls).isEqualTo(1);
    assertThat(pro.calls).isEqualTo(1);
  }

  @Test
  void aModelOfYourOwnNeedsNoName() {
    Unnamed own = new Unnamed("own", ModelProvider.OTHER);
    CachingChatModel model = cached(own).build();

    assertThat(model.answer(question()).wasCached()).isFalse();
    assertThat(model.answer(question()).wasCached()).isTrue();
  }
}
