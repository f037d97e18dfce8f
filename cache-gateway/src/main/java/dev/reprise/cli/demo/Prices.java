package dev.reprise.cli.demo;

import dev.reprise.model.internal.Checks;

/**
 * What tokens cost.
 *
 * @param input US dollars per million tokens of the prompt
 * @param output US dollars per million tokens of the answer
 */
record Prices(double input, double output) {
  /** An example, of the order that hosted models cost; nobody's price list. */
  static final double EXAMPLE_INPUT = 2.50;

  /** An example, of the order that hosted models cost; nobody's price list. */
  static final double EXAMPLE_OUTPUT = 10.00;

  /** When the examples were chosen: {@value}. */
  static final String EXAMPLE_DATE = "2026-11-23";

  private static final double MILLION = 1e6;

  Prices {
    Checks.inRange("--price-input", input, 0, 1e6);
    Checks.inRange("--price-output", output, 0, 1e6);
  }

  /** Returns what {@code served} cost when the upstream gave it, in US dollars. */
  double of(DemoReply.Served served) {
    return (served.inputTokens() * input + served.outputTokens() * output) / MILLION;
  }

  /** Returns whether these are the examples. */
  boolean areExamples() {
    return input == EXAMPLE_INPUT && output == EXAMPLE_OUTPUT;
  }
}
