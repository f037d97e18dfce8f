package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.prompt.Prompt;

/** A kind of request that is not cached is named in the log, once. */
class UnmappedWarningTest {
  private static final String QUESTION = "Does the cake of uncle Theodor need yeast?";

  private static final class FirstPrompt extends Prompt {
    FirstPrompt() {
      super(QUESTION);
    }
  }

  private static final class SecondPrompt extends Prompt {
    SecondPrompt() {
      super(QUESTION);
    }
  }

  @Test
  void oneWarningForEachReasonHoweverItIsCalled() {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    try (CacheEngine engine = CacheEngine.builder().build()) {
      System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
      CachingChatModel cached =
          CachingChatModel.builder(ScriptedModel.counting(), engine, Scope.of("warning")).build();
      for (int i = 0; i < 3; i++) {
        cached.call(new FirstPrompt());
        cached.stream(new FirstPrompt()).blockLast();
        cached.call(new SecondPrompt());
        cached.call(new Prompt(QUESTION));
      }
      assertThat(engine.stats().bypassed()).isEqualTo(9);
    } finally {
      System.setErr(before);
    }
    List<String> warnings =
        captured
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("bypass the cache"))
            .toList();
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0))
        .contains("WARN", FirstPrompt.class.getName())
        .doesNotContain(QUESTION);
    assertThat(warnings.get(1)).contains(SecondPrompt.class.getName());
  }
}
