package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A provider that is not cached is named in the log, once. */
class UnmappedWarningTest {
  private static final String QUESTION = "Does the cake of uncle Theodor need yeast?";

  /** Parameters that hide what they hold. */
  private abstract static class Hiding extends DefaultChatRequestParameters {
    @SuppressWarnings("unused")
    private final String secret;

    Hiding() {
      super(ChatRequestParameters.builder().modelName("m").temperature(0.0));
      this.secret = "s3cret";
    }

    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters that) {
      return this;
    }
  }

  private static final class FirstProvider extends Hiding {}

  private static final class SecondProvider extends Hiding {}

  private static String logged(Runnable work) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }

  private static void ask(CacheEngine engine, ChatRequestParameters parameters) {
    CachingChatModel.builder(
            ScriptedChatModel.counting().with(parameters), engine, Scope.of("warning"))
        .build()
        .chat(ChatRequest.builder().messages(UserMessage.from(QUESTION)).build());
  }

  private static void stream(CacheEngine engine, ChatRequestParameters parameters) {
    CachingStreamingChatModel.builder(
            ScriptedStreamingChatModel.saying("answer").with(parameters),
            engine,
            Scope.of("warning"))
        .build()
        .chat(
            ChatRequest.builder().messages(UserMessage.from(QUESTION)).build(),
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String text) {}

              @Override
              public void onCompleteResponse(ChatResponse complete) {}

              @Override
              public void onError(Throwable error) {
                throw new AssertionError(error);
              }
            });
  }

  @Test
  void oneWarningForEachClassOfParametersHoweverItIsCalled() {
    String log;
    try (CacheEngine engine = CacheEngine.builder().build()) {
      log =
          logged(
              () -> {
                for (int i = 0; i < 3; i++) {
                  ask(engine, new FirstProvider());
                  stream(engine, new FirstProvider());
                  ask(engine, new SecondProvider());
                  ask(engine, ScriptedChatModel.PARAMETERS);
                }
              });
      assertThat(engine.stats().bypassed()).isEqualTo(9);
    }
    List<String> warnings = log.lines().filter(line -> line.contains("bypass the cache")).toList();
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0))
        .contains("WARN", FirstProvider.class.getName(), "[secret]", "parametersMappers")
        .doesNotContain(QUESTION, "s3cret");
    assertThat(warnings.get(1)).contains(SecondProvider.class.getName());
  }
}
