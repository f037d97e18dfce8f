package dev.reprise.cli.demo;

import dev.reprise.cli.io.InputException;
import picocli.CommandLine.Option;

/** What tokens cost: the options that say it. */
final class PriceOptions {
  @Option(
      names = "--price-input",
      paramLabel = "USD",
      defaultValue = "" + Prices.EXAMPLE_INPUT,
      description =
          "US dollars per million tokens of prompt. The default is an example, not a price list:"
              + " ${DEFAULT-VALUE}.")
  private double priceInput = Prices.EXAMPLE_INPUT;

  @Option(
      names = "--price-output",
      paramLabel = "USD",
      defaultValue = "" + Prices.EXAMPLE_OUTPUT,
      description =
          "US dollars per million tokens of answer. The default is an example, not a price list:"
              + " ${DEFAULT-VALUE}.")
  private double priceOutput = Prices.EXAMPLE_OUTPUT;

  PriceOptions() {}

  /**
   * Returns what was said.
   *
   * @throws InputException if a price is out of range
   */
  Prices prices() {
    try {
      return new Prices(priceInput, priceOutput);
    } catch (IllegalArgumentException e) {
      throw new InputException(String.valueOf(e.getMessage()), e);
    }
  }
}
