package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SpringAiTemperatureDefaultsTest {
  private static final String OPENAI = "spring.ai.openai.chat.options.temperature";

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
    assertThat(environment.getProperty("spring.ai.mistralai.chat.options.temperature"))
        .isEqualTo("0");
  }

  @Test
  void aTemperatureOfTheApplicationIsKept() {
    assertThat(environment("3.5.16", Map.of(OPENAI, "0.3")).getProperty(OPENAI)).isEqualTo("0.3");
  }

  @Test
  void springAi2LeavesItUnsetItself() {
    assertThat(environment("4.0.9", Map.of()).getProperty(OPENAI)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reprise.enabled=false",
        "reprise.mode=off",
        "reprise.mode=wrong",
        "reprise.policy.when-temperature-is-unset=as-is",
        "reprise.policy.when-temperature-is-unset=bypass"
      })
  void itIsLeftAloneWhereTheApplicationSaysSo(String property) {
    String[] parts = property.split("=", 2);
    assertThat(environment("3.5.16", Map.of(parts[0], parts[1])).getProperty(OPENAI)).isNull();
  }

  @Test
  void bootFindsIt() {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(SpringAiTemperatureDefaultsTest.class)
            .web(WebApplicationType.NONE)
            .run("--spring.main.banner-mode=off")) {
      assertThat(context.getEnvironment().getProperty(OPENAI)).isEqualTo("0");
    }
  }
}
