package dev.reprise.spring.boot;

import dev.reprise.engine.Remedies;
import dev.reprise.model.Reason;

/** Says what to change, in the words of the properties. */
final class PropertyRemedies implements Remedies {
  @Override
  public String remedy(Reason.Code code) {
    return switch (code) {
      case UNMAPPABLE -> "the parameters of this model are not known; see docs/api-guide.md";
      case NOT_DETERMINISTIC ->
          "set the model's temperature to 0 or leave it unset, or set"
              + " reprise.policy.maximum-temperature, reprise.policy.any-temperature or"
              + " reprise.policy.when-temperature-is-unset";
      case CREATIVE, DYNAMIC ->
          "set reprise.models.use-case.BEAN, or switch the rule off with"
              + " reprise.policy.without-rules";
      case UNKNOWN_USE_CASE -> "set reprise.policy.use-cases.NAME";
      case NO_DOCUMENTS -> "name the identifier and version of each document";
      case NO_SCOPE ->
          "the request has no tenant: look at reprise.tenant.* or at the ScopeResolver bean";
      case CLOSED -> "the application is stopping";
      case CALLER, NO_STORE -> "look at the CacheControl of the requests";
      case EMPTY, TRUNCATED, FILTERED, REFUSED, INCOMPLETE -> "look at what the model answers";
      case TOOL_CALLS -> "reprise.policy.cache-tool-calls=true stores them";
      case TOO_LARGE -> "raise reprise.policy.maximum-payload-characters";
      case INVALIDATED -> "invalidate tags less often than answers are made";
      case UNAVAILABLE -> "look at the server of the exact tier";
      case OFF, SHADOW -> "set reprise.mode=live";
      case RULE -> "look at reprise.policy.use-cases and at your own rules";
    };
  }
}
