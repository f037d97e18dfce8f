package dev.reprise.quarkus.runtime;

import dev.reprise.engine.Remedies;
import dev.reprise.model.Reason;

/** The remedies in the words of the extension's configuration. */
final class QuarkusRemedies implements Remedies {
  @Override
  public String remedy(Reason.Code code) {
    return switch (code) {
      case NOT_DETERMINISTIC ->
          "remove the temperature from the model's configuration, set it to 0, or set"
              + " quarkus.reprise.maximum-temperature";
      case NO_SCOPE -> "let your ScopeResolver return a scope";
      case UNAVAILABLE -> "look at the server that quarkus.reprise.redis.url names";
      case CREATIVE, DYNAMIC, UNKNOWN_USE_CASE, TOOL_CALLS, TOO_LARGE ->
          "provide a CachePolicy bean: " + Remedies.library().remedy(code);
      default -> Remedies.library().remedy(code);
    };
  }
}
