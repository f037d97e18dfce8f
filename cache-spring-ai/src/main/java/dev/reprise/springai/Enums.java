package dev.reprise.springai;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Enum constants as they are in keys. */
final class Enums {
  private Enums() {}

  /** Returns the name that the provider writes, where the constant says it; else its own. */
  static String wireName(Enum<?> constant) {
    try {
      JsonProperty name =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(JsonProperty.class);
      return name == null || name.value().isEmpty() ? constant.name() : name.value();
    } catch (NoSuchFieldException | LinkageError e) {
      return constant.name();
    }
  }
}
