package dev.reprise.key.internal;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Document;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.model.Scope;
import dev.reprise.model.Tool;
import dev.reprise.model.UseCase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A request that has one of everything. */
final class RichRequest {
  private RichRequest() {}

  static CacheRequest create() {
    return withCallIds("call_1", "call_2");
  }

  static CacheRequest withCallIds(String first, String second) {
    JsonObject none = JsonObject.empty();
    Part image =
        new Part.Media(
            "image",
            new Part.Inline(ContentHash.of("pixels".getBytes(StandardCharsets.UTF_8)), "image/png"),
            JsonObject.of("detail", "high"));
    return CacheRequest.builder(Scope.of("acme"))
        .provider("openai")
        .model("gpt-4o-mini")
        .system("Be brief.")
        .message(
            new Message(
                Role.USER,
                List.of(
                    new Part.Text("Look at these.", JsonObject.of("cache", true)),
                    image,
                    new Part.Media("file", new Part.Remote("https://example.org/a.pdf"), none),
                    new Part.Opaque("thinking", JsonObject.of("signature", "abc"))),
                JsonObject.of("name", "Ada")))
        .message(
            new Message(
                Role.ASSISTANT,
                List.of(
                    new Part.ToolCall(first, "weather", "{\"city\":\"Paris\"}"),
                    new Part.ToolCall(second, "weather", "{\"city\":\"Rome\"}")),
                none))
        .message(
            new Message(
                Role.TOOL,
                List.of(
                    new Part.ToolResult(first, "weather", List.of(new Part.Text("rain")), none),
                    new Part.ToolResult(second, "weather", List.of(new Part.Text("sun")), none)),
                none))
        .message(
            new Message(
                Role.USER, List.of(new Part.Text("Which is the better choice?"), image), none))
        .tool(new Tool("weather", JsonObject.of("description", "Tells the weather")))
        .tool(new Tool("clock", none))
        .temperature(0)
        .parameter("stop", List.of("END", "STOP"))
        .parameter("response_format", Map.of("type", "json_object"))
        .document(new Document("terms", "3"))
        .document(new Document("prices", "7"))
        .useCase(UseCase.FAQ)
        .build();
  }
}
