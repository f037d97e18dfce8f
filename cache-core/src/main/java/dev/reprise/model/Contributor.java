package dev.reprise.model;

import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * Who asks, among those who share a scope: an API key, a user, or an application. It is not part of
 * the key and divides no answers. An answer carries the tag of the contributor who asked for it:
 * {@link Tag#contributor}. See {@code CacheEngine.Builder.promotionAfter}.
 *
 * @param name 1 to 256 characters, not blank; compared exactly. It is stored beside the answer, so
 *     use a hash of a secret, never the secret itself
 */
public record Contributor(String name) {
  /** The longest name, in characters: {@value}. */
  public static final int MAXIMUM_LENGTH = 256;

  public Contributor {
    Objects.requireNonNull(name, "name");
    Checks.notBlank("contributor", name);
    Checks.inRange("length of contributor", name.length(), 1, MAXIMUM_LENGTH);
  }

  /** Returns the contributor of that name. */
  public static Contributor of(String name) {
    return new Contributor(name);
  }
}
