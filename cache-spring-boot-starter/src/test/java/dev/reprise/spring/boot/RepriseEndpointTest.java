package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.model.chat.ChatModel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RepriseEndpointTest {
  private static final String QUESTION = "How do I reset my password?";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
          .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
          .withPropertyValues(
              "reprise.scope=shop",
              "reprise.tiers=memory",
              "management.endpoints.web.exposure.include=reprise");

  private static JsonNode json(Object value) {
    return JSON.valueToTree(value);
  }

  @Test
  void itTellsExplainsTakesFeedbackAndRemoves() {
    runner.run(
        context -> {
          RepriseEndpoint endpoint = context.getBean(RepriseEndpoint.class);
          ChatModel model = context.getBean(ChatModel.class);
          model.chat(QUESTION);
          model.chat(QUESTION);
          assertThat(json(endpoint.overview()).at("/stats/exactHits").asInt()).isEqualTo(1);
          assertThat(json(endpoint.part("models")).at("/cached/0").asText()).isEqualTo("openModel");
          assertThat(endpoint.part("nothing")).isNull();

          JsonNode explained = json(endpoint.explain(QUESTION, null, null, null));
          assertThat(explained.at("/exactHitIn").asText()).isEqualTo("memory");
          String key = explained.at("/key").asText();
          assertThat(json(endpoint.explain(QUESTION, "openModel", "Be brief.", null)).at("/key"))
              .isNotEqualTo(explained.at("/key"));
          assertThat(json(endpoint.explain(QUESTION, null, null, "other")).has("exactHitIn"))
              .isFalse();

          assertThat(endpoint.feedback(key, "right")).isEqualTo(Map.of("recorded", true));
          assertThat(json(endpoint.remove(key)).at("/removed").asInt()).isEqualTo(1);
          model.chat(QUESTION);
          assertThat(json(endpoint.invalidate(null, null, "shop")).at("/removed").asInt())
              .isEqualTo(1);
          assertThat(json(endpoint.invalidate("a-tag", null, null)).at("/pending").asBoolean())
              .isFalse();
        });
  }

  @Test
  void badInputIsRefusedWithTheReason() {
    runner.run(
        context -> {
          RepriseEndpoint endpoint = context.getBean(RepriseEndpoint.class);
          assertThatThrownBy(() -> endpoint.explain(QUESTION, "nobody", null, null))
              .isInstanceOf(InvalidEndpointRequestException.class)
              .hasMessageContaining("openModel");
          assertThatThrownBy(() -> endpoint.feedback("xyz", "wrong"))
              .isInstanceOf(InvalidEndpointRequestException.class)
              .hasMessageContaining("64 hexadecimal");
          assertThatThrownBy(() -> endpoint.feedback("0".repeat(64), "so-so"))
              .isInstanceOf(InvalidEndpointRequestException.class);
          assertThatThrownBy(() -> endpoint.invalidate("a", "b", null))
              .isInstanceOf(InvalidEndpointRequestException.class);
          assertThatThrownBy(() -> endpoint.invalidate(" ", null, null))
              .isInstanceOf(InvalidEndpointRequestException.class);
        });
  }

  @Test
  void itIsThereOnlyWhereItIsExposed() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
        .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory")
        .run(context -> assertThat(context).doesNotHaveBean(RepriseEndpoint.class));
  }
}
