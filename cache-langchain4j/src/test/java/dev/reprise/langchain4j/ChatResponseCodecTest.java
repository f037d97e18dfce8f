package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatResponseCodecTest {
  private final ChatResponseCodec codec = new ChatResponseCodec(Completion.COMPLETE);

  private static final ToolExecutionRequest CALL =
      ToolExecutionRequest.builder().id("1").name("look").arguments("{\"a\": 1}").build();

  private static ChatResponse response(AiMessage message, @Nullable FinishReason reason) {
    return ScriptedChatModel.response(message, reason);
  }

  @Test
  void everythingComesBack() {
    AiMessage message =
        AiMessage.builder()
            .text("A \"cache\" \u2013 \uD83D\uDE00")
            .thinking("hm")
            .toolExecutionRequests(List.of(CALL))
            .attributes(
                Map.of(
                    "signature",
                    "abc",
                    "scores",
                    List.of(1, 2.5, true),
                    AiMessage.GENERATED_IMAGES_KEY,
                    List.of(
                        Image.builder().base64Data("aGk=").mimeType("image/png").build(),
                        Image.builder().url("http://localhost/a.png").build())))
            .build();

    Answer answer = codec.encode(response(message, FinishReason.STOP));
    ChatResponseCodec.Decoded decoded = ChatResponseCodec.decode(answer.payload());

    assertThat(decoded.message()).isEqualTo(message);
    assertThat(decoded.id()).isEqualTo("response-1");
    assertThat(decoded.modelName()).isEqualTo("scripted-1");
    assertThat(decoded.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(decoded.usage()).isEqualTo(new dev.langchain4j.model.output.TokenUsage(10, 5));
    assertThat(answer.text()).isEqualTo(message.text());
    assertThat(answer.usage()).isEqualTo(new TokenUsage.Known(10, 5));
  }

  @Test
  void aResponseOfNothingComesBack() {
    AiMessage message = AiMessage.builder().build();

    Answer answer = codec.encode(ChatResponse.builder().aiMessage(message).build());

    assertThat(ChatResponseCodec.decode(answer.payload()).message()).isEqualTo(message);
    assertThat(ChatResponseCodec.decode(answer.payload()).usage()).isNull();
    assertThat(answer.usage()).isEqualTo(new TokenUsage.Unknown());
    assertThat(answer.text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, COMPLETE",
    "LENGTH, TRUNCATED",
    "CONTENT_FILTER, FILTERED",
    "TOOL_EXECUTION, TOOL_CALLS",
    "OTHER, OTHER"
  })
  void aFinishReasonIsACompletion(FinishReason reason, Completion completion) {
    assertThat(codec.encode(response(AiMessage.from("a"), reason)).completion())
        .isEqualTo(completion);
    assertThat(codec.encode(response(AiMessage.from("a", List.of(CALL)), reason)).completion())
        .isEqualTo(Completion.TOOL_CALLS);
  }

  @Test
  void aMissingFinishReasonIsWhatTheDoorSays() {
    ChatResponse response = response(AiMessage.from("a"), null);

    assertThat(codec.encode(response).completion()).isEqualTo(Completion.COMPLETE);
    assertThat(new ChatResponseCodec(Completion.OTHER).encode(response).completion())
        .isEqualTo(Completion.OTHER);
  }

  @Test
  void anAnswerWithImagesIsNotComplete() {
    AiMessage message =
        AiMessage.builder()
            .text("Here.")
            .attributes(
                Map.of(
                    AiMessage.GENERATED_IMAGES_KEY,
                    List.of(Image.builder().url("http://localhost/a.png").build())))
            .build();

    assertThat(codec.encode(response(message, FinishReason.STOP)).completion())
        .isEqualTo(Completion.OTHER);
  }

  @Test
  void whatJsonWouldChangeHasNoPayload() {
    for (Object value : List.of(new Object(), 5L, 'c', new byte[] {1})) {
      AiMessage message = AiMessage.builder().text("a").attributes(Map.of("x", value)).build();
      Answer answer = codec.encode(response(message, FinishReason.STOP));
      assertThat(answer.completion()).isEqualTo(Completion.OTHER);
      assertThatThrownBy(() -> ChatResponseCodec.decode(answer.payload()))
          .isInstanceOf(CacheException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"text\":\"secret",
        "{\"text\":\"secret\",\"toolCalls\":[]}",
        "{\"toolCalls\":[],\"attributes\":{},\"images\":[],\"finishReason\":\"secret\"}"
      })
  void anotherPayloadIsRefusedWithoutQuotingIt(String payload) {
    assertThatThrownBy(() -> ChatResponseCodec.decode(payload))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith("a payload of format langchain4j/1 cannot be read")
        .hasNoCause()
        .message()
        .doesNotContain("secret");
  }
}
