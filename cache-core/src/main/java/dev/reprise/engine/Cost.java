package dev.reprise.engine;

import dev.reprise.model.internal.Checks;

/** The cost of a call. */
public sealed interface Cost {

  /** The model has no known price, or the provider did not report the tokens. */
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
