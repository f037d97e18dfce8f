package dev.reprise.langchain4j;

import static dev.reprise.langchain4j.ScriptedChatModel.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real AiServices over a cached model. */
class AiServicesTest {
  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private CachingChatModel cached(ScriptedChatModel model, String scope) {
    return CachingChatModel.builder(model, engine, Scope.of(scope)).build();
  }

  interface Assistant {
    String chat(String message);
  }

  interface Remembering {
    String chat(@MemoryId String id, @UserMessage String message);
  }

  interface Telling {
    @SystemMessage("Be short.")
    Result<String> chat(String message);
  }

  enum Mood {
    GOOD,
    BAD
  }

  record Person(String name, int age) {}

  interface Extractor {
    Person person(String text);

    Mood mood(String text);
  }

  interface Streaming {
    TokenStream chat(String message);
  }

  @Test
  void aPlainServiceIsAnsweredOnce() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    Assistant assistant = AiServices.create(Assistant.class, cached(model, "one"));

    assertThat(assistant.chat("Why?")).isEqualTo("answer 1");
    assertThat(assistant.chat("Why?")).isEqualTo("answer 1");
    assertThat(assistant.chat("How?")).isEqualTo("answer 2");
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void twoTenantsOfOneServiceNeverShare() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    Assistant one = AiServices.create(Assistant.class, cached(model, "one"));
    Assistant two = AiServices.create(Assistant.class, cached(model, "two"));

    assertThat(one.chat("What is the limit on a card?")).isEqualTo("answer 1");
    assertThat(two.chat("What is the limit on a card?")).isEqualTo("answer 2");
    assertThat(one.chat("What is the limit on a card?")).isEqualTo("answer 1");
  }

  @Test
  void conversationsWithTheSameLastWordsAndAnotherHistoryNeverShare() {
    ScriptedChatModel model = ScriptedChatModel.counting();
    Remembering assistant =
        AiServices.builder(Remembering.class)
            .chatModel(cached(model, "one"))
            .chatMemoryProvider(id -> MessageWindowChatMemory.withMaxMessages(10))
            .build();

    assertThat(assistant.chat("ann", "I live in Rome.")).isEqualTo("answer 1");
    assertThat(assistant.chat("bob", "I live in Oslo.")).isEqualTo("answer 2");
    assertThat(assistant.chat("ann", "Is it far?")).isEqualTo("answer 3");
    assertThat(assistant.chat("bob", "Is it far?")).isEqualTo("answer 4");
    // The whole conversation again, word for word: all of it is cached.
    assertThat(assistant.chat("eve", "I live in Rome.")).isEqualTo("answer 1");
    assertThat(assistant.chat("eve", "Is it far?")).isEqualTo("answer 3");
    assertThat(model.calls()).isEqualTo(4);
  }

  static final class Clerk {
    final AtomicInteger calls = new AtomicInteger();

    @Tool("Counts the parts in the store")
    int stock(String part) {
      calls.incrementAndGet();
      return part.length();
    }
  }

  private static ChatResponse withTools(ChatRequest request) {
    ChatMessage last = request.messages().get(request.messages().size() - 1);
    if (last instanceof ToolExecutionResultMessage result) {
      return response("There are " + result.text() + ".");
    }
    return response(
        AiMessage.from(
            ToolExecutionRequest.builder()
                .id("call-" + System.identityHashCode(request))
                .name("stock")
                .arguments("{\"arg0\": \"bolt\", \"part\": \"bolt\"}")
                .build()),
        FinishReason.TOOL_EXECUTION);
  }

  @Test
  void toolsAreCalledEachTimeAndTheirFinalAnswerIsCached() {
    Clerk clerk = new Clerk();
    ScriptedChatModel model = ScriptedChatModel.answering(AiServicesTest::withTools);
    Telling assistant =
        AiServices.builder(Telling.class).chatModel(cached(model, "one")).tools(clerk).build();

    Result<String> first = assistant.chat("How many bolts?");
    Result<String> second = assistant.chat("How many bolts?");

    assertThat(first.content()).isEqualTo("There are 4.");
    assertThat(second.content()).isEqualTo("There are 4.");
    assertThat(clerk.calls).hasValue(2);
    // Twice the wish to call the tool; once the answer from its result, whatever the call's id.
    assertThat(model.calls()).isEqualTo(3);
    assertThat(engine.stats().notStoredByReason()).containsEntry(Reason.Code.TOOL_CALLS, 2L);
    assertThat(CacheMetadata.of(first.finalResponse())).isEmpty();
    assertThat(CacheMetadata.of(second.finalResponse())).isPresent();
  }

  @Test
  void aResultTellsThatItWasCached() {
    Telling assistant =
        AiServices.create(Telling.class, cached(ScriptedChatModel.saying("Because."), "one"));

    Result<String> first = assistant.chat("Why?");
    Result<String> second = assistant.chat("Why?");

    assertThat(CacheMetadata.of(first.finalResponse())).isEmpty();
    assertThat(CacheMetadata.of(second.finalResponse())).isPresent();
    assertThat(second.content()).isEqualTo("Because.");
    assertThat(second.tokenUsage()).isEqualTo(first.tokenUsage());
    assertThat(second.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void structuredOutputIsCachedByItsForm() {
    ScriptedChatModel model =
        ScriptedChatModel.answering(
            request ->
                response(
                    request.responseFormat() != null
                            && request.responseFormat().toString().contains("age")
                        ? "{\"name\": \"Ann\", \"age\": 7}"
                        : "{\"value\": \"GOOD\"}"));
    Extractor extractor = AiServices.create(Extractor.class, cached(model, "one"));

    assertThat(extractor.person("Ann is 7.")).isEqualTo(new Person("Ann", 7));
    assertThat(extractor.mood("Ann is 7.")).isEqualTo(Mood.GOOD);
    assertThat(extractor.person("Ann is 7.")).isEqualTo(new Person("Ann", 7));
    assertThat(extractor.mood("Ann is 7.")).isEqualTo(Mood.GOOD);
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void aTokenStreamIsReplayed() throws Exception {
    ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("A cache ", "remembers.");
    Streaming assistant =
        AiServices.builder(Streaming.class)
            .streamingChatModel(
                CachingStreamingChatModel.builder(model, engine, Scope.of("one")).build())
            .build();

    List<String> first = new CopyOnWriteArrayList<>();
    ChatResponse miss = read(assistant.chat("What is a cache?"), first);
    List<String> second = new CopyOnWriteArrayList<>();
    ChatResponse hit = read(assistant.chat("What is a cache?"), second);

    assertThat(first).containsExactly("A cache ", "remembers.");
    assertThat(second).containsExactly("A", " cache", " remembers.");
    assertThat(CacheMetadata.of(miss)).isEmpty();
    assertThat(CacheMetadata.of(hit)).isPresent();
    assertThat(hit.aiMessage()).isEqualTo(miss.aiMessage());
    assertThat(model.calls()).isEqualTo(1);
  }

  private static ChatResponse read(TokenStream stream, List<String> pieces) throws Exception {
    CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
    stream
        .onPartialResponse(pieces::add)
        .onCompleteResponse(complete::complete)
        .onError(complete::completeExceptionally)
        .start();
    return complete.get(10, TimeUnit.SECONDS);
  }
}
