package dev.reprise.engine;

import dev.reprise.model.Reason;

/**
 * Advice in log messages, in the terms of the interface in use: methods for a library, options for
 * a program.
 */
@FunctionalInterface
public interface Remedies {
  /**
   * Returns what to do about requests that bypass the cache, or are not stored, for this reason.
   */
  String remedy(Reason.Code code);

  /** Returns the advice for code that builds the engine itself. */
  static Remedies library() {
    return code ->
        switch (code) {
          case UNMAPPABLE ->
              "register a mapper with parametersMappers(ParametersMappers.defaults().with(...))";
          case NOT_DETERMINISTIC ->
              "set temperature 0 or none, or build the policy with"
                  + " CachePolicy.builder().maximumTemperature(...), .anyTemperature() or"
                  + " .whenTemperatureIsUnset(...)";
          case CREATIVE, DYNAMIC ->
              "choose another use case, or other rules with"
                  + " CachePolicy.builder().questionRules(...)";
          case UNKNOWN_USE_CASE ->
              "add a rule with CachePolicy.builder().rule(UseCaseRule.semantic(useCase,"
                  + " timeToLive))";
          case NO_DOCUMENTS -> "name the identifier and version of each document";
          case NO_SCOPE -> "let the function given as scopeFor(...) return a scope";
          case CLOSED -> "close the engine after its last request";
          case OFF -> "set mode(Mode.LIVE) or mode(Mode.SHADOW) on the engine or its policy";
          case SHADOW -> "set mode(Mode.LIVE) to have the stored answers served";
          case CALLER, NO_STORE -> "look at the CacheControl of the requests";
          case EMPTY, TRUNCATED, FILTERED, REFUSED, INCOMPLETE ->
              "look at what the model answers; CachePolicy.builder().alsoStore(...) stores it";
          case TOOL_CALLS -> "CachePolicy.builder().alsoStore(Completion.TOOL_CALLS) stores them";
          case TOO_LARGE -> "raise CachePolicy.builder().maximumPayloadCharacters(...)";
          case INVALIDATED -> "invalidate tags less often than answers are made";
          case UNAVAILABLE -> "look at the server of the exact tier";
          case RULE -> "look at your own rule";
        };
  }
}
