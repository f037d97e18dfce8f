package dev.reprise.curated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.model.Scope;
import dev.reprise.model.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainQuestionTest {
  private static CacheRequest.Builder request() {
    return CacheRequest.builder(Scope.of("a")).model("m").system("Be brief.").user("Why?");
  }

  private static boolean isPlain(CacheRequest.Builder request) {
    return PlainQuestion.of(request.build()).isPresent();
  }

  @Test
  void aQuestionWithItsSystemPromptsIsPlain() {
    assertThat(PlainQuestion.of(request().temperature(0).build()))
        .contains(new PlainQuestion("Why?", "Be brief.", "m"));
    CacheRequest twoSystems =
        CacheRequest.builder(Scope.of("a"))
            .message(Message.of(Role.DEVELOPER, "One."))
            .system("Two.")
            .user("Why?")
            .build();
    assertThat(PlainQuestion.of(twoSystems)).contains(new PlainQuestion("Why?", "One.\nTwo.", ""));
  }

  @Test
  void whatATextCannotAnswerIsNot() {
    assertThat(isPlain(request().tool(new Tool("f", JsonObject.empty())))).isFalse();
    assertThat(isPlain(request().message(Message.assistant("So.")).user("And?"))).isFalse();
    assertThat(isPlain(request().message(Message.assistant("So.")))).isFalse();
    Part image =
        new Part.Media("image", new Part.Remote("https://example.com/i"), JsonObject.empty());
    Message withImage =
        new Message(Role.USER, List.of(new Part.Text("What?"), image), JsonObject.empty());
    assertThat(isPlain(CacheRequest.builder(Scope.of("a")).message(withImage))).isFalse();
    assertThat(isPlain(CacheRequest.builder(Scope.of("a")).user("  "))).isFalse();
  }

  @Test
  void parametersDecide() {
    Map<String, Object> text = Map.of("type", "text");
    assertThat(isPlain(request().parameter("max_tokens", 20).parameter("seed", 1))).isTrue();
    assertThat(isPlain(request().parameter("options", Map.of("num_ctx", 4096)))).isTrue();
    assertThat(isPlain(request().parameter("text", Map.of("format", text)))).isTrue();
    assertThat(isPlain(request().parameter("generationConfig", Map.of("topP", 0.5)))).isTrue();
    assertThat(isPlain(request().parameter("response_format", text))).isTrue();
    assertThat(isPlain(request().parameter("@headers", Map.of("x", "y")))).isTrue();

    Map<String, Object> options = Map.of("options_class", "OpenAiChatOptions", "seed", 1);
    assertThat(isPlain(request().parameter("prompt_options", options))).isTrue();
    assertThat(isPlain(request().parameter("stop", List.of()))).isTrue();

    Map<String, Object> json = Map.of("type", "json_object");
    assertThat(isPlain(request().parameter("default_options", Map.of("response_format", json))))
        .isFalse();
    assertThat(isPlain(request().parameter("response_format", json))).isFalse();
    assertThat(isPlain(request().parameter("text", Map.of("format", json)))).isFalse();
    assertThat(isPlain(request().parameter("options", Map.of("stop", List.of("x"))))).isFalse();
    assertThat(
            isPlain(
                request()
                    .parameter("generationConfig", Map.of("responseMimeType", "application/json"))))
        .isFalse();
    assertThat(isPlain(request().parameter("n", 2))).isFalse();
    assertThat(isPlain(request().parameter("logprobs", true))).isFalse();
    assertThat(isPlain(request().parameter("tool_choice", "required"))).isFalse();
    assertThat(isPlain(request().parameter("of_next_year", true))).isFalse();
  }
}
