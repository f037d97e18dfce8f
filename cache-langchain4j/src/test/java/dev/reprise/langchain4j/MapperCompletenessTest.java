package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ContentType;
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
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
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
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every accessor of every class that a LangChain4j request is made of changes the key, or stands
 * here with the reason why not. A field that LangChain4j adds fails this test.
 */
class MapperCompletenessTest {
  private static final ChatRequestMapper MAPPER =
      new ChatRequestMapper(Scope.of("test"), "provider", "", ParametersMappers.defaults());

  /** Accessors that are not mapped for themselves, in any class. */
  private static final Map<String, String> JUSTIFIED =
      Map.of(
          "type", "follows from the class",
          "toBuilder", "no field",
          "toJson", "all of the other fields",
          "singleText", "the text of the only content",
          "hasSingleText", "follows from the contents",
          "hasToolExecutionRequests", "follows from the requests");

  /** One accessor's value changed, and nothing else. */
  private record Variation(Class<?> owner, String accessor, ChatRequest base, ChatRequest other) {}

  private static final List<Variation> VARIATIONS = new ArrayList<>();

  private static ChatRequest request(ChatMessage... messages) {
    return ChatRequest.builder().messages(messages).build();
  }

  private static ChatRequest request(ChatRequestParameters parameters) {
    return ChatRequest.builder().messages(UserMessage.from("Hi")).parameters(parameters).build();
  }

  private static ChatRequest request(Content content) {
    return request(UserMessage.from(content));
  }

  private static ChatRequest request(Image image) {
    return request(ImageContent.from(image));
  }

  private static ChatRequest request(ToolSpecification tool) {
    return request(ChatRequestParameters.builder().toolSpecifications(tool).build());
  }

  private static ChatRequest request(JsonSchemaElement element) {
    return request(JsonSchema.builder().name("schema").rootElement(element).build());
  }

  private static ChatRequest request(JsonSchema schema) {
    return request(
        ChatRequestParameters.builder()
            .responseFormat(
                ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build())
            .build());
  }

  private static ChatRequest called(ToolExecutionRequest call) {
    return request(AiMessage.from(call), ToolExecutionResultMessage.from("1", "look", "found"));
  }

  private static ChatRequest answered(ToolExecutionResultMessage result) {
    ToolExecutionRequest call =
        ToolExecutionRequest.builder().id("1").name("look").arguments("{}").build();
    return request(AiMessage.from(call), result);
  }

  private static void varies(Class<?> owner, String accessor, ChatRequest base, ChatRequest other) {
    VARIATIONS.add(new Variation(owner, accessor, base, other));
  }

  private static void parameter(
      String accessor, UnaryOperator<DefaultChatRequestParameters.Builder<?>> change) {
    varies(
        ChatRequestParameters.class,
        accessor,
        request(ChatRequestParameters.builder().build()),
        request(change.apply(ChatRequestParameters.builder()).build()));
  }

  private static void openAi(
      String accessor, UnaryOperator<OpenAiChatRequestParameters.Builder> change) {
    varies(
        OpenAiChatRequestParameters.class,
        accessor,
        request(OpenAiChatRequestParameters.builder().build()),
        request(change.apply(OpenAiChatRequestParameters.builder()).build()));
  }

  static {
    ToolSpecification tool = ToolSpecification.builder().name("look").build();
    varies(
        ChatRequest.class,
        "messages",
        request(UserMessage.from("a")),
        request(UserMessage.from("b")));
    varies(
        ChatRequest.class,
        "parameters",
        request(UserMessage.from("Hi")),
        request(ChatRequestParameters.builder().temperature(0.5).build()));

    parameter("modelName", builder -> builder.modelName("m"));
    parameter("temperature", builder -> builder.temperature(0.5));
    parameter("topP", builder -> builder.topP(0.5));
    parameter("topK", builder -> builder.topK(5));
    parameter("frequencyPenalty", builder -> builder.frequencyPenalty(0.5));
    parameter("presencePenalty", builder -> builder.presencePenalty(0.5));
    parameter("maxOutputTokens", builder -> builder.maxOutputTokens(5));
    parameter("stopSequences", builder -> builder.stopSequences("stop"));
    parameter("toolSpecifications", builder -> builder.toolSpecifications(tool));
    parameter("toolChoice", builder -> builder.toolChoice(ToolChoice.REQUIRED));
    parameter("responseFormat", builder -> builder.responseFormat(ResponseFormat.JSON));

    openAi("maxCompletionTokens", builder -> builder.maxCompletionTokens(5));
    openAi("logitBias", builder -> builder.logitBias(Map.of("1", 5)));
    openAi("parallelToolCalls", builder -> builder.parallelToolCalls(true));
    openAi("seed", builder -> builder.seed(5));
    openAi("user", builder -> builder.user("Ann"));
    openAi("store", builder -> builder.store(true));
    openAi("metadata", builder -> builder.metadata(Map.of("a", "b")));
    openAi("serviceTier", builder -> builder.serviceTier("flex"));
    openAi("reasoningEffort", builder -> builder.reasoningEffort("low"));
    openAi("logprobs", builder -> builder.logprobs(true));
    openAi("topLogprobs", builder -> builder.topLogprobs(5));
    openAi("customParameters", builder -> builder.customParameters(Map.of("a", "b")));

    ChatRequest user = request(UserMessage.from("Hi"));
    varies(UserMessage.class, "name", user, request(UserMessage.from("Ann", "Hi")));
    varies(UserMessage.class, "contents", user, request(UserMessage.from("Ho")));
    varies(
        UserMessage.class,
        "attributes",
        user,
        request(
            UserMessage.builder()
                .addContent(TextContent.from("Hi"))
                .attributes(Map.of("name", "Ann"))
                .build()));
    varies(
        SystemMessage.class,
        "text",
        request(SystemMessage.from("a"), UserMessage.from("Hi")),
        request(SystemMessage.from("b"), UserMessage.from("Hi")));
    varies(
        CustomMessage.class,
        "attributes",
        request(CustomMessage.from(Map.of("a", 1))),
        request(CustomMessage.from(Map.of("a", 2))));

    ToolExecutionRequest call =
        ToolExecutionRequest.builder().id("1").name("look").arguments("{}").build();
    ChatRequest assistant = request(AiMessage.builder().text("a").build());
    varies(AiMessage.class, "text", assistant, request(AiMessage.builder().text("b").build()));
    varies(
        AiMessage.class,
        "thinking",
        assistant,
        request(AiMessage.builder().text("a").thinking("b").build()));
    varies(
        AiMessage.class,
        "toolExecutionRequests",
        assistant,
        request(AiMessage.builder().text("a").toolExecutionRequests(List.of(call)).build()));
    varies(
        AiMessage.class,
        "attributes",
        assistant,
        request(AiMessage.builder().text("a").attributes(Map.of("thinking", "b")).build()));
    varies(
        AiMessage.class,
        "images",
        assistant,
        request(
            AiMessage.builder()
                .text("a")
                .attributes(
                    Map.of(
                        AiMessage.GENERATED_IMAGES_KEY,
                        List.of(Image.builder().base64Data("aGk=").build())))
                .build()));

    varies(
        ToolExecutionRequest.class, "id", called(call), called(call.toBuilder().id("2").build()));
    varies(
        ToolExecutionRequest.class,
        "name",
        called(call),
        called(call.toBuilder().name("see").build()));
    varies(
        ToolExecutionRequest.class,
        "arguments",
        called(call),
        called(call.toBuilder().arguments("[]").build()));

    ToolExecutionResultMessage result = ToolExecutionResultMessage.from("1", "look", "found");
    varies(
        ToolExecutionResultMessage.class,
        "id",
        answered(result),
        answered(result.toBuilder().id("2").build()));
    varies(
        ToolExecutionResultMessage.class,
        "toolName",
        answered(result),
        answered(result.toBuilder().toolName("see").build()));
    varies(
        ToolExecutionResultMessage.class,
        "text",
        answered(result),
        answered(ToolExecutionResultMessage.from("1", "look", "lost")));
    varies(
        ToolExecutionResultMessage.class,
        "contents",
        answered(result),
        answered(
            result.toBuilder()
                .contents(List.of(TextContent.from("found"), TextContent.from("more")))
                .build()));
    varies(
        ToolExecutionResultMessage.class,
        "isError",
        answered(result),
        answered(result.toBuilder().isError(true).build()));
    varies(
        ToolExecutionResultMessage.class,
        "attributes",
        answered(result),
        answered(result.toBuilder().attributes(Map.of("is_error", true)).build()));

    Image image = Image.builder().base64Data("aGk=").build();
    varies(
        TextContent.class, "text", request(TextContent.from("a")), request(TextContent.from("b")));
    varies(
        ImageContent.class,
        "image",
        request(image),
        request(Image.builder().base64Data("aGj=").build()));
    varies(
        ImageContent.class,
        "detailLevel",
        request(ImageContent.from(image, ImageContent.DetailLevel.LOW)),
        request(ImageContent.from(image, ImageContent.DetailLevel.HIGH)));
    varies(
        AudioContent.class,
        "audio",
        request(AudioContent.from("http://localhost/a")),
        request(AudioContent.from("http://localhost/b")));
    varies(
        VideoContent.class,
        "video",
        request(VideoContent.from("http://localhost/a")),
        request(VideoContent.from("http://localhost/b")));
    varies(
        PdfFileContent.class,
        "pdfFile",
        request(PdfFileContent.from("http://localhost/a")),
        request(PdfFileContent.from("http://localhost/b")));

    varies(
        Image.class,
        "url",
        request(image),
        request(Image.builder().base64Data("aGk=").url("http://localhost/a").build()));
    varies(
        Image.class,
        "base64Data",
        request(image),
        request(Image.builder().base64Data("aG8=").build()));
    varies(
        Image.class,
        "mimeType",
        request(image),
        request(Image.builder().base64Data("aGk=").mimeType("image/png").build()));
    varies(
        Image.class,
        "revisedPrompt",
        request(image),
        request(Image.builder().base64Data("aGk=").revisedPrompt("a").build()));

    Audio audio = Audio.builder().base64Data("aGk=").build();
    varies(
        Audio.class,
        "url",
        request(AudioContent.from(audio)),
        request(
            AudioContent.from(
                Audio.builder().base64Data("aGk=").url("http://localhost/a").build())));
    varies(
        Audio.class,
        "base64Data",
        request(AudioContent.from(audio)),
        request(AudioContent.from(Audio.builder().base64Data("aG8=").build())));
    varies(
        Audio.class,
        "binaryData",
        request(AudioContent.from(Audio.builder().binaryData(new byte[] {1}).build())),
        request(AudioContent.from(Audio.builder().binaryData(new byte[] {2}).build())));
    varies(
        Audio.class,
        "mimeType",
        request(AudioContent.from(audio)),
        request(
            AudioContent.from(Audio.builder().base64Data("aGk=").mimeType("audio/wav").build())));

    Video video = Video.builder().base64Data("aGk=").build();
    varies(
        Video.class,
        "url",
        request(VideoContent.from(video)),
        request(
            VideoContent.from(
                Video.builder().base64Data("aGk=").url("http://localhost/a").build())));
    varies(
        Video.class,
        "base64Data",
        request(VideoContent.from(video)),
        request(VideoContent.from(Video.builder().base64Data("aG8=").build())));
    varies(
        Video.class,
        "mimeType",
        request(VideoContent.from(video)),
        request(
            VideoContent.from(Video.builder().base64Data("aGk=").mimeType("video/mp4").build())));

    PdfFile file = PdfFile.builder().base64Data("aGk=").build();
    varies(
        PdfFile.class,
        "url",
        request(PdfFileContent.from(file)),
        request(
            PdfFileContent.from(
                PdfFile.builder().base64Data("aGk=").url("http://localhost/a").build())));
    varies(
        PdfFile.class,
        "base64Data",
        request(PdfFileContent.from(file)),
        request(PdfFileContent.from(PdfFile.builder().base64Data("aG8=").build())));
    varies(
        PdfFile.class,
        "mimeType",
        request(PdfFileContent.from(file)),
        request(
            PdfFileContent.from(
                PdfFile.builder().base64Data("aGk=").mimeType("text/plain").build())));

    varies(
        ToolSpecification.class,
        "name",
        request(tool),
        request(tool.toBuilder().name("see").build()));
    varies(
        ToolSpecification.class,
        "description",
        request(tool),
        request(tool.toBuilder().description("a").build()));
    varies(
        ToolSpecification.class,
        "parameters",
        request(tool),
        request(
            tool.toBuilder()
                .parameters(JsonObjectSchema.builder().addStringProperty("a").build())
                .build()));
    varies(
        ToolSpecification.class,
        "metadata",
        request(tool),
        request(tool.toBuilder().metadata(Map.of("a", "b")).build()));
    varies(
        ToolSpecification.class,
        "strict",
        request(tool),
        request(tool.toBuilder().strict(true).build()));

    JsonSchema schema =
        JsonSchema.builder().name("schema").rootElement(new JsonStringSchema()).build();
    varies(
        ResponseFormat.class,
        "type",
        request(ChatRequestParameters.builder().responseFormat(ResponseFormat.TEXT).build()),
        request(ChatRequestParameters.builder().responseFormat(ResponseFormat.JSON).build()));
    varies(
        ResponseFormat.class,
        "jsonSchema",
        request(ChatRequestParameters.builder().responseFormat(ResponseFormat.JSON).build()),
        request(schema));
    varies(
        JsonSchema.class,
        "name",
        request(schema),
        request(JsonSchema.builder().name("other").rootElement(new JsonStringSchema()).build()));
    varies(
        JsonSchema.class,
        "rootElement",
        request(schema),
        request(JsonSchema.builder().name("schema").rootElement(new JsonIntegerSchema()).build()));

    ChatRequest object = request(JsonObjectSchema.builder().build());
    varies(
        JsonObjectSchema.class,
        "description",
        object,
        request(JsonObjectSchema.builder().description("a").build()));
    varies(
        JsonObjectSchema.class,
        "properties",
        object,
        request(JsonObjectSchema.builder().addStringProperty("a").build()));
    varies(
        JsonObjectSchema.class,
        "required",
        object,
        request(JsonObjectSchema.builder().required("a").build()));
    varies(
        JsonObjectSchema.class,
        "additionalProperties",
        object,
        request(JsonObjectSchema.builder().additionalProperties(false).build()));
    varies(
        JsonObjectSchema.class,
        "definitions",
        object,
        request(
            JsonObjectSchema.builder().definitions(Map.of("a", new JsonStringSchema())).build()));

    JsonStringSchema text = new JsonStringSchema();
    varies(
        JsonArraySchema.class,
        "description",
        request(JsonArraySchema.builder().items(text).build()),
        request(JsonArraySchema.builder().items(text).description("a").build()));
    varies(
        JsonArraySchema.class,
        "items",
        request(JsonArraySchema.builder().items(text).build()),
        request(JsonArraySchema.builder().items(new JsonNumberSchema()).build()));
    varies(
        JsonEnumSchema.class,
        "description",
        request(JsonEnumSchema.builder().enumValues("a").build()),
        request(JsonEnumSchema.builder().enumValues("a").description("a").build()));
    varies(
        JsonEnumSchema.class,
        "enumValues",
        request(JsonEnumSchema.builder().enumValues("a").build()),
        request(JsonEnumSchema.builder().enumValues("b").build()));
    varies(
        JsonAnyOfSchema.class,
        "description",
        request(JsonAnyOfSchema.builder().anyOf(text).build()),
        request(JsonAnyOfSchema.builder().anyOf(text).description("a").build()));
    varies(
        JsonAnyOfSchema.class,
        "anyOf",
        request(JsonAnyOfSchema.builder().anyOf(text).build()),
        request(JsonAnyOfSchema.builder().anyOf(text, new JsonNullSchema()).build()));
    varies(
        JsonReferenceSchema.class,
        "reference",
        request(JsonReferenceSchema.builder().reference("a").build()),
        request(JsonReferenceSchema.builder().reference("b").build()));
    varies(
        JsonRawSchema.class,
        "schema",
        request(JsonRawSchema.from("{\"type\": \"string\"}")),
        request(JsonRawSchema.from("{\"type\": \"number\"}")));
    varies(
        JsonStringSchema.class,
        "description",
        request(text),
        request(JsonStringSchema.builder().description("a").build()));
    varies(
        JsonIntegerSchema.class,
        "description",
        request(new JsonIntegerSchema()),
        request(JsonIntegerSchema.builder().description("a").build()));
    varies(
        JsonNumberSchema.class,
        "description",
        request(new JsonNumberSchema()),
        request(JsonNumberSchema.builder().description("a").build()));
    varies(
        JsonBooleanSchema.class,
        "description",
        request(new JsonBooleanSchema()),
        request(JsonBooleanSchema.builder().description("a").build()));
  }

  /** Accessors of one class that are not mapped for themselves. */
  private static final Map<Class<?>, Map<String, String>> JUSTIFIED_BY_CLASS =
      Map.of(
          ChatRequest.class,
          accessors(ChatRequestParameters.class).stream()
              .collect(Collectors.toMap(name -> name, name -> "the parameters' own")),
          OpenAiChatRequestParameters.class,
          accessors(ChatRequestParameters.class).stream()
              .collect(Collectors.toMap(name -> name, name -> "proven for the interface")),
          JsonRawSchema.class,
          Map.of("description", "always null: it is inside the schema"),
          JsonReferenceSchema.class,
          Map.of("description", "always null"),
          JsonNullSchema.class,
          Map.of("description", "always null"));

  private static Set<String> accessors(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getParameterCount() == 0)
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getDeclaringClass() != Object.class)
        .map(Method::getName)
        .filter(name -> !Set.of("hashCode", "toString").contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static ExactKey key(ChatRequest request) {
    Mapping mapping = MAPPER.map(request, CacheRequestOptions.DEFAULT);
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    return Canonicalizer.exactKey(((Mapping.Mapped) mapping).request());
  }

  @TestFactory
  Stream<DynamicTest> everyAccessorChangesTheKey() {
    return VARIATIONS.stream()
        .map(
            variation ->
                DynamicTest.dynamicTest(
                    variation.owner().getSimpleName() + "." + variation.accessor(),
                    () -> assertThat(key(variation.other())).isNotEqualTo(key(variation.base()))));
  }

  @TestFactory
  Stream<DynamicTest> noAccessorIsForgotten() {
    return Stream.concat(
            VARIATIONS.stream().map(Variation::owner), JUSTIFIED_BY_CLASS.keySet().stream())
        .distinct()
        .map(
            owner ->
                DynamicTest.dynamicTest(
                    owner.getSimpleName(),
                    () -> {
                      Set<String> known =
                          VARIATIONS.stream()
                              .filter(variation -> variation.owner() == owner)
                              .map(Variation::accessor)
                              .collect(Collectors.toSet());
                      known.addAll(JUSTIFIED_BY_CLASS.getOrDefault(owner, Map.of()).keySet());
                      Set<String> forgotten = new TreeSet<>(accessors(owner));
                      forgotten.removeAll(known);
                      forgotten.removeAll(JUSTIFIED.keySet());
                      assertThat(forgotten)
                          .as("map what is new in %s into the key, or justify it", owner)
                          .isEmpty();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> whatRunTimeChecksIsWhatIsProvenHere() {
    return VARIATIONS.stream()
        .map(Variation::owner)
        .distinct()
        .filter(owner -> !ChatRequestParameters.class.isAssignableFrom(owner))
        .map(
            owner ->
                DynamicTest.dynamicTest(
                    owner.getSimpleName(),
                    () -> assertThat(MappedAccessors.unknown(owner)).isEmpty()));
  }

  @Test
  void everyKindOfMessageAndContentIsProven() {
    Set<Class<?>> owners = VARIATIONS.stream().map(Variation::owner).collect(Collectors.toSet());

    for (ChatMessageType type : ChatMessageType.values()) {
      assertThat(owners).contains(type.messageClass());
    }
    for (ContentType type : ContentType.values()) {
      assertThat(owners).contains(type.getContentClass());
    }
  }

  @Test
  void theParametersOfTheInterfaceAreAllThatTheDefaultClassHas() {
    assertThat(accessors(DefaultChatRequestParameters.class))
        .isEqualTo(accessors(ChatRequestParameters.class));
  }
}
