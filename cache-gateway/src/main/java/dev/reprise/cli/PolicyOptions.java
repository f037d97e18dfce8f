package dev.reprise.cli;

import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UseCasePolicy;
import dev.reprise.policy.UseCaseRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What of the chat is cached, and for how long: the options that can be changed while it runs. */
final class PolicyOptions {
  /** The longest time to live: 365 days. */
  static final Duration LONGEST = Duration.ofDays(365);

  private static final String RULES =
      "never, exact or semantic, the latter two with a time to live behind a colon where it is not"
          + " the use case's own (exact:48h; s, m, h, d; from 1s to 365d)";
  private static final Pattern RULE =
      Pattern.compile("(never|exact|semantic)(?::([0-9]{1,9})([smhd]))?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");

  private static final String UNSET = "zero, as-is or bypass";

  @Option(
      names = "--when-temperature-is-unset",
      paramLabel = "RULE",
      defaultValue = "zero",
      description =
          "What is done where a request sets no temperature: zero asks the model at temperature 0,"
              + " or as it is where it takes none, and caches the answer; as-is asks it as it is"
              + " and caches the answer; bypass does not cache. Default: ${DEFAULT-VALUE}.")
  private String unset = "zero";

  @Option(
      names = "--when-temperature-is-unset-for-model",
      paramLabel = "MODELS=RULE",
      description =
          "The same for some models, by their names with * for any characters. The first that fits"
              + " counts. May be given several times.")
  private Map<String, String> unsetByModel = Map.of();

  @Option(
      names = "--when-temperature-is-unset-for-use-case",
      paramLabel = "NAME=RULE",
      description = "The same for a use case. May be given several times.")
  private Map<String, String> unsetByUseCase = Map.of();

  @Option(
      names = "--model-without-temperature",
      paramLabel = "MODELS",
      split = ",",
      description =
          "The models that take no temperature, with * for any characters; others are learned from"
              + " their refusals. May be given several times. Default: gpt-5*, o1*, o3*, o4*,"
              + " *-search-preview*.")
  private List<String> withoutTemperature = List.of();

  @Option(
      names = "--any-temperature",
      description =
          "Cache requests of every temperature, and ask as it is where none is set;"
              + " --max-temperature does not count then.")
  private boolean anyTemperature;

  @Option(
      names = "--max-temperature",
      paramLabel = "T",
      defaultValue = "" + UseCasePolicy.DEFAULT_MAXIMUM_TEMPERATURE,
      description =
          "The highest temperature that is cached where a request sets one, from 0 to 2. Default:"
              + " ${DEFAULT-VALUE}.")
  private double maximumTemperature = UseCasePolicy.DEFAULT_MAXIMUM_TEMPERATURE;

  @Option(
      names = "--cache-tool-calls",
      description = "Store answers that ask for tools to be called, too.")
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
        "How a use case is cached: " + RULES + ".",
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
        (name, rule) -> checked("--use-case " + name, () -> policy.rule(rule(name, rule))));
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

  private static UseCaseRule rule(String name, String text) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is no name of a use case; use lower-case words with hyphens");
    }
    Matcher rule = RULE.matcher(text.strip());
    if (!rule.matches() || (rule.group(1).equals("never") && rule.group(2) != null)) {
      throw new IllegalArgumentException("the rule is \"" + text + "\", but must be " + RULES);
    }
    UseCase useCase = new UseCase(name);
    if (rule.group(1).equals("never")) {
      return new UseCaseRule.Never(useCase, why(useCase));
    }
    UseCaseRule.Cached own = preset(useCase);
    Duration timeToLive =
        rule.group(2) == null ? own.timeToLive() : duration(rule.group(2), rule.group(3));
    if (useCase.equals(UseCase.FAQ)) {
      // Its range is the rule's own to hold.
      UseCaseRule.faq(timeToLive);
    }
    return new UseCaseRule.Cached(
        useCase,
        rule.group(1).equals("exact")
            ? UseCaseRule.Matching.EXACT
            : UseCaseRule.Matching.EXACT_THEN_SEMANTIC,
        own.binding(),
        timeToLive);
  }

  private static Reason.Code why(UseCase useCase) {
    if (useCase.equals(UseCase.CREATIVE)) {
      return Reason.Code.CREATIVE;
    }
    return useCase.equals(UseCase.DYNAMIC) ? Reason.Code.DYNAMIC : Reason.Code.RULE;
  }

  /** Returns the rule that a use case begins with; one of the user's own begins as a question. */
  private static UseCaseRule.Cached preset(UseCase useCase) {
    UseCaseRule preset = UseCaseRule.question();
    if (useCase.equals(UseCase.FAQ)) {
      preset = UseCaseRule.faq();
    } else if (useCase.equals(UseCase.DOCUMENT_SUMMARY)) {
      preset = UseCaseRule.documentSummary();
    } else if (useCase.equals(UseCase.QUERY_REFORMULATION)) {
      preset = UseCaseRule.queryReformulation();
    }
    return (UseCaseRule.Cached) preset;
  }

  private static Duration duration(String number, String unit) {
    long count = Long.parseLong(number);
    Duration duration =
        switch (unit) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the time to live is " + number + unit + ", but must be from 1s to 365d");
    }
    return duration;
  }
}
