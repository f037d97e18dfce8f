package dev.reprise.quarkus.deployment;

import dev.reprise.quarkus.runtime.ModelBeans;
import io.quarkiverse.langchain4j.deployment.items.SelectedChatModelProviderBuildItem;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import java.util.List;
import java.util.Map;

/**
 * Leaves the temperature unset where the application sets none.
 *
 * <p>Quarkus LangChain4j sends a temperature of its own for these providers, 1.0 for most, and the
 * cache does not cache above 0. Where it is unset, {@code
 * quarkus.reprise.when-temperature-is-unset} decides. A provider that cannot leave it unset gets 0,
 * which is what "unset" means by default.
 */
@BuildSteps(onlyIf = IsEnabled.class)
class TemperatureDefaultsProcessor {
  private static final String UNSET = "${quarkus.langchain4j.temperature:}";
  private static final String ZERO = "${quarkus.langchain4j.temperature:0}";

  private static final Map<String, String> DEFAULTS =
      Map.of("openai", UNSET, "azure-openai", UNSET, "ollama", ZERO, "watsonx", ZERO);

  @BuildStep
  void defaults(
      List<SelectedChatModelProviderBuildItem> providers,
      BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults) {
    for (SelectedChatModelProviderBuildItem provider : providers) {
      String value = DEFAULTS.get(provider.getProvider());
      if (value != null) {
        String name = provider.getConfigName();
        defaults.produce(
            new RunTimeConfigurationDefaultBuildItem(
                "quarkus.langchain4j."
                    + provider.getProvider()
                    + (name.equals(ModelBeans.DEFAULT_NAME) ? "" : "." + name)
                    + ".chat-model.temperature",
                value));
      }
    }
  }
}
