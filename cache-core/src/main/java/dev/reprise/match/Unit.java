package dev.reprise.match;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A unit of measure.
 *
 * @param dimension what it measures
 * @param name one name for all of its ways of writing
 * @param factor how many of the dimension's base units it is, or 0 where that is not fixed
 */
record Unit(String dimension, String name, double factor) {
  /** Words that are units behind a number only: "I am" is none. */
  private static final int SHORT = 2;

  private static final Map<String, Unit> BY_WORD = new HashMap<>();

  static {
    add("length", "kilometre", 1000, "km kms kilometer kilometers kilometre kilometres");
    add("length", "metre", 1, "meter meters metre metres");
    add("length", "centimetre", 0.01, "cm cms centimeter centimeters centimetre centimetres");
    add("length", "millimetre", 0.001, "mm millimeter millimeters millimetre millimetres");
    add("length", "mile", 1609.344, "mile miles mi");
    add("length", "foot", 0.3048, "foot feet ft");
    add("length", "inch", 0.0254, "inch inches");
    add("length", "yard", 0.9144, "yard yards");
    add("mass", "kilogram", 1000, "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes");
    add("mass", "gram", 1, "g gram grams gramme grammes");
    add("mass", "milligram", 0.001, "mg milligram milligrams");
    add("mass", "pound", 453.59237, "lb lbs pound pounds");
    add("mass", "ounce", 28.349523125, "oz ounce ounces");
    add("mass", "ton", 1e6, "ton tons tonne tonnes");
    add("volume", "litre", 1, "l liter liters litre litres");
    add("volume", "millilitre", 0.001, "ml milliliter milliliters millilitre millilitres");
    add("volume", "gallon", 0, "gallon gallons");
    add("volume", "cup", 0, "cup cups");
    add("volume", "teaspoon", 0, "teaspoon teaspoons tsp");
    add("volume", "tablespoon", 0, "tablespoon tablespoons tbsp");
    add("temperature", "celsius", 0, "celsius centigrade");
    add("temperature", "fahrenheit", 0, "fahrenheit");
    add("temperature", "kelvin", 0, "kelvin kelvins");
    add("data", "kilobyte", 1000, "kb kilobyte kilobytes");
    add("data", "megabyte", 1e6, "mb megabyte megabytes");
    add("data", "gigabyte", 1e9, "gb gigabyte gigabytes");
    add("data", "terabyte", 1e12, "tb terabyte terabytes");
    add("data", "byte", 1, "byte bytes");
    add("data", "bit", 0.125, "bits");
    add("time", "millisecond", 0.001, "ms millisecond milliseconds");
    add("time", "second", 1, "seconds sec secs");
    add("time", "minute", 60, "minute minutes min mins");
    add("time", "hour", 3600, "h hour hours hr hrs");
    add("time", "day", 86400, "day days");
    add("time", "week", 604800, "week weeks");
    add("time", "month", 2629800, "month months");
    add("time", "year", 31557600, "year years yr yrs");
    add("clock", "am", 0, "am");
    add("clock", "pm", 0, "pm");
    add("share", "percent", 0, "percent percentage pct");
    add("money", "dollar", 0, "dollar dollars usd");
    add("money", "euro", 0, "euro euros eur");
    add("money", "sterling", 0, "gbp");
    add("money", "yen", 0, "yen jpy");
    add("money", "rupee", 0, "rupee rupees inr rs");
    add("money", "franc", 0, "franc francs chf");
    add("money", "yuan", 0, "yuan cny rmb");
    add("money", "peso", 0, "peso pesos");
    add("money", "bitcoin", 0, "bitcoin bitcoins btc");
    add("money", "ether", 0, "ethereum eth");
    add("power", "watt", 1, "watt watts");
    add("power", "kilowatt", 1000, "kw kilowatt kilowatts");
    add("power", "horsepower", 0, "hp horsepower");
    add("speed", "mile an hour", 0, "mph");
    add("speed", "kilometre an hour", 0, "kmh kph");
  }

  private static void add(String dimension, String name, double factor, String words) {
    for (String word : words.split(" ", -1)) {
      BY_WORD.put(word, new Unit(dimension, name, factor));
    }
  }

  /** Returns the unit that {@code lower} names by itself, or null. */
  static @Nullable Unit named(String lower) {
    return lower.length() > SHORT ? BY_WORD.get(lower) : null;
  }

  /** Returns the unit that {@code lower} names behind a number, or null. */
  static @Nullable Unit of(String lower) {
    return BY_WORD.get(lower);
  }
}
