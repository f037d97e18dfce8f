package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Scope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

class ToolsTest {
  private static final Scope SCOPE = Scope.of("shop");

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  private CachingChatModel cached(ScriptedModel model) {
    return CachingChatModel.builder(model, engine, SCOPE).build();
  }

  private static ChatOptions with(ToolCallback... tools) {
    return runByCaller(
        ToolCallingChatOptions.builder().model("m").toolCallbacks(List.of(tools)).build());
  }

  /** In 1.1 a model is told so. */
  private static ChatOptions runByCaller(ChatOptions options) {
    if (SpringAi.modelsRunTools()) {
      try {
        ToolCallingChatOptions.class
            .getMethod("setInternalToolExecutionEnabled", Boolean.class)
            .invoke(options, false);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return options;
  }

  @Test
  void whatTheModelIsToldOfAToolIsInTheKey() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    List<ChatOptions> different =
        List.of(
            with(),
            with(Samples.tool("a", "looks", "{\"type\":\"object\"}")),
            with(Samples.tool("b", "looks", "{\"type\":\"object\"}")),
            with(Samples.tool("a", "looks up", "{\"type\":\"object\"}")),
            with(Samples.tool("a", "looks", "{\"type\":\"object\",\"properties\":{}}")),
            with(Samples.tool("a"), Samples.tool("b")));
    for (ChatOptions options : different) {
      Prompt prompt = new Prompt("What is the capital of Atlantis?", options);
      assertThat(cached.answer(prompt).wasCached()).isFalse();
      assertThat(cached.answer(prompt).wasCached()).isTrue();
    }
  }

  @Test
  void whatOnlyToolsReadIsNotInTheKey() {
    CachingChatModel cached = cached(ScriptedModel.counting());
    cached.call(new Prompt("What is the capital of Atlantis?", context("a")));

    assertThat(
            cached.answer(new Prompt("What is the capital of Atlantis?", context("b"))).wasCached())
        .isTrue();
  }

  private static ChatOptions context(String user) {
    return runByCaller(
        ToolCallingChatOptions.builder()
            .model("m")
            .toolCallbacks(List.of(Samples.tool("a")))
            .toolContext(Map.of("user", user))
            .build());
  }

  @Test
  void toolsThatTheModelRunsByItselfBypass() {
    ScriptedModel model = ScriptedModel.counting();
    CachingChatModel cached = cached(model);
    ChatOptions options =
        ToolCallingChatOptions.builder().toolCallbacks(List.of(Samples.tool("a"))).build();

    ChatOutcome outcome = cached.answer(new Prompt("What is the capital of Atlantis?", options));

    if (SpringAi.modelsRunTools()) {
      assertThat(outcome.outcome())
          .isInstanceOfSatisfying(
              Outcome.Bypassed.class,
              bypassed ->
                  assertThat(bypassed.reason().detail()).contains("internalToolExecutionEnabled"));
    } else {
      assertThat(outcome.outcome()).isInstanceOf(Outcome.Computed.class);
    }
  }

  @Test
  void toolsThatAreGivenByNameBypass() throws Exception {
    if (!SpringAi.modelsRunTools()) {
      // Spring AI 2.0 has no such option.
      assertThat(ToolCallingChatOptions.class.getMethods())
          .noneMatch(method -> method.getName().equals("getToolNames"));
      return;
    }
    ChatOptions options = with();
    ToolCallingChatOptions.class
        .getMethod("setToolNames", java.util.Set.class)
        .invoke(options, java.util.Set.of("look"));

    ChatOutcome outcome =
        cached(ScriptedModel.counting()).answer(new Prompt("What is a cache?", options));

    assertThat(outcome.outcome())
        .isInstanceOfSatisfying(
            Outcome.Bypassed.class,
            bypassed -> assertThat(bypassed.reason().detail()).contains("the options name tools"));
  }

  /** Asks for the tool, and answers with what the tool says. */
  private static ScriptedModel calling() {
    return ScriptedModel.answering(
        ToolCallingChatOptions.builder().model("m").build(),
        prompt -> {
          if (prompt.getInstructions().get(prompt.getInstructions().size() - 1)
              instanceof ToolResponseMessage result) {
            return ScriptedModel.response(
                "It is " + result.getResponses().get(0).responseData(), "STOP");
          }
          return ScriptedModel.response(
              AssistantMessage.builder()
                  .content("")
                  .toolCalls(
                      List.of(new AssistantMessage.ToolCall("c1", "function", "warmth", "{}")))
                  .build(),
              "TOOL_CALLS");
        });
  }

  /** In Spring AI 2.0 a client runs the tools, in 1.1 the model does. */
  @Test
  void aClientsToolsRunEachTimeAndTheirResultsAreInTheKey() {
    AtomicInteger warmth = new AtomicInteger(20);
    AtomicInteger runs = new AtomicInteger();
    ToolCallback tool = new Warmth(warmth, runs);
    ScriptedModel model = calling();
    ChatClient client = ChatClient.builder(cached(model)).build();

    assertThat(ask(client, tool)).isEqualTo(SpringAi.modelsRunTools() ? "" : "It is 20");
    warmth.set(21);
    assertThat(ask(client, tool)).isEqualTo(SpringAi.modelsRunTools() ? "" : "It is 21");
    warmth.set(20);
    assertThat(ask(client, tool)).isEqualTo(SpringAi.modelsRunTools() ? "" : "It is 20");

    assertThat(runs.get()).isEqualTo(SpringAi.modelsRunTools() ? 0 : 3);
    // Each time the model asks for the tool; the third answer came from the cache.
    assertThat(model.calls()).isEqualTo(SpringAi.modelsRunTools() ? 3 : 5);
  }

  @SuppressWarnings({"deprecation", "removal"}) // Spring AI 1.1 has no other method.
  private static String ask(ChatClient client, ToolCallback tool) {
    return client
        .prompt()
        .user("What is the capital of Atlantis?")
        .toolCallbacks(tool)
        .call()
        .content();
  }

  private record Warmth(AtomicInteger warmth, AtomicInteger runs) implements ToolCallback {
    @Override
    public ToolDefinition getToolDefinition() {
      return ToolDefinition.builder()
          .name("warmth")
          .description("Says how warm it is.")
          .inputSchema("{\"type\":\"object\"}")
          .build();
    }

    @Override
    public String call(String input) {
      runs.incrementAndGet();
      return String.valueOf(warmth.get());
    }
  }
}
