package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.testing.NativeImageMetadata;
import org.junit.jupiter.api.Test;

/** The artifact tells native-image which classes it reads by reflection. */
class NativeImageTest {
  private static final NativeImageMetadata METADATA = NativeImageMetadata.of("reprise-langchain4j");

  @Test
  void whatIsNamedExists() {
    assertThat(METADATA.missing()).isEmpty();
  }

  @Test
  void whatIsReadIsNamed() {
    assertThat(METADATA.classes())
        .containsAll(MappedAccessors.types().stream().map(Class::getName).toList())
        .contains(
            DefaultChatRequestParameters.class.getName(),
            "dev.langchain4j.model.openai.OpenAiChatRequestParameters",
            "dev.langchain4j.model.anthropic.AnthropicChatRequestParameters",
            "dev.langchain4j.model.googleai.GoogleAiGeminiChatRequestParameters",
            "dev.langchain4j.model.ollama.OllamaChatRequestParameters",
            "dev.langchain4j.model.bedrock.BedrockChatRequestParameters",
            "dev.langchain4j.model.watsonx.WatsonxChatRequestParameters");
  }

  @Test
  void aClassWhoseAccessorsCannotBeSeenIsNotMapped() {
    assertThatThrownBy(() -> Accessors.of(Hidden.class).requireAll(MappedAccessors.PARAMETERS))
        .isInstanceOf(UnmappableException.class)
        .hasMessageContaining("register");
    assertThatThrownBy(() -> Accessors.of(Hidden.class).requireSome())
        .isInstanceOf(UnmappableException.class)
        .hasMessageContaining("register");
  }

  /** As every class is in a native image that does not name it. */
  static final class Hidden {}
}
