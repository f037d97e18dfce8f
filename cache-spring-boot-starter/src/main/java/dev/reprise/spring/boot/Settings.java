package dev.reprise.spring.boot;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Applies values of properties. A value that is refused fails the start with the property's name.
 */
final class Settings {
  private static final String HIDDEN = "******";

  private Settings() {}

  /**
   * Passes {@code value} to {@code setter}, where it is set.
   *
   * @throws InvalidConfigurationPropertyValueException if the setter refuses it
   */
  static <T> void apply(String key, @Nullable T value, Consumer<T> setter) {
    if (value != null) {
      try {
        setter.accept(value);
      } catch (IllegalArgumentException e) {
        throw invalid(key, value, e.getMessage());
      }
    }
  }

  /** The same for a value that must not be shown: a password, or an address with one. */
  static void applySecret(String key, @Nullable String value, Consumer<String> setter) {
    if (value != null) {
      try {
        setter.accept(value);
      } catch (IllegalArgumentException e) {
        throw invalid(key, HIDDEN, e.getMessage());
      }
    }
  }

  static InvalidConfigurationPropertyValueException invalid(
      String key, @Nullable Object value, @Nullable String reason) {
    return new InvalidConfigurationPropertyValueException(
        key, value, reason == null ? "It is not valid." : reason);
  }
}
