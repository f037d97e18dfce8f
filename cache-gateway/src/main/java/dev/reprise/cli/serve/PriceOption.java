package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import dev.reprise.engine.PriceTable;
import java.util.Map;
import picocli.CommandLine.Option;

/** What models cost. */
final class PriceOption {
  @Option(
      names = "--price",
      paramLabel = "MODEL=INPUT/OUTPUT",
      description =
          "The price of a model, in US dollars per million tokens of prompt and of answer; * names"
              + " all other models. Repeatable. Default: dated list prices of well-known models; no"
              + " price for others.")
  private Map<String, String> prices = Map.of();

  PriceOption() {}

  /**
   * Returns the shipped prices with those of the option.
   *
   * @throws InputException if a price cannot be read
   */
  PriceTable table() {
    PriceTable table = PriceTable.shipped();
    for (Map.Entry<String, String> price : prices.entrySet()) {
      String said = "--price " + price.getKey() + "=" + price.getValue() + ": ";
      String[] both = price.getValue().split("/", -1);
      try {
        if (both.length != 2) {
          throw new IllegalArgumentException("expected INPUT/OUTPUT, as in 2.5/10");
        }
        double input = Double.parseDouble(both[0]);
        double output = Double.parseDouble(both[1]);
        table =
            price.getKey().equals("*")
                ? table.withOthers(input, output)
                : table.with(price.getKey(), input, output);
      } catch (IllegalArgumentException e) {
        throw new InputException(said + e.getMessage(), e);
      }
    }
    return table;
  }
}
