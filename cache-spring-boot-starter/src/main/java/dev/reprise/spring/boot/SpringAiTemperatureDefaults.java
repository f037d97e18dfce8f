package dev.reprise.spring.boot;

import dev.reprise.model.UnsetTemperature;
import dev.reprise.policy.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.util.ClassUtils;

/*
 * The auto-configurations of Spring AI 1 send a temperature of their own, 0.7 or 0.8, where the application sets none. The policy
 * caches 0 only, so that nothing would ever be cached. Spring AI 2 leaves the temperature unset, but for Google and Mistral: the
 * constructors of their options fill in 0.7. There the properties have other names, and the old ones still set the same field.
 */
/** Asks Spring AI's models at temperature 0 where the application sets no temperature. */
final class SpringAiTemperatureDefaults implements EnvironmentPostProcessor, Ordered {
  private static final String POLICY = "reprise.policy.";
  private static final String LAST = "defaultProperties";
  private static final String TEMPERATURE = "temperature";

  /** What Spring AI 1 calls it. */
  private static final String OPTION = "options." + TEMPERATURE;

  private static final List<String> PROVIDERS_OF_2 = List.of("google.genai", "mistralai");

  private static final List<String> PROVIDERS_OF_1 =
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
    if (bootVersion != null
        && ClassUtils.isPresent(
            "org.springframework.ai.chat.model.ChatModel", application.getClassLoader())
        && isWanted(environment)) {
      // Spring AI 1 is for Boot 3, and Spring AI 2 for Boot 4.
      boolean isFirst = bootVersion.startsWith("3.");
      Map<String, Object> defaults =
          (isFirst ? PROVIDERS_OF_1 : PROVIDERS_OF_2)
              .stream()
                  .map(provider -> "spring.ai." + provider + ".chat.")
                  .filter(chat -> !environment.containsProperty(chat + OPTION))
                  .filter(chat -> isFirst || !environment.containsProperty(chat + TEMPERATURE))
                  .collect(
                      Collectors.toMap(
                          chat -> chat + (isFirst ? OPTION : TEMPERATURE), chat -> "0"));
      addLast(defaults, environment.getPropertySources());
    }
  }

  /*
   * Boot keeps the source of this name last, also after a @PropertySource. It has a class for it, whose package differs between 3 and 4.
   */
  private static void addLast(Map<String, Object> defaults, MutablePropertySources sources) {
    PropertySource<?> before = sources.get(LAST);
    if (before == null) {
      sources.addLast(new MapPropertySource(LAST, defaults));
    } else if (before instanceof MapPropertySource set) {
      Map<String, Object> all = new LinkedHashMap<>(set.getSource());
      all.putAll(defaults);
      sources.replace(LAST, new MapPropertySource(LAST, all));
    }
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
