package dev.reprise.policy;

import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ModelPattern;
import dev.reprise.model.Reason;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which sampling temperatures are cached, and what is done where none is set.
 *
 * @param highest the highest explicit temperature that is cached
 * @param whenUnset what is done where none is set
 * @param byModel the same for some models; the first pattern that fits counts
 * @param byUseCase the same for some use cases; it goes before {@code byModel}
 * @param without the models that take no temperature
 */
record Temperatures(
    Highest highest,
    UnsetTemperature whenUnset,
    List<OfModel> byModel,
    Map<UseCase, UnsetTemperature> byUseCase,
    List<ModelPattern> without) {

  /** What is done for the models that fit a pattern. */
  record OfModel(ModelPattern models, UnsetTemperature whenUnset) {}

  /** The highest explicit temperature that is cached. */
  sealed interface Highest {
    record AtMost(double maximum) implements Highest {}

    record Any() implements Highest {}
  }

  Temperatures {
    byModel = List.copyOf(byModel);
    byUseCase = Map.copyOf(byUseCase);
    without = List.copyOf(without);
  }

  /** What becomes of a request because of its temperature. */
  sealed interface Decision {
    record Cached(UpstreamTemperature temperature) implements Decision {}

    record Bypassed(Reason reason) implements Decision {}
  }

  Decision decide(CacheRequest request) {
    Optional<Object> given = request.parameters().get(CacheRequest.TEMPERATURE);
    if (given.isPresent()) {
      return highest instanceof Highest.AtMost atMost
          ? explicit(request.temperature(), atMost.maximum())
          : new Decision.Cached(UpstreamTemperature.AS_REQUESTED);
    }
    return switch (whenUnset(request)) {
      case ZERO ->
          new Decision.Cached(
              anyMatches(without, request.model())
                  ? UpstreamTemperature.AS_REQUESTED
                  : UpstreamTemperature.ZERO);
      case AS_IS -> new Decision.Cached(UpstreamTemperature.AS_REQUESTED);
      case BYPASS -> bypass("temperature is not set, and the policy bypasses such requests");
    };
  }

  private static Decision explicit(OptionalDouble temperature, double maximum) {
    if (temperature.isEmpty()) {
      return bypass("temperature is not a number");
    }
    double value = temperature.getAsDouble();
    if (value >= 0 && value <= maximum) {
      return new Decision.Cached(UpstreamTemperature.AS_REQUESTED);
    }
    return bypass("temperature is " + value + "; the policy caches from 0.0 to " + maximum);
  }

  private static Decision bypass(String detail) {
    return new Decision.Bypassed(new Reason(Reason.Code.NOT_DETERMINISTIC, detail));
  }

  private UnsetTemperature whenUnset(CacheRequest request) {
    if (request.control().whenTemperatureIsUnset()
        instanceof CacheControl.WhenTemperatureIsUnset.Exactly asked) {
      return asked.choice();
    }
    UnsetTemperature ofUseCase = byUseCase.get(request.useCase());
    if (ofUseCase != null) {
      return ofUseCase;
    }
    for (OfModel some : byModel) {
      if (matches(some.models(), request.model())) {
        return some.whenUnset();
      }
    }
    return whenUnset;
  }

  private static boolean anyMatches(List<ModelPattern> patterns, String model) {
    for (ModelPattern pattern : patterns) {
      if (matches(pattern, model)) {
        return true;
      }
    }
    return false;
  }

  /** Proxies put the vendor before the name: "openai/gpt-5". */
  private static boolean matches(ModelPattern pattern, String model) {
    if (pattern.matches(model)) {
      return true;
    }
    int slash = model.lastIndexOf('/');
    return slash >= 0 && pattern.matches(model.substring(slash + 1));
  }
}
