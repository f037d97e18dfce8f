package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import dev.reprise.gateway.GatewayBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The model APIs behind a gateway. */
final class UpstreamOptions {
  @Option(
      names = "--upstream",
      paramLabel = "URL",
      defaultValue = "https://api.openai.com/v1",
      description = "The base URL of the model API behind the cache. Default: ${DEFAULT-VALUE}.")
  private String upstream = "";

  @Option(
      names = "--api-key-env",
      paramLabel = "NAME",
      description =
          "The environment variable with the API key to send upstream where a client sends none."
              + " Every client of the gateway can then use this key. Default: none is sent.")
  private Optional<String> apiKeyVariable = Optional.empty();

  @Option(
      names = "--route",
      paramLabel = "MODELS=URL",
      description =
          "Another upstream for some models: their names, with * for any characters, and its base"
              + " URL. The first match counts. Repeatable.")
  private Map<String, String> routes = Map.of();

  @Option(
      names = "--route-key-env",
      paramLabel = "MODELS=VARIABLE",
      description =
          "The environment variable with the API key to send to the upstream of --route MODELS in"
              + " place of the client's. Every client of the gateway can then use this key.")
  private Map<String, String> routeKeys = Map.of();

  @Option(
      names = "--bypass-model",
      paramLabel = "MODELS",
      split = ",",
      description =
          "More models to bypass the cache, with * for any characters. Those known to search the"
              + " web bypass it already. Repeatable. Default: none.")
  private List<String> bypassedModels = List.of();

  @Option(
      names = "--upstream-timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "Seconds without a byte from the upstream before a 504. Default: ${DEFAULT-VALUE}.")
  private int upstreamTimeout = 600;

  UpstreamOptions() {}

  /** Returns the base URL of the model API. */
  URI url() {
    return OptionValues.url("--upstream ", upstream);
  }

  /**
   * Tells {@code gateway} whom to ask, with which key and for how long.
   *
   * @param environment holds the keys, in the variables that the options name
   * @throws InputException if a value cannot be used
   */
  void tell(GatewayBuilder gateway, Map<String, String> environment) {
    OptionValues.set(
        "--upstream-timeout", () -> gateway.upstreamPatience(Duration.ofSeconds(upstreamTimeout)));
    OptionValues.set("--bypass-model", () -> gateway.bypassModels(bypassedModels));
    apiKeyVariable.ifPresent(
        name -> gateway.upstreamKey(OptionValues.variable(environment, "--api-key-env", name)));
    route(gateway, environment);
  }

  private void route(GatewayBuilder gateway, Map<String, String> environment) {
    for (String models : routeKeys.keySet()) {
      if (!routes.containsKey(models)) {
        throw new InputException(
            "--route-key-env " + models + ": there is no --route " + models + "=URL");
      }
    }
    routes.forEach(
        (models, to) -> {
          String variable = routeKeys.getOrDefault(models, "");
          String key =
              variable.isEmpty()
                  ? ""
                  : OptionValues.variable(environment, "--route-key-env", variable);
          URI url = OptionValues.url("--route " + models + "=", to);
          OptionValues.set("--route", () -> gateway.route(models, url, key));
        });
  }
}
