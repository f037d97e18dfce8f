package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/**
 * A test of an application replaces the model with one of its own. {@code @MockitoBean} does so by
 * the same means as {@code @TestBean}.
 */
@SpringJUnitConfig(SpringAiModelsTest.Models.class)
@ImportAutoConfiguration({RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class})
@TestPropertySource(properties = {"reprise.scope=shop", "reprise.tiers=memory"})
class OverriddenModelTest {
  /** By its type, which the bean of the final class and its proxy both have. */
  @TestBean private ChatModel model;

  @Autowired private ChatModel injected;

  static ChatModel model() {
    return SpringAiModelsTest.fixed("From the test.");
  }

  @Test
  void theTestsModelAnswers() {
    assertThat(injected).isSameAs(model);
    assertThat(injected.call("How do I reset my password?")).isEqualTo("From the test.");
  }
}
