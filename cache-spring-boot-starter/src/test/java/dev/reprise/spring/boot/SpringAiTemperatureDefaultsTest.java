package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.PropertySourceFactory;

class SpringAiTemperatureDefaultsTest {
  private static final String OPENAI = "spring.ai.openai.chat.options.temperature";
  private static final String MISTRAL = "spring.ai.mistralai.chat.options.temperature";

  private static final String GOOGLE_OF_2 = "spring.ai.google.genai.chat.temperature";
  private static final String MISTRAL_OF_2 = "spring.ai.mistralai.chat.temperature";

  /** This class runs on both. */
  private static final boolean IS_BOOT_3 = SpringBootVersion.getVersion().startsWith("3.");

  private static final String SET = IS_BOOT_3 ? OPENAI : GOOGLE_OF_2;
  private static final String UNSET = IS_BOOT_3 ? MISTRAL : MISTRAL_OF_2;

  private static StandardEnvironment environment(String bootVersion, Map<String, Object> set) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("application", set));
    new SpringAiTemperatureDefaults(bootVersion)
        .postProcessEnvironment(environment, new SpringApplication());
    return environment;
  }

  @Test
  void anUnsetTemperatureIsZeroOnBoot3() {
    StandardEnvironment environment = environment("3.5.16", Map.of());
    assertThat(environment.getProperty(OPENAI)).isEqualTo("0");
    assertThat(environment.getProperty(MISTRAL)).isEqualTo("0");
  }

  @Test
  void aTemperatureOfTheApplicationIsKept() {
    assertThat(environment("3.5.16", Map.of(OPENAI, "0.3")).getProperty(OPENAI)).isEqualTo("0.3");
  }

  @Test
  void springAi2LeavesItUnsetItself() {
    StandardEnvironment environment = environment("4.0.9", Map.of());
    assertThat(environment.getProperty(OPENAI)).isNull();
    assertThat(environment.getProperty("spring.ai.openai.chat.temperature")).isNull();
  }

  @Test
  void whatSpringAi2FillsInIsZeroOnBoot4() {
    StandardEnvironment environment = environment("4.1.2", Map.of());
    assertThat(environment.getProperty(GOOGLE_OF_2)).isEqualTo("0");
    assertThat(environment.getProperty(MISTRAL_OF_2)).isEqualTo("0");
    assertThat(environment.getProperty(MISTRAL)).isNull();
  }

  /** Spring AI 2 reads its old properties, too. */
  @ParameterizedTest
  @ValueSource(strings = {MISTRAL, MISTRAL_OF_2})
  void aTemperatureOfTheApplicationIsKeptOnBoot4(String key) {
    StandardEnvironment environment = environment("4.1.2", Map.of(key, "0.3"));
    assertThat(environment.getProperty(key)).isEqualTo("0.3");
    assertThat(environment.getProperty(key.equals(MISTRAL) ? MISTRAL_OF_2 : MISTRAL)).isNull();
    assertThat(environment.getProperty(GOOGLE_OF_2)).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reprise.enabled=false",
        "reprise.mode=off",
        "reprise.mode=wrong",
        "reprise.policy.when-temperature-is-unset=as-is",
        "reprise.policy.when-temperature-is-unset=bypass",
        "reprise.policy.when-temperature-is-unset-for-model[gpt-4*]=as-is",
        "reprise.policy.when-temperature-is-unset-for-use-case.faq=bypass",
        "reprise.policy.models-without-temperature=gpt-5*",
        "reprise.policy.models-without-temperature[0]=gpt-5*"
      })
  void itIsLeftAloneWhereTheApplicationSaysSo(String property) {
    String[] parts = property.split("=", 2);
    assertThat(environment("3.5.16", Map.of(parts[0], parts[1])).getProperty(OPENAI)).isNull();
  }

  @Test
  void aProviderThatMayRefuseZeroIsLeftAlone() {
    assertThat(
            environment("3.5.16", Map.of())
                .getProperty("spring.ai.minimax.chat.options.temperature"))
        .isNull();
  }

  @Test
  void aDefaultPropertyOfTheApplicationIsKept() {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(SpringAiTemperatureDefaultsTest.class)
            .web(WebApplicationType.NONE)
            .properties(Map.of(SET, "0.4", "other", "kept"))
            .run("--spring.main.banner-mode=off")) {
      assertThat(context.getEnvironment().getProperty(SET)).isEqualTo("0.4");
      assertThat(context.getEnvironment().getProperty("other")).isEqualTo("kept");
      assertThat(context.getEnvironment().getProperty(UNSET)).isEqualTo("0");
    }
  }

  @Test
  void aPropertySourceOfAnAnnotationIsKept() {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Annotated.class)
            .web(WebApplicationType.NONE)
            .run("--spring.main.banner-mode=off")) {
      assertThat(context.getEnvironment().getProperty(SET)).isEqualTo("0.5");
      assertThat(context.getEnvironment().getProperty(UNSET)).isEqualTo("0");
    }
  }

  @Test
  void bootFindsIt() {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(SpringAiTemperatureDefaultsTest.class)
            .web(WebApplicationType.NONE)
            .run("--spring.main.banner-mode=off")) {
      assertThat(context.getEnvironment().getProperty(SET)).isEqualTo("0");
    }
  }

  /** Makes a property source without a file. */
  static final class InCode implements PropertySourceFactory {
    @Override
    public PropertySource<?> createPropertySource(@Nullable String name, EncodedResource resource) {
      return new MapPropertySource("in code", Map.of(SET, "0.5"));
    }
  }

  @org.springframework.context.annotation.PropertySource(
      value = "classpath:none",
      factory = InCode.class)
  static class Annotated {}
}
