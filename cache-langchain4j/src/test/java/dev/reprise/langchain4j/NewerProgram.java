package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.data.pdf.PdfFile;
import dev.langchain4j.data.video.Video;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Completion;
import dev.reprise.model.Scope;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What {@link NewerLangChain4jTest} runs with each changed LangChain4j: it maps a request that
 * holds an object of every class, or encodes a response.
 */
public final class NewerProgram implements UnaryOperator<String> {
  /** Returns the key or the reason for "map", and what is stored or nothing for "encode". */
  @Override
  public String apply(String what) {
    return what.equals("map") ? map(request()) : encode(response());
  }

  private static String map(ChatRequest request) {
    Mapping mapping =
        new ChatRequestMapper(Scope.of("test"), "provider", "", ParametersMappers.defaults())
            .map(request, CacheRequestOptions.DEFAULT);
    return mapping instanceof Mapping.Unmapped unmapped
        ? unmapped.reason().code() + ": " + unmapped.reason().detail()
        : "key " + Canonicalizer.exactKey(((Mapping.Mapped) mapping).request()).hex();
  }

  private static String encode(ChatResponse response) {
    Answer answer = new ChatResponseCodec(Completion.COMPLETE).encode(response);
    return answer.completion() + answer.payload();
  }

  private static ChatRequest request() {
    Image image = Image.builder().base64Data("aGk=").build();
    ToolExecutionRequest call =
        ToolExecutionRequest.builder().id("1").name("look").arguments("{}").build();
    JsonObjectSchema schema =
        JsonObjectSchema.builder()
            .addProperty("array", JsonArraySchema.builder().items(new JsonStringSchema()).build())
            .addProperty("enum", JsonEnumSchema.builder().enumValues("a").build())
            .addProperty("any", JsonAnyOfSchema.builder().anyOf(new JsonNullSchema()).build())
            .addProperty("ref", JsonReferenceSchema.builder().reference("d").build())
            .addProperty("raw", JsonRawSchema.from("{\"type\": \"string\"}"))
            .addProperty("integer", new JsonIntegerSchema())
            .addProperty("number", new JsonNumberSchema())
            .addProperty("boolean", new JsonBooleanSchema())
            .build();
    return ChatRequest.builder()
        .messages(
            SystemMessage.from("Be brief."),
            UserMessage.from(
                TextContent.from("Why?"),
                ImageContent.from(image),
                AudioContent.from(Audio.builder().base64Data("aGk=").build()),
                VideoContent.from(Video.builder().base64Data("aGk=").build()),
                PdfFileContent.from(PdfFile.builder().base64Data("aGk=").build())),
            AiMessage.from(call),
            ToolExecutionResultMessage.from("1", "look", "found"),
            CustomMessage.from(Map.of("a", "b")))
        .parameters(
            OpenAiChatRequestParameters.builder()
                .modelName("m")
                .temperature(0.0)
                .toolSpecifications(
                    ToolSpecification.builder().name("look").parameters(schema).build())
                .responseFormat(
                    ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder().name("s").rootElement(schema).build())
                        .build())
                .build())
        .build();
  }

  private static ChatResponse response() {
    return ChatResponse.builder()
        .aiMessage(
            AiMessage.builder()
                .text("Because.")
                .toolExecutionRequests(
                    java.util.List.of(
                        ToolExecutionRequest.builder()
                            .id("1")
                            .name("look")
                            .arguments("{}")
                            .build()))
                .attributes(
                    Map.of(
                        AiMessage.GENERATED_IMAGES_KEY,
                        java.util.List.of(Image.builder().base64Data("aGk=").build())))
                .build())
        .finishReason(FinishReason.STOP)
        .build();
  }
}
