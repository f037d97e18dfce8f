package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import dev.reprise.gateway.Gateway;
import dev.reprise.model.Scope;
import dev.reprise.model.UseCase;
import dev.reprise.policy.Mode;
import dev.reprise.policy.UseCasePolicy;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether hits are served: the options that say it. */
final class ModeOptions {
  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "live",
      description =
          "live serves hits. shadow serves none and sends every request to the upstream; it"
              + " counts what it would have served, and how often that would have been wrong. off"
              + " bypasses the cache. Default: ${DEFAULT-VALUE}.")
  private String mode = "live";

  @Option(
      names = "--mode-for-use-case",
      paramLabel = "NAME=MODE",
      description = "The mode of a use case. Repeatable.")
  private Map<String, String> byUseCase = Map.of();

  @Option(
      names = "--mode-for-scope",
      paramLabel = "NAME=MODE",
      description =
          "The mode of a group or a key, by its name on the dashboard (team, \"key 1a2b3c4d\"), and"
              + " of the scopes within it. It overrides the use case's. Repeatable.")
  private Map<String, String> byScope = Map.of();

  ModeOptions() {}

  /**
   * Sets what was said.
   *
   * @throws InputException if it is no mode; the message begins with the flag
   */
  void apply(UseCasePolicy.Builder policy) {
    policy.mode(mode("--mode", mode));
    byUseCase.forEach(
        (name, text) -> {
          String option = "--mode-for-use-case " + name;
          try {
            policy.mode(new UseCase(name), mode(option, text));
          } catch (IllegalArgumentException e) {
            throw new InputException(option + ": " + e.getMessage(), e);
          }
        });
    Map<String, Mode> modes = new LinkedHashMap<>();
    byScope.forEach((name, text) -> modes.put(name, mode("--mode-for-scope " + name, text)));
    policy.modes(scope -> within(modes, scope));
  }

  /** Returns the mode of the scope, or of the nearest one that it is within. */
  private static Optional<Mode> within(Map<String, Mode> modes, Scope scope) {
    if (modes.isEmpty()) {
      return Optional.empty();
    }
    String label = Gateway.scopeLabel(scope);
    while (!modes.containsKey(label)) {
      int end = label.lastIndexOf('/');
      if (end < 0) {
        return Optional.empty();
      }
      label = label.substring(0, end);
    }
    return Optional.ofNullable(modes.get(label));
  }

  private static Mode mode(String option, String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "live" -> Mode.LIVE;
      case "shadow" -> Mode.SHADOW;
      case "off" -> Mode.OFF;
      default ->
          throw new InputException(
              option + ": the mode is \"" + text + "\", but must be live, shadow or off");
    };
  }
}
