package dev.reprise.engine;

import dev.reprise.model.TokenUsage;
import dev.reprise.model.internal.Checks;

/** Tells what a call costs. Safe for use by several threads. */
@FunctionalInterface
public interface Pricing {
  /** Returns the cost of a call of {@code model} that took {@code usage}. */
  Cost price(String model, TokenUsage usage);

  /** Returns the pricing that knows no price. */
  static Pricing unknown() {
    return (model, usage) -> new Cost.Unknown();
  }

  /**
   * Returns the pricing of one price for every model.
   *
   * @param inputUsdPerMillion US dollars for a million tokens of prompt, 0 or more
   * @param outputUsdPerMillion US dollars for a million tokens of answer, 0 or more
   * @throws IllegalArgumentException if a price is negative
   */
  static Pricing perMillionTokens(double inputUsdPerMillion, double outputUsdPerMillion) {
    double input = Checks.inRange("inputUsdPerMillion", inputUsdPerMillion, 0, 1e9);
    double output = Checks.inRange("outputUsdPerMillion", outputUsdPerMillion, 0, 1e9);
    return (model, usage) ->
        usage instanceof TokenUsage.Known known
            ? new Cost.Dollars(
                (known.inputTokens() * input + known.outputTokens() * output) / 1_000_000)
            : new Cost.Unknown();
  }
}
