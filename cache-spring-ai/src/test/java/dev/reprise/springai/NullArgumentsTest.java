package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.Outcome;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.testing.NullArguments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;

/** Null is refused at once, and the parameter is named. */
class NullArgumentsTest {
  private final CacheEngine engine = CacheEngine.builder().build();
  private final ChatModel model = ScriptedModel.counting();
  private final Scope scope = Scope.of("shop");

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void theModelRefusesIt() {
    NullArguments.areRefusedBy(CachingChatModel.class, "builder", model, engine, scope);
    NullArguments.areRefusedBy(CachingChatModel.builder(model, engine, scope));
    CachingChatModel cached = CachingChatModel.builder(model, engine, scope).build();
    Prompt prompt = new Prompt("When do you open?");
    cached.call(prompt);
    Outcome hit = cached.answer(prompt).outcome();
    assertThat(hit).isInstanceOf(Outcome.Hit.class);
    NullArguments.areRefusedBy(cached, prompt, CacheRequestOptions.DEFAULT, hit, Feedback.WRONG);
  }

  @Test
  void theAdvisorRefusesIt() {
    NullArguments.areRefusedBy(RepriseAdvisor.class, "builder", model, engine, scope);
    NullArguments.areRefusedBy(RepriseAdvisor.builder(model, engine, scope));
  }
}
