package dev.reprise.spring.boot;

import dev.reprise.model.Completion;
import dev.reprise.model.UseCase;
import dev.reprise.policy.AnswerRule;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.QuestionRule;
import dev.reprise.policy.UseCasePolicy;
import dev.reprise.policy.UseCaseRule;

/** Builds the policy that {@code reprise.policy.*} describes. */
final class PolicyFactory {
  private static final String PREFIX = "reprise.policy.";

  private PolicyFactory() {}

  static CachePolicy policy(RepriseProperties.Policy settings) {
    UseCasePolicy.Builder policy = CachePolicy.builder();
    Settings.apply(
        PREFIX + "maximum-temperature", settings.maximumTemperature(), policy::maximumTemperature);
    if (settings.anyTemperature()) {
      if (settings.maximumTemperature() != null) {
        throw Settings.invalid(
            PREFIX + "any-temperature",
            true,
            PREFIX + "maximum-temperature is set, too; set one of the two.");
      }
      policy.anyTemperature();
    }
    setUnsetTemperature(policy, settings);
    if (settings.cacheToolCalls()) {
      policy.alsoStore(Completion.TOOL_CALLS);
    }
    Settings.apply(
        PREFIX + "maximum-payload-characters",
        settings.maximumPayloadCharacters(),
        policy::maximumPayloadCharacters);
    settings
        .useCases()
        .forEach(
            (name, rule) ->
                Settings.apply(
                    PREFIX + "use-cases." + name,
                    rule,
                    text -> policy.rule(UseCaseRule.parse(name, text))));
    for (String rule : settings.withoutRules()) {
      Settings.apply(PREFIX + "without-rules", rule, name -> switchOff(policy, name));
    }
    return policy.build();
  }

  private static void setUnsetTemperature(
      UseCasePolicy.Builder policy, RepriseProperties.Policy settings) {
    Settings.apply(
        PREFIX + "when-temperature-is-unset",
        settings.whenTemperatureIsUnset(),
        policy::whenTemperatureIsUnset);
    settings
        .whenTemperatureIsUnsetForModel()
        .forEach(
            (models, choice) ->
                Settings.apply(
                    PREFIX + "when-temperature-is-unset-for-model." + models,
                    choice,
                    value -> policy.whenTemperatureIsUnset(models, value)));
    settings
        .whenTemperatureIsUnsetForUseCase()
        .forEach(
            (useCase, choice) ->
                Settings.apply(
                    PREFIX + "when-temperature-is-unset-for-use-case." + useCase,
                    choice,
                    value -> policy.whenTemperatureIsUnset(new UseCase(useCase), value)));
    Settings.apply(
        PREFIX + "models-without-temperature",
        settings.modelsWithoutTemperature(),
        policy::modelsWithoutTemperature);
  }

  /** A name may be one of a question rule, of an answer rule, or of both. */
  private static void switchOff(UseCasePolicy.Builder policy, String name) {
    boolean ofAnswers =
        AnswerRule.defaults().stream()
            .anyMatch(rule -> rule.name().equals(name) || rule.kind().equals(name));
    boolean ofQuestions =
        QuestionRule.defaults().stream()
            .anyMatch(rule -> rule.name().equals(name) || rule.kind().equals(name));
    if (ofAnswers) {
      policy.withoutAnswerRules(name);
    }
    if (ofQuestions || !ofAnswers) {
      policy.withoutQuestionRules(name);
    }
  }
}
