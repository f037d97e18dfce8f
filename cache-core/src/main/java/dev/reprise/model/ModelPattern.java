package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/*
 * Clients choose the names, as long as a body may be: a regular expression of several ".*" would try them in all combinations. Here
 * only the last * is ever tried again, so that the time is at most the product of both lengths.
 */
/**
 * A pattern of model names: {@code *} matches any characters, {@code ?} matches one. It is
 * case-sensitive. Immutable.
 */
public final class ModelPattern {
  private final String glob;

  private ModelPattern(String glob) {
    this.glob = glob;
  }

  /**
   * Returns the pattern.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public static ModelPattern of(String glob) {
    Objects.requireNonNull(glob, "glob");
    return new ModelPattern(Checks.notBlank("pattern of model names", glob));
  }

  /** Returns whether the whole name {@code model} fits the pattern. */
  public boolean matches(String model) {
    int at = 0;
    int read = 0;
    int star = -1;
    int readByStar = 0;
    while (read < model.length()) {
      char expected = at < glob.length() ? glob.charAt(at) : 0;
      if (expected == '*') {
        star = at++;
        readByStar = read;
      } else if (at < glob.length() && (expected == '?' || expected == model.charAt(read))) {
        at++;
        read++;
      } else if (star >= 0) {
        at = star + 1;
        read = ++readByStar;
      } else {
        return false;
      }
    }
    while (at < glob.length() && glob.charAt(at) == '*') {
      at++;
    }
    return at == glob.length();
  }

  /** Returns the pattern as it was written. */
  @Override
  public String toString() {
    return glob;
  }
}
