package dev.reprise.gateway.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.gemini.GeminiProtocol;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Scope;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How answers end in the words of several APIs, and what the reason says of others. */
class EndingsTest {
  private static final CacheRequest REQUEST =
      CacheRequest.builder(Scope.of("s")).model("m").user("Why?").temperature(0).build();

  private static ObjectNode completion(String message, String finish) throws IOException {
    return (ObjectNode)
        Json.read(
            "{\"choices\":[{\"index\":0,\"message\":"
                + message
                + ",\"finish_reason\":\""
                + finish
                + "\"}]}");
  }

  private static String reason(String message, String finish) throws IOException {
    ObjectNode whole = completion(message, finish);
    Answer answer =
        new Answer(
            whole.at("/choices/0/message/content").asText(""),
            whole.toString(),
            ChatCodec.completion(whole),
            Answer.ofText("").usage(),
            java.util.Set.of());
    return CachePolicy.defaults().admit(REQUEST, answer, Instant.EPOCH)
            instanceof Admission.Skip skip
        ? skip.reason().detail()
        : "stored";
  }

  @ParameterizedTest
  @CsvSource({
    "stop,COMPLETE",
    "STOP,COMPLETE",
    "end_turn,COMPLETE",
    "eos,COMPLETE",
    "stop_sequence,COMPLETE",
    "length,TRUNCATED",
    "MAX_TOKENS,TRUNCATED",
    "content_filter,FILTERED",
    "SAFETY,FILTERED",
    "RECITATION,FILTERED",
    "tool_use,TOOL_CALLS",
    "refusal,REFUSED",
    "error,OTHER",
    "cancelled,OTHER",
    "'',OTHER"
  })
  void theWordsOfSeveralApisAreKnown(String finish, Completion end) throws IOException {
    String message = "{\"role\":\"assistant\",\"content\":\"Because.\"}";
    assertThat(ChatCodec.completion(completion(message, finish))).isEqualTo(end);
  }

  @Test
  void theReasonShowsTheEnding() throws IOException {
    String message = "{\"role\":\"assistant\",\"content\":\"Because.\"}";
    assertThat(reason(message, "end_turn")).isEqualTo("stored");
    assertThat(reason(message, "insufficient_system_resource"))
        .endsWith("its finish_reason is \"insufficient_system_resource\"");
    assertThat(reason(message, "<script>alert(1)</script>"))
        .endsWith("its finish_reason is not known");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'audio':{'id':'a','data':'xx'}",
        "'images':[{'type':'image_url','image_url':{'url':'data:image/png;base64,xx'}}]"
      })
  void theReasonNamesAudioAndPictures(String media) throws IOException {
    String message = ("{'role':'assistant','content':null," + media + "}").replace('\'', '"');
    assertThat(reason(message, "stop")).contains("audio, pictures or video");
    assertThat(reason("{\"role\":\"assistant\",\"content\":null,\"audio\":null}", "stop"))
        .isEqualTo("the answer has no text");
  }

  @Test
  void aProxysDoneBehindGeminisLastEventCountsForNothing() {
    Protocol.Collector collector =
        new GeminiProtocol(
                new Identities(() -> Instant.EPOCH, new Random(1)),
                GeminiProtocol.Delivery.STREAMED)
            .collector();
    String data =
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Yes.\"}],\"role\":\"model\"},"
            + "\"finishReason\":\"STOP\",\"index\":0}]}";
    for (String event : List.of(data, "[DONE]")) {
      collector.take(new EventReader.Event("", event, "data: " + event + "\n\n"));
    }
    assertThat(collector.answer().orElseThrow().completion()).isEqualTo(Completion.COMPLETE);
  }
}
