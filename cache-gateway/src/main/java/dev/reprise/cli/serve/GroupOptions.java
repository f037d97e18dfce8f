package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import dev.reprise.gateway.GatewayBuilder;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which API keys share answers, and from when on: the options that say it. */
final class GroupOptions {
  @Option(
      names = "--group",
      paramLabel = "NAME=VARIABLE",
      description =
          "API keys that share answers: the group's name, and the environment variable that lists"
              + " the keys, separated by commas. Repeatable.")
  private Map<String, String> groups = Map.of();

  @Option(
      names = "--promotion-after",
      paramLabel = "N",
      defaultValue = "" + GatewayBuilder.DEFAULT_PROMOTION_AFTER,
      description =
          "How many keys of a group must have asked the same before an answer that one of them"
              + " stored serves the others by meaning, against poisoned answers; 1 for no rule."
              + " Default: ${DEFAULT-VALUE}.")
  private int promotionAfter = GatewayBuilder.DEFAULT_PROMOTION_AFTER;

  GroupOptions() {}

  /** Returns whether keys share answers. */
  boolean areSet() {
    return !groups.isEmpty();
  }

  /**
   * Sets the groups of {@code gateway}.
   *
   * @param environment has the variables that list the keys
   * @throws InputException if a value cannot be used
   */
  void tell(GatewayBuilder gateway, Map<String, String> environment) {
    try {
      gateway.promotionAfter(promotionAfter);
    } catch (IllegalArgumentException e) {
      throw new InputException("--promotion-after: " + e.getMessage(), e);
    }
    groups.forEach(
        (name, variable) -> {
          String keys = environment.getOrDefault(variable, "");
          if (keys.isBlank()) {
            throw new InputException(
                "--group " + variable + ": the environment variable " + variable + " is not set");
          }
          try {
            gateway.group(name, List.of(keys.strip().split("\\s*,\\s*")));
          } catch (IllegalArgumentException e) {
            throw new InputException("--group: " + e.getMessage(), e);
          }
        });
  }
}
