package dev.reprise.model.internal;

import java.time.Duration;
import java.util.Objects;

/**
 * Argument checks that name the option, the value and the allowed range. A null value is refused
 * with a {@link NullPointerException} whose message is the option's name.
 */
public final class Checks {
  private Checks() {}

  /**
   * Returns {@code value} if it is not blank.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public static String notBlank(String option, String value) {
    if (Objects.requireNonNull(value, option).isBlank()) {
      throw new IllegalArgumentException(option + " must not be blank");
    }
    return value;
  }

  /**
   * Returns {@code value} if {@code low <= value <= high}.
   *
   * @throws IllegalArgumentException otherwise, with the option's name, the value and the range
   */
  public static int inRange(String option, int value, int low, int high) {
    return (int) inRange(option, (long) value, low, high);
  }

  /**
   * Returns {@code value} if {@code low <= value <= high}.
   *
   * @throws IllegalArgumentException otherwise, with the option's name, the value and the range
   */
  public static long inRange(String option, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          option + " is " + value + ", but must be from " + low + " to " + high);
    }
    return value;
  }

  /**
   * Returns {@code value} if {@code low <= value <= high}.
   *
   * @throws IllegalArgumentException otherwise (NaN included), with the option's name, the value
   *     and the range
   */
  public static double inRange(String option, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          option + " is " + value + ", but must be from " + low + " to " + high);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is longer than zero.
   *
   * @throws IllegalArgumentException otherwise, with the option's name and the value
   */
  public static Duration positive(String option, Duration value) {
    if (Objects.requireNonNull(value, option).isZero() || value.isNegative()) {
      throw new IllegalArgumentException(
          option + " is " + value + ", but must be longer than zero");
    }
    return value;
  }

  /**
   * Returns {@code value} if {@code low <= value <= high}.
   *
   * @throws IllegalArgumentException otherwise, with the option's name, the value and the range
   */
  public static Duration inRange(String option, Duration value, Duration low, Duration high) {
    if (Objects.requireNonNull(value, option).compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw new IllegalArgumentException(
          option + " is " + value + ", but must be from " + low + " to " + high);
    }
    return value;
  }
}
