package dev.reprise.gateway;

import dev.reprise.model.Checks;
import java.util.regex.Pattern;

/** Tells some models by their names: {@code *} stands for any characters, {@code ?} for one. */
final class ModelPattern {
  private final Pattern pattern;

  /**
   * @throws IllegalArgumentException if it is blank
   */
  ModelPattern(String glob) {
    Checks.notBlank("pattern of model names", glob);
    StringBuilder regex = new StringBuilder();
    glob.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
              }
            });
    this.pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Returns whether {@code model} is one of these; upper and lower case differ. */
  boolean matches(String model) {
    return pattern.matcher(model).matches();
  }
}
