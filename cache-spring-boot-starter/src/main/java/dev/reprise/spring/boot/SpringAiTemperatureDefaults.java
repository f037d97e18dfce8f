package dev.reprise.spring.boot;

import dev.reprise.model.UnsetTemperature;
import dev.reprise.policy.Mode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.DefaultPropertiesPropertySource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/*
 * The auto-configurations of Spring AI 1 send a temperature of their own, 0.7 or 0.8, where the application sets none. The policy
 * caches 0 only, so that nothing would ever be cached. Spring AI 2 leaves the temperature unset.
 */
/** Asks Spring AI 1's models at temperature 0 where the application sets no temperature. */
final class SpringAiTemperatureDefaults implements EnvironmentPostProcessor, Ordered {
  private static final String POLICY = "reprise.policy.";

  private static final List<String> PROVIDERS =
      List.of(
          "anthropic",
          "azure.openai",
          "bedrock.converse",
          "deepseek",
          "google.genai",
          "mistralai",
          "openai",
          "vertex.ai.gemini",
          "zhipuai");

  private static final Bindable<Map<String, String>> TEXTS =
      Bindable.mapOf(String.class, String.class);

  private final @Nullable String bootVersion;

  SpringAiTemperatureDefaults() {
    this(SpringBootVersion.getVersion());
  }

  SpringAiTemperatureDefaults(@Nullable String bootVersion) {
    this.bootVersion = bootVersion;
  }

  /** After the configuration files have been read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    // Spring AI 1 is for Boot 3, and Spring AI 2 for Boot 4.
    if (bootVersion != null
        && bootVersion.startsWith("3.")
        && ClassUtils.isPresent(
            "org.springframework.ai.chat.model.ChatModel", application.getClassLoader())
        && isWanted(environment)) {
      Map<String, Object> defaults =
          PROVIDERS.stream()
              .map(SpringAiTemperatureDefaults::key)
              .filter(key -> !environment.containsProperty(key))
              .collect(Collectors.toMap(key -> key, key -> "0"));
      // Boot keeps this source last, also after a @PropertySource.
      DefaultPropertiesPropertySource.addOrMerge(defaults, environment.getPropertySources());
    }
  }

  private static String key(String provider) {
    return "spring.ai." + provider + ".chat.options.temperature";
  }

  /**
   * A property of Spring AI's holds for each model of a provider and each use case. So it stays
   * unset where the application tells them apart: the policy decides then.
   */
  private static boolean isWanted(ConfigurableEnvironment environment) {
    Binder binder = Binder.get(environment);
    try {
      return binder.bind("reprise.enabled", Boolean.class).orElse(true)
          && binder.bind("reprise.mode", Mode.class).orElse(Mode.LIVE) != Mode.OFF
          && binder
                  .bind(POLICY + "when-temperature-is-unset", UnsetTemperature.class)
                  .orElse(UnsetTemperature.ZERO)
              == UnsetTemperature.ZERO
          && !binder.bind(POLICY + "when-temperature-is-unset-for-model", TEXTS).isBound()
          && !binder.bind(POLICY + "when-temperature-is-unset-for-use-case", TEXTS).isBound()
          && !binder
              .bind(POLICY + "models-without-temperature", Bindable.listOf(String.class))
              .isBound();
    } catch (BindException e) {
      // The properties' own bean reports it.
      return false;
    }
  }
}
