package dev.reprise.engine;

import dev.reprise.model.internal.Checks;

/** What a call costs. */
public sealed interface Cost {

  /** No price is known for the model, or the provider did not say how many tokens it took. */
  record Unknown() implements Cost {}

  /**
   * The price is known.
   *
   * @param usd in US dollars, 0 or more
   */
  record Dollars(double usd) implements Cost {
    public Dollars {
      Checks.inRange("cost in dollars", usd, 0, Double.MAX_VALUE);
    }
  }
}
