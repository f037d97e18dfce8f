package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import dev.reprise.model.Completion;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UseCasePolicy;
import dev.reprise.policy.UseCaseRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What of the chat is cached, and for how long: the options that can be changed while it runs. */
public final class PolicyOptions {

  private static final String UNSET = "zero, as-is or bypass";

  @Option(
      names = "--when-temperature-is-unset",
      paramLabel = "RULE",
      defaultValue = "zero",
      description =
          "How a request without a temperature is handled. zero sets temperature 0, unless the"
              + " model takes none, and caches the answer. as-is sends it unchanged and caches the"
              + " answer. bypass does not cache it. Default: ${DEFAULT-VALUE}.")
  private String unset = "zero";

  @Option(
      names = "--when-temperature-is-unset-for-model",
      paramLabel = "MODELS=RULE",
      description =
          "The same for some models, by their names, with * for any characters. The first match"
              + " counts. Repeatable.")
  private Map<String, String> unsetByModel = Map.of();

  @Option(
      names = "--when-temperature-is-unset-for-use-case",
      paramLabel = "NAME=RULE",
      description = "The same for a use case. Repeatable.")
  private Map<String, String> unsetByUseCase = Map.of();

  @Option(
      names = "--model-without-temperature",
      paramLabel = "MODELS",
      split = ",",
      description =
          "The models that take no temperature, with * for any characters. Others are learned"
              + " when they reject one. Repeatable. Default: gpt-5*, o1*, o3*, o4*, *-search-preview*.")
  private List<String> withoutTemperature = List.of();

  @Option(
      names = "--any-temperature",
      description =
          "Cache requests of every temperature, and send those without one unchanged. Overrides"
              + " --max-temperature.")
  private boolean anyTemperature;

  @Option(
      names = "--max-temperature",
      paramLabel = "T",
      defaultValue = "" + UseCasePolicy.DEFAULT_MAXIMUM_TEMPERATURE,
      description =
          "The highest explicit temperature that is cached, from 0 to 2. Default:"
              + " ${DEFAULT-VALUE}.")
  private double maximumTemperature = UseCasePolicy.DEFAULT_MAXIMUM_TEMPERATURE;

  @Option(names = "--cache-tool-calls", description = "Also store answers that call tools.")
  private boolean cacheToolCalls;

  @Option(
      names = "--max-payload-characters",
      paramLabel = "N",
      defaultValue = "" + UseCasePolicy.DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS,
      description = "The longest answer that is stored, 1 or more. Default: ${DEFAULT-VALUE}.")
  private int maximumPayloadCharacters = UseCasePolicy.DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS;

  @Option(
      names = "--use-case",
      paramLabel = "NAME=RULE",
      description = {
        "How a use case is cached: " + UseCaseRule.FORMS + ".",
        "NAME is question, faq (24h to 72h), document-summary, query-reformulation, creative,"
            + " dynamic or one of your own. May be given several times."
      })
  private Map<String, String> useCases = Map.of();

  @Option(
      names = "--rule",
      paramLabel = "NAME=SETTING",
      description = {
        "Switches a built-in rule off (weather=off in every language, weather.en=off in one), or"
            + " adds one: question:REGEX keeps a question out of the cache, answer:REGEX an"
            + " answer.",
        "./reprise rules lists the rules. May be given several times."
      })
  private Map<String, String> rules = Map.of();

  @Option(
      names = "--question-rules",
      paramLabel = "FILE",
      description = "A file with more rules for questions (docs/RULES.md has the format).")
  private List<Path> questionRuleFiles = List.of();

  @Option(
      names = "--answer-rules",
      paramLabel = "FILE",
      description = "A file with more rules for answers (docs/RULES.md has the format).")
  private List<Path> answerRuleFiles = List.of();

  @Mixin private ModeOptions mode = new ModeOptions();

  PolicyOptions() {}

  /**
   * Returns the policy.
   *
   * @throws InputException if a value is out of its range; the message begins with its flag
   */
  CachePolicy policy() {
    UseCasePolicy.Builder policy = CachePolicy.builder();
    mode.apply(policy);
    checked("--max-temperature", () -> policy.maximumTemperature(maximumTemperature));
    if (anyTemperature) {
      policy.anyTemperature();
    }
    unsetTemperature(policy);
    if (cacheToolCalls) {
      policy.alsoStore(Completion.TOOL_CALLS);
    }
    checked(
        "--max-payload-characters",
        () -> policy.maximumPayloadCharacters(maximumPayloadCharacters));
    useCases.forEach(
        (name, rule) ->
            checked("--use-case " + name, () -> policy.rule(UseCaseRule.parse(name, rule))));
    checked("--rule", () -> RuleOptions.apply(policy, rules, questionRuleFiles, answerRuleFiles));
    return policy.build();
  }

  private void unsetTemperature(UseCasePolicy.Builder policy) {
    if (!anyTemperature || !unset.equals("zero")) {
      checked("--when-temperature-is-unset", () -> policy.whenTemperatureIsUnset(choice(unset)));
    }
    unsetByModel.forEach(
        (models, rule) ->
            checked(
                "--when-temperature-is-unset-for-model " + models,
                () -> policy.whenTemperatureIsUnset(models, choice(rule))));
    unsetByUseCase.forEach(
        (name, rule) ->
            checked(
                "--when-temperature-is-unset-for-use-case " + name,
                () -> policy.whenTemperatureIsUnset(new UseCase(name), choice(rule))));
    if (!withoutTemperature.isEmpty()) {
      checked(
          "--model-without-temperature", () -> policy.modelsWithoutTemperature(withoutTemperature));
    }
  }

  private static UnsetTemperature choice(String rule) {
    return switch (rule.strip()) {
      case "zero" -> UnsetTemperature.ZERO;
      case "as-is" -> UnsetTemperature.AS_IS;
      case "bypass" -> UnsetTemperature.BYPASS;
      default ->
          throw new IllegalArgumentException("the rule is \"" + rule + "\", but must be " + UNSET);
    };
  }

  private static void checked(String option, Runnable setter) {
    try {
      setter.run();
    } catch (IllegalArgumentException e) {
      throw new InputException(option + ": " + e.getMessage(), e);
    }
  }
}
