package dev.reprise.engine;

import dev.reprise.model.CacheException;
import dev.reprise.model.TokenUsage;
import dev.reprise.model.internal.Checks;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prices by the name of the model. Immutable.
 *
 * <p>A name is looked up unchanged, then without its provider ("openai/gpt-4o"), then without the
 * date at its end ("gpt-4o-2024-08-06"). After that the price of all other models counts, if there
 * is one. Without a price the cost is {@link Cost.Unknown}.
 */
public final class PriceTable implements Pricing {
  private static final String RESOURCE = "prices.properties";
  private static final Pattern DATE_AT_END = Pattern.compile("-20\\d\\d-?\\d\\d-?\\d\\d$");
  private static final double HIGHEST = 1e6;

  private final Optional<LocalDate> date;
  private final Map<String, Pricing> byModel;
  private final @Nullable Pricing others;

  private PriceTable(
      Optional<LocalDate> date, Map<String, Pricing> byModel, @Nullable Pricing others) {
    this.date = date;
    this.byModel = byModel;
    this.others = others;
  }

  /** Returns a table without a price. */
  public static PriceTable empty() {
    return new PriceTable(Optional.empty(), Map.of(), null);
  }

  /**
   * Returns the table that comes with Reprise: list prices of well-known models, as they were on
   * {@link #date}. They change without notice; {@link #with} overrides them.
   */
  public static PriceTable shipped() {
    Properties rows = new Properties();
    try (InputStream in = PriceTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new CacheException("the class path has no " + RESOURCE);
      }
      rows.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CacheException("the prices that come with Reprise cannot be read", e);
    }
    LocalDate date = LocalDate.parse((String) rows.remove("date"));
    Map<String, Pricing> prices = new HashMap<>();
    for (String model : rows.stringPropertyNames()) {
      String[] price = rows.getProperty(model).split(" ", -1);
      prices.put(model, price(model, Double.parseDouble(price[0]), Double.parseDouble(price[1])));
    }
    return new PriceTable(Optional.of(date), prices, null);
  }

  /**
   * Returns this table with another price for one model.
   *
   * @param model its name, in any case
   * @param inputUsdPerMillion US dollars for a million tokens of prompt, from 0 to 1,000,000
   * @param outputUsdPerMillion US dollars for a million tokens of answer, from 0 to 1,000,000
   * @throws IllegalArgumentException if the name is blank or a price is out of range
   */
  public PriceTable with(String model, double inputUsdPerMillion, double outputUsdPerMillion) {
    Map<String, Pricing> prices = new HashMap<>(byModel);
    prices.put(
        name(Checks.notBlank("model of a price", model)),
        price(model, inputUsdPerMillion, outputUsdPerMillion));
    return new PriceTable(date, prices, others);
  }

  /**
   * Returns this table with a price for all models that it does not name.
   *
   * @param inputUsdPerMillion US dollars for a million tokens of prompt, from 0 to 1,000,000
   * @param outputUsdPerMillion US dollars for a million tokens of answer, from 0 to 1,000,000
   * @throws IllegalArgumentException if a price is out of range
   */
  public PriceTable withOthers(double inputUsdPerMillion, double outputUsdPerMillion) {
    return new PriceTable(
        date, byModel, price("other models", inputUsdPerMillion, outputUsdPerMillion));
  }

  /** Returns the day on which the prices were read; empty if the table is not the built-in one. */
  public Optional<LocalDate> date() {
    return date;
  }

  @Override
  public Cost price(String model, TokenUsage usage) {
    Pricing price = find(name(model));
    return price == null ? new Cost.Unknown() : price.price(model, usage);
  }

  private @Nullable Pricing find(String name) {
    String bare = name.substring(name.lastIndexOf('/') + 1);
    Pricing price = byModel.get(name);
    if (price == null) {
      price = byModel.get(bare);
    }
    if (price == null) {
      price = byModel.get(DATE_AT_END.matcher(bare).replaceFirst(""));
    }
    return price == null ? others : price;
  }

  private static String name(String model) {
    return model.toLowerCase(Locale.ROOT);
  }

  private static Pricing price(String model, double input, double output) {
    return Pricing.perMillionTokens(
        Checks.inRange("input price of " + model, input, 0, HIGHEST),
        Checks.inRange("output price of " + model, output, 0, HIGHEST));
  }
}
