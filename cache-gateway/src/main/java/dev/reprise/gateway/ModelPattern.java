package dev.reprise.gateway;

import dev.reprise.model.Checks;

/*
 * Clients choose the names, as long as a body may be: a regular expression of several ".*" would try them in all combinations. Here
 * only the last * is ever tried again, so that the time is at most the product of both lengths.
 */
/** Tells some models by their names: {@code *} stands for any characters, {@code ?} for one. */
final class ModelPattern {
  private final String glob;

  /**
   * @throws IllegalArgumentException if it is blank
   */
  ModelPattern(String glob) {
    this.glob = Checks.notBlank("pattern of model names", glob);
  }

  /** Returns whether {@code model} is one of these; upper and lower case differ. */
  boolean matches(String model) {
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
}
